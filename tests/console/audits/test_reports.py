"""The pages about reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from audits.models import Report
from audits.services.scans import start
from core.tasks import claim_and_run
from registry.queries.versions import reference_of
from tests.console.pages import Scene, browser
from tests.factories import administrator

if TYPE_CHECKING:
    from django.test import Client

LISTED = "admin:console_reports"


def work() -> None:
    while claim_and_run():
        pass


def ask(client: Client, query: str, **data: object) -> Report:
    before = Report.objects.count()
    answer = client.post(f"{reverse('admin:console_report_ask')}{query}", data)
    assert Report.objects.count() == before + 1, answer.content.decode()
    made = Report.objects.latest("id")
    assert answer.headers["Location"] == reverse("admin:console_report", args=[made.uuid])
    return made


def test_an_auditor_asks_for_a_report_and_reads_its_files(scene: Scene) -> None:
    client = browser(scene.auditor)
    slug = scene.target.slug
    page = client.get(f"{reverse('admin:console_report_ask')}?workspace={slug}").content.decode()
    assert f'value="{slug}"' in page
    made = ask(
        client, "", subject="workspaces", workspaces=[slug], framework="", formats=["html", "csv"]
    )
    waiting = client.get(reverse("admin:console_report", args=[made.uuid])).content.decode()
    assert "mu-progress" in waiting
    assert 'http-equiv="refresh"' in waiting

    work()

    done = client.get(reverse("admin:console_report", args=[made.uuid])).content.decode()
    assert 'http-equiv="refresh"' not in done
    for file in made.files.all():
        assert file.digest in done
        assert f"?format={file.format}" in done
    assert slug in client.get(reverse(LISTED)).content.decode()


def test_a_scan_and_a_version_lead_to_their_reports(scene: Scene) -> None:
    admin = administrator()
    scan = start(actor=admin, workspaces=[scene.source.slug])
    work()
    client = browser(admin)
    reference = str(reference_of(scene.version))

    of_scan = ask(client, f"?scan={scan.uuid}", subject="scan", formats=["json"])
    about = ask(client, f"?version={reference}", subject="version")
    work()

    assert of_scan.scan_id == scan.pk
    assert about.about_id == scene.version.pk
    page = client.get(reverse("admin:console_report", args=[about.uuid])).content.decode()
    assert scene.version_page in page
    assert "dossier" in page
    asks = f"{reverse('admin:console_report_ask')}?version={reference}"
    assert asks in client.get(scene.version_page).content.decode()


def test_what_cannot_be_is_said_at_its_field(scene: Scene) -> None:
    client = browser(scene.auditor)
    address = reverse("admin:console_report_ask")

    data = {"subject": "workspaces", "workspaces": [scene.target.slug]}
    answer = client.post(address, {**data, "as_of": "2020-01-01T00:00:00"})

    assert "no complete scan of these workspaces by then" in answer.content.decode()
    assert "the whole organisation" not in answer.content.decode()
    assert not Report.objects.exists()


def test_who_may_not_scan_a_workspace_has_no_report_of_it(scene: Scene) -> None:
    made = ask(browser(scene.auditor), "", subject="workspaces", workspaces=[scene.target.slug])
    outsider = browser(scene.outsider)

    assert outsider.get(reverse("admin:console_report", args=[made.uuid])).status_code == 404
    listed = outsider.get(reverse(LISTED)).content.decode()
    assert str(made.uuid) not in listed
    assert "Ask for a report" not in listed
    assert "Report …" not in browser(scene.author).get(scene.version_page).content.decode()
