"""How a finding went: what scans found, what people decided, and what they said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from audits.models import Finding, FindingComment, FindingCommentText, FindingTransition
from audits.services import finding_comments, triage
from registry.models import Notification
from tests.audits.estate import journalled, scan
from tests.audits.findings.conftest import tell_consumers
from tests.policies.estate import CLOSED, OPEN, submit

if TYPE_CHECKING:
    from tests.audits.conftest import House

COMMENTS = "/api/audits/finding-comments/"


def story(house: House, finding: Finding) -> list[dict[str, Any]]:
    answer = house.client(house.admin).get(f"/api/audits/findings/{finding.uuid}/story/")
    assert answer.status_code == 200
    chapters: list[dict[str, Any]] = answer.json()["chapters"]
    return chapters


def test_a_story_has_every_change_with_its_scan(house: House, failing: list[Finding]) -> None:
    submit(house.dev, CLOSED, external_id="a")
    mended = scan(house, "audit-dev")
    submit(house.dev, OPEN, external_id="a")
    back = scan(house, "audit-dev")
    ticket = "https://tracker.example/1"
    triage.triage(actor=house.admin, findings=[failing[0].uuid], changes={"ticket": ticket})
    finding_comments.add(actor=house.admin, finding=failing[0].uuid, text="It is *back*.")

    told = story(house, failing[0])

    assert [each["kind"] for each in told] == [
        "opened",
        "resolved",
        "reopened",
        "ticket",
        "comment",
    ]
    assert [each["scan"] for each in told[1:3]] == [str(mended.uuid), str(back.uuid)]
    assert told[1]["resolution"] == "passed"
    assert [each["value"] for each in told[3:]] == [ticket, "It is *back*."]
    assert Finding.objects.get(pk=failing[0].pk).opened_at == back.as_of
    assert len(story(house, failing[1])) == 1


def test_seeing_it_again_is_no_news(house: House, failing: list[Finding]) -> None:
    scan(house, "audit-dev")

    assert FindingTransition.objects.count() == 2
    assert FindingTransition.objects.filter(was_state="").count() == 2


def test_how_it_went_is_written_for_good(failing: list[Finding]) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        FindingTransition.objects.update(severity="low")


def test_a_comment_tells_whom_it_names_and_the_owner(house: House, failing: list[Finding]) -> None:
    owner = house.member("mender", dev="reader")
    named = house.member("colleague", dev="reader")
    triage.triage(actor=house.admin, findings=[failing[0].uuid], changes={"owner": "mender"})
    tell_consumers()
    Notification.objects.all().delete()

    answer = house.client(house.admin).post(
        COMMENTS, {"finding": str(failing[0].uuid), "text": "@colleague look"}, format="json"
    )

    assert answer.status_code == 201, answer.json()
    tell_consumers()
    told = {(each.user, each.reason) for each in Notification.objects.all()}
    assert told == {(owner.user, "owner"), (named.user, "mention")}


def test_words_go_and_that_they_were_there_stays(house: House, failing: list[Finding]) -> None:
    author = house.member("a-writer", dev="reader")
    other = house.client(house.member("another", dev="auditor"))
    said = finding_comments.add(actor=author, finding=failing[0].uuid, text="Ring me: 7946 0018")
    address = f"{COMMENTS}{said.uuid}/"
    (entry,) = journalled("audits.finding.commented")
    assert "7946 0018" not in json.dumps(bytes(entry.body).decode())

    assert other.delete(address, {}, format="json").status_code == 403
    answer = house.client(author).delete(address, {}, format="json")

    assert answer.status_code == 200, answer.json()
    assert (answer.json()["text"], answer.json()["redacted_by"]) == (None, "a-writer")
    assert not FindingCommentText.objects.exists()
    assert FindingComment.objects.get().commitment == said.commitment
    assert story(house, failing[0])[-1]["value"] is None
    assert house.client(author).delete(address, {}, format="json").status_code == 409


def test_comments_are_read_and_written_by_members(house: House, failing: list[Finding]) -> None:
    stranger = house.client(house.member("stranger", prod="admin"))
    said = finding_comments.add(actor=house.admin, finding=failing[0].uuid, text="Hm.")
    body = {"finding": str(failing[0].uuid), "text": "Let me in"}

    assert stranger.get(COMMENTS).json()["results"] == []
    assert stranger.get(f"{COMMENTS}{said.uuid}/").status_code == 404
    assert stranger.post(COMMENTS, body, format="json").status_code == 404
    blank = body | {"text": "   "}
    assert house.client(house.admin).post(COMMENTS, blank, format="json").status_code == 400
