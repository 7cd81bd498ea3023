"""Findings as people find them, read them and decide on them in the console."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import DueRule, Finding, FindingComment, FindingTriage
from audits.services import finding_comments, finding_reminders, triage
from core.actors import system
from registry.models import Notification
from tests.audits.conftest import House, house  # noqa: F401 - a fixture
from tests.audits.estate import scan
from tests.audits.findings.conftest import tell_consumers
from tests.console.pages import browser
from tests.policies.estate import CLOSED, OPEN, assign, make_policy, submit

if TYPE_CHECKING:
    from django.test import Client

LIST = reverse("admin:console_findings")


@pytest.fixture
def failing(house: House) -> list[Finding]:  # noqa: F811
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, CLOSED, external_id="one")
    submit(house.dev, OPEN, external_id="two")
    scan(house, "audit-dev")
    submit(house.dev, OPEN, external_id="one")
    scan(house, "audit-dev")
    return list(Finding.objects.order_by("subject"))


@pytest.fixture
def auditor(house: House) -> Client:  # noqa: F811
    return browser(house.member("an-auditor", dev="auditor"))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def page_of(finding: Finding) -> str:
    return reverse("admin:console_finding", args=[finding.uuid])


def test_the_list_is_narrowed_down_by_what_was_decided(
    house: House,  # noqa: F811
    failing: list[Finding],
    auditor: Client,
) -> None:
    ticket = "https://tracker.example/T-1"
    changes = {"owner": "an-auditor", "ticket": ticket}
    triage.triage(actor=house.admin, findings=[failing[0].uuid], changes=changes)

    def shown(query: str) -> set[str]:
        page = text(auditor, f"{LIST}?{query}")
        return {str(each.uuid) for each in failing if page_of(each) in page}

    one, two = (str(each.uuid) for each in failing)
    assert shown("") == shown("severity=high") == shown("control=test/control-1") == {one, two}
    assert shown("who=mine") == shown("who=ticketed") == shown("q=T-1") == {one}
    assert shown("who=unowned") == {two}
    assert shown("who=overdue") == shown("state=resolved") == shown("control=other") == set()
    assert shown("state=all") == {one, two}
    assert "2 findings" in text(auditor, LIST)


def test_a_finding_tells_why_what_changed_and_how_it_went(
    house: House,  # noqa: F811
    failing: list[Finding],
    auditor: Client,
) -> None:
    finding_comments.add(actor=house.admin, finding=failing[0].uuid, text="See **this** <b>x</b>")
    triage.triage(actor=house.admin, findings=[failing[0].uuid], changes={"owner": "an-auditor"})

    page = text(auditor, page_of(failing[0]))

    assert "it is open" in page
    assert "What changed since it passed" in page
    assert "properties.public" in page
    assert "<strong>this</strong>" in page
    assert "<b>x</b>" not in page
    assert "gave it to <strong>an-auditor</strong>" in page
    assert "What changed since it passed" not in text(auditor, page_of(failing[1]))
    row = f"/admin/audits/finding/{failing[0].pk}/change/"
    assert auditor.get(row)["Location"] == page_of(failing[0])


def test_a_stranger_is_shown_nothing(house: House, failing: list[Finding]) -> None:  # noqa: F811
    stranger = browser(house.member("a-stranger", prod="admin"))

    assert "0 findings" in text(stranger, LIST)
    for address in (page_of(failing[0]), f"{page_of(failing[0])}triage/"):
        assert stranger.get(address).status_code == 404


def test_one_finding_is_decided_on_as_it_was_shown(failing: list[Finding], auditor: Client) -> None:
    address = f"{page_of(failing[0])}triage/"
    form: Any = auditor.get(address).context["form"]
    until = (timezone.now() + timedelta(days=3)).date()
    sent = {
        "owner": "an-auditor",
        "due_at": until.isoformat(),
        "ticket": "",
        "reason": "soon",
        "expected": form.initial["expected"],
    }

    assert auditor.post(address, sent)["Location"] == page_of(failing[0])
    late = auditor.post(address, sent | {"owner": ""})

    decided = FindingTriage.objects.get()
    assert (str(decided.owner), decided.due_at.date() if decided.due_at else None) == (
        "an-auditor",
        until,
    )
    assert "It changed since you looked" in late.content.decode()


def test_those_that_were_ticked_are_decided_on_together(
    failing: list[Finding], auditor: Client
) -> None:
    query = "&".join(f"finding={each.uuid}" for each in failing)
    address = f"{reverse('admin:console_findings_triage')}?{query}"
    assert "Decide on 2 findings" in text(auditor, address)

    auditor.post(address, {"owner": "an-auditor", "reason": ""})
    auditor.post(address, {"ticket": "https://tracker.example/1", "clear": ["owner"]})

    assert [(each.owner, each.ticket) for each in FindingTriage.objects.all()] == [
        (None, "https://tracker.example/1")
    ] * 2


def test_a_comment_is_said_and_taken_away(failing: list[Finding], auditor: Client) -> None:
    auditor.post(f"{page_of(failing[0])}comment/", {"text": "Hm."})
    said = FindingComment.objects.get()

    auditor.post(reverse("admin:console_finding_comment_redact", args=[said.uuid]), {})

    assert "took the words away" in text(auditor, page_of(failing[0]))


def test_a_reader_decides_nothing(house: House, failing: list[Finding]) -> None:  # noqa: F811
    reader = browser(house.member("a-reader", dev="reader"))

    assert "Decide" not in text(reader, page_of(failing[0]))
    assert "Decide on those ticked" not in text(reader, LIST)
    assert reader.get(f"{page_of(failing[0])}triage/").status_code == 403


def test_due_days_are_set(house: House, failing: list[Finding]) -> None:  # noqa: F811
    admin = browser(house.member("dev-admin", dev="admin"))
    sent = {"workspace": "audit-dev", "critical": 1, "high": 2, "medium": "", "low": ""}

    assert admin.post(reverse("admin:console_due_rule_set"), sent).status_code == 302

    rule = DueRule.objects.get()
    assert (rule.high, rule.low, str(rule.workspace)) == (2, None, "audit-dev")
    trend = text(admin, reverse("admin:console_findings_trend") + "?days=30&by=policy")
    assert "Open at the end of each day" in trend
    assert "<polyline" in trend


def test_a_reminder_of_several_findings_leads_to_their_list(
    house: House,  # noqa: F811
    failing: list[Finding],
) -> None:
    triager = browser(house.member("gives-work", dev="auditor"))
    soon = timezone.now() + timedelta(days=2)
    uuids = [each.uuid for each in failing]
    triage.triage(actor=house.admin, findings=uuids, changes={"due_at": soon})
    finding_reminders.remind(actor=system())
    tell_consumers()
    told = Notification.objects.get(action="audits.finding.due_soon", user__username="gives-work")

    follow = reverse("admin:console_notification_follow", args=[told.uuid])
    address = triager.post(follow)["Location"]

    assert address == f"{LIST}?workspace=audit-dev&who=soon"
    shown = text(triager, address)
    assert "2 findings" in shown
    assert "0 findings" in text(triager, f"{LIST}?who=overdue")
