"""Old addresses lead to the one page of each thing, and each thing's page to its trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Finding, Report
from audits.services import reports
from audits.services.report_bases import Asked
from core import consumers, sequencer
from core.models import JournalEntry
from policies.models import Exemption
from tests.audits.conftest import House, finish_tasks, house  # noqa: F401 - a fixture
from tests.audits.estate import lived_in
from tests.console.pages import browser

if TYPE_CHECKING:
    from django.db.models import Model


@pytest.fixture
def auditor(house: House) -> Client:  # noqa: F811
    return browser(house.member("an-auditor", prod="auditor"))


def row(model: type[Model], found: Any) -> str:
    """Where the back office had the row."""
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{found.pk}/change/"


def test_old_addresses_of_rows_lead_to_their_pages(house: House, auditor: Client) -> None:  # noqa: F811
    scan = lived_in(house)
    finding, exemption = Finding.objects.get(state="open"), Exemption.objects.get()
    report = reports.request(actor=house.admin, asked=Asked(workspaces=["audit-prod"]))
    entry = JournalEntry.objects.filter(workspace=house.prod.uuid).latest("pk")
    pages = [
        (finding, "console_finding", finding.uuid),
        (report, "console_report", report.uuid),
        (entry, "console_trail_entry", entry.uuid),
        (exemption, "console_policy_assignment", exemption.assignment.uuid),
        (exemption.assignment, "console_policy_assignment", exemption.assignment.uuid),
    ]

    for found, name, uuid in pages:
        old = row(type(found), found)
        assert auditor.get(old)["Location"] == reverse(f"admin:{name}", args=[uuid])
    admin = browser(house.admin)
    assert admin.get(row(type(scan), scan))["Location"].endswith(f"/scans/{scan.uuid}/")


def test_an_old_address_tells_no_stranger_that_there_is_something(
    house: House,  # noqa: F811
) -> None:
    scan = lived_in(house)
    stranger = browser(house.member("a-stranger"))

    things: list[Any] = [
        scan,
        Finding.objects.first(),
        Exemption.objects.get(),
        JournalEntry.objects.first(),
    ]
    for found in things:
        assert stranger.get(row(type(found), found)).status_code == 404
    assert stranger.get("/admin/audits/finding/99999/change/").status_code == 404


@pytest.mark.parametrize(
    ("old", "name"),
    [
        ("audits/finding", "console_findings"),
        ("audits/scan", "console_scans"),
        ("audits/report", "console_reports"),
        ("core/journalentry", "console_trail"),
        ("policies/assignment", "console_policy_assignments"),
        ("policies/exemption", "console_exemptions"),
    ],
)
def test_old_lists_lead_to_the_pages_that_took_their_place(
    auditor: Client, old: str, name: str
) -> None:
    assert auditor.get(f"/admin/{old}/")["Location"] == reverse(f"admin:{name}")


def test_the_menu_has_every_page_once(auditor: Client) -> None:
    groups = auditor.get(reverse("admin:index")).context["sidebar_navigation"]

    links = [item["link"] for group in groups for item in group["items"]]
    titles = [item["title"] for group in groups for item in group["items"]]
    assert len(links) == len(set(links))
    assert len(titles) == len(set(titles))


def test_a_things_page_leads_to_what_the_trail_tells_of_it(house: House, auditor: Client) -> None:  # noqa: F811
    lived_in(house)
    report = reports.request(actor=house.admin, asked=Asked(workspaces=["audit-prod"]))
    finish_tasks()
    while sequencer.sequence_pending() or consumers.drain_all():
        pass
    finding, exemption = Finding.objects.get(state="open"), Exemption.objects.get()
    assignment = exemption.assignment
    reader = browser(house.member("a-reader", prod="reader"))
    pages = {
        reverse("admin:console_finding", args=[finding.uuid]): f"?evidence={finding.uuid}",
        reverse("admin:console_report", args=[report.uuid]): f"?evidence={report.uuid}",
        reverse(
            "admin:console_policy_assignment", args=[assignment.uuid]
        ): f"?evidence={assignment.uuid}",
        reverse("admin:console_exemptions"): f"?evidence={exemption.uuid}",
        reverse("admin:policies_resource_change", args=[finding.resource_id]): (
            f"?evidence={finding.resource.uuid}"  # type: ignore[union-attr]
        ),
    }

    trail = reverse("admin:console_trail")
    for page, asked in pages.items():
        assert f"{trail}{asked}" in auditor.get(page).content.decode(), page
        told = auditor.get(f"{trail}{asked}").content.decode()
        assert "No entry that you may read fits" not in told, page
    for page in pages:
        assert f"{trail}?" not in reader.get(page).content.decode() or "report" in page
    policy = reverse("admin:policies_policy_change", args=[finding.policy_id])
    assert "Its trail" in browser(house.admin).get(policy).content.decode()
    assert "Its trail" not in auditor.get(policy).content.decode()
    assert Report.objects.count() == 1
