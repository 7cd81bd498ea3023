"""The pages of streams and their forms, and the anchors on the page of the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audits.models import LogSink, Stream, StreamLetter
from core.models import JournalEntry
from tests.audits.streams.conftest import work_off
from tests.console.audits.test_trail import read
from tests.console.pages import Scene, browser
from tests.factories import administrator

if TYPE_CHECKING:
    from core.actors import Actor

pytestmark = pytest.mark.django_db
PAGE = "/admin/streams/"
GIVEN = {
    "name": "siem",
    "address": "https://siem.example/in",
    "format": "json",
    "batch": "50",
    "actions": "registry.promotion, core.access.*",
    "headers": "Authorization: Splunk very-secret",
    "with_names": "on",
}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "off"
    settings.STREAM_FOLDER = tmp_path / "streams"
    return tmp_path


def send(actor: Actor, page: str, /, *, status: int = 302, **form: str) -> str:
    answer = browser(actor).post(page, form)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_an_administrator_makes_a_stream_and_sees_its_key_once(scene: Scene) -> None:
    admin = administrator()
    assert "None yet" in read(admin, PAGE)
    shown = send(admin, f"{PAGE}new/", status=200, **GIVEN)
    assert 'value="whsec_' in shown
    found = Stream.objects.get()
    assert found.actions == ["registry.promotion", "core.access.*"]

    for text in (read(admin, PAGE), read(admin, f"{PAGE}{found.uuid}/")):
        assert "siem" in text
        assert "whsec_" not in text
        assert "very-secret" not in text
    assert "very-secret" not in read(admin, f"{PAGE}{found.uuid}/change/")


def test_what_is_wrong_is_shown_at_its_field(scene: Scene) -> None:
    text = send(administrator(), f"{PAGE}new/", status=200, **{**GIVEN, "address": "siem"})
    assert "must be https://" in text
    assert not Stream.objects.exists()


def test_a_stream_is_changed_paused_tested_told_again_and_deleted(
    scene: Scene, folder: Path
) -> None:
    admin = administrator()
    given = {**GIVEN, "address": "file://out.ndjson", "headers": "", "actions": ""}
    send(admin, f"{PAGE}new/", status=302, **given)
    here = f"{PAGE}{Stream.objects.get().uuid}/"
    send(admin, f"{here}change/", status=302, **{**given, "batch": "7", "reason": "slow"})
    send(admin, f"{here}test/")
    send(admin, f"{here}switch/", reason="moving")
    work_off()
    found = Stream.objects.get()
    assert (found.batch, found.state, found.test_result) == (7, "paused", "taken")
    assert "behind" in read(admin, here)

    send(admin, f"{here}switch/")
    send(admin, f"{here}replay/", seq="0", reason="lost there")
    work_off()
    assert "up to date" in read(admin, here)
    lines = (folder / "streams" / "out.ndjson").read_text().splitlines()
    assert len(lines) > JournalEntry.objects.filter(sequence__isnull=False).count() / 2

    send(admin, f"{here}delete/")
    assert browser(admin).get(here).status_code == 404


def test_what_was_refused_is_shown_and_sent_again(scene: Scene) -> None:
    admin = administrator()
    send(admin, f"{PAGE}new/", status=200, **GIVEN)
    found = Stream.objects.get()
    letter = StreamLetter.objects.create(
        stream=found, entry=JournalEntry.objects.latest("id"), error="the receiver answered 422"
    )
    text = read(admin, f"{PAGE}{found.uuid}/")
    assert "answered 422" in text
    assert "1 refused" in read(admin, PAGE)

    send(admin, f"{PAGE}{found.uuid}/retry/")
    letter.refresh_from_db()
    assert letter.is_due


def test_only_administrators_of_the_organisation_see_streams(scene: Scene) -> None:
    assert browser(scene.auditor).get(PAGE).status_code == 403
    assert "/admin/streams/" not in read(scene.auditor, "/admin/")
    assert "/admin/streams/" in read(administrator(), "/admin/")


def test_the_page_of_the_log_shows_an_anchor_that_fails(scene: Scene, settings: Any) -> None:
    settings.LOG_GIT = "local"
    name = f"git:{settings.LOG_GIT_FOLDER}"
    LogSink.objects.create(name=name, error="git push: no route", attempts=3)

    text = read(administrator(), "/admin/audits/log/")

    assert "git push: no route" in text
    assert "failing" in text
