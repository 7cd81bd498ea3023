"""Warnings before exemptions and attestations expire, and exemptions that nobody needs any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.consumers import drain_all
from core.journal import decode
from core.models import JournalEntry
from core.sequencer import sequence_pending
from core.tasks import claim_and_run, enqueue
from policies.models import Assignment, Exemption
from policies.queries.needs import Need, needs_of
from policies.services import attestations, exemptions, expiry
from policies.services.attestations import About, Statement
from registry.models import Notification, Workspace
from tests.factories import (
    administrator,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.policies.estate import CLOSED, OPEN, assign, exempt, make_policy, promote, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


@pytest.fixture
def assignment(prod: Workspace) -> Assignment:
    return assign(make_policy(), prod)


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def warned() -> list[tuple[str, int]]:
    rows = JournalEntry.objects.filter(action__endswith=".expiring").order_by("id")
    return [(row.action.split(".")[1], decode(row)["data"]["days"]) for row in rows]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(30, []), (13, [("exemption", 14)]), (2, [("exemption", 3)])],
)
def test_a_warning_comes_at_its_threshold_and_once(
    assignment: Assignment, prod: Workspace, days: int, expected: list[tuple[str, int]]
) -> None:
    exempt(assignment, prod, asked_by=member(prod, "deployer"), expires_at=in_days(days))

    assert expiry.warn(actor=administrator()) == len(expected)
    assert expiry.warn(actor=administrator()) == 0
    assert warned() == expected


def test_every_threshold_is_told_in_turn(
    assignment: Assignment, prod: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    exempt(assignment, prod, asked_by=member(prod, "deployer"), expires_at=in_days(20))
    later = timezone.now()
    monkeypatch.setattr("policies.services.expiry.timezone.now", lambda: later)
    for days in (5, 7, 16, 18, 19, 30):
        later = datetime.now(tz=UTC) + timedelta(days=days)
        expiry.warn(actor=administrator())

    assert warned() == [("exemption", 14), ("exemption", 3)]


def test_only_what_counts_is_warned_of(assignment: Assignment, prod: Workspace) -> None:
    asker = member(prod, "deployer")
    exemptions.ask(
        actor=asker,
        scope=exemptions.Scope(assignment=assignment.uuid, workspace="prod"),
        category="waiver",
        reason="not granted",
        expires_at=in_days(2),
    )
    ended = exempt(assignment, prod, asked_by=asker, expires_at=in_days(2))
    exemptions.end(actor=administrator(), exemption=ended.uuid)

    assert expiry.warn(actor=administrator()) == 0


def test_the_owner_is_told(assignment: Assignment, prod: Workspace) -> None:
    owner = member(prod, "reader", username="the-owner")
    asked = exemptions.ask(
        actor=member(prod, "deployer"),
        scope=exemptions.Scope(assignment=assignment.uuid, workspace="prod"),
        category="mitigated",
        reason="Behind the proxy.",
        expires_at=in_days(10),
        owner="the-owner",
        ticket="T-7",
    )
    exemptions.grant(actor=administrator(), exemption=asked.uuid)
    manual = assign(make_policy(), prod, "manual")
    attestations.attest(
        actor=administrator(),
        about=About(assignment=manual.uuid, workspace="prod"),
        statement=Statement(state="compliant", expires_at=in_days(2), owner="the-owner"),
    )

    enqueue("policies.warn_of_expiry")
    while claim_and_run():
        pass
    sequence_pending()
    while drain_all():
        pass

    told = Notification.objects.filter(user=owner.user).order_by("id")
    assert [each.action for each in told if each.action.endswith("expiring")] == [
        "policies.exemption.expiring",
        "policies.attestation.expiring",
    ]


def test_an_exemption_is_needed_until_the_newest_answers_pass(
    assignment: Assignment, prod: Workspace
) -> None:
    made = exempt(assignment, prod, asked_by=member(prod, "deployer"), expires_at=in_days(9))
    version = reference(make_model(make_workspace("dev")))

    def need() -> Need:
        return needs_of([made])[made.pk]

    assert need() == Need.UNTESTED
    submit(prod, OPEN)
    promote(version, prod)
    assert need() == Need.NEEDED
    submit(prod, CLOSED)
    promote(version, prod)
    # What was answered while nothing had been submitted is no subject any more.
    assert need() == Need.NO_LONGER_NEEDED
    shown = token_client(member(prod, "reader")).get(f"/api/policies/exemptions/{made.uuid}/")
    assert shown.data["need"] == "no_longer_needed"


def test_exemptions_are_found_by_how_they_stand(assignment: Assignment, prod: Workspace) -> None:
    asker = member(prod, "deployer")
    far = exempt(assignment, prod, asked_by=asker, expires_at=in_days(90))
    near = exempt(assignment, prod, asked_by=asker, expires_at=in_days(5))
    over = exempt(assignment, prod, asked_by=asker, expires_at=in_days(90))
    exemptions.end(actor=administrator(), exemption=over.uuid)
    client = token_client(asker)

    def found(status: str) -> set[str]:
        rows: list[dict[str, Any]] = client.get(f"/api/policies/exemptions/?status={status}").data[
            "results"
        ]
        return {each["uuid"] for each in rows}

    assert found("granted") == {str(far.uuid), str(near.uuid)}
    assert found("expiring") == {str(near.uuid)}
    assert found("ended") == {str(over.uuid)}
    assert found("requested") == found("expired") == set()


def test_an_exemption_covers_only_the_rules_that_it_names(prod: Workspace) -> None:
    from policies.services import assignments, sets
    from policies.services.terms import Terms

    names = [make_policy().policy.name for _ in range(3)]
    version = sets.create_version(
        actor=administrator(),
        name="three",
        title="Three",
        members=[{"policy": name} for name in names],
    )
    assignment = assignments.assign(
        actor=administrator(),
        scope="workspace/prod",
        policy_set=version.reference,
        terms=Terms(effect="audit"),
    )
    submit(prod, OPEN)
    exempt(
        assignment,
        prod,
        asked_by=member(prod, "deployer"),
        expires_at=in_days(9),
        reference_ids=names[:2],
    )

    promotion = promote(reference(make_model(make_workspace("dev"))), prod)

    (verdict,) = [each for each in promotion.verdicts if each["gate"] == "policies"]
    codes = sorted(each["code"] for each in verdict["reasons"])
    assert codes == ["policy_audited", "policy_exempted", "policy_exempted"]
    assert Exemption.objects.get().reference_ids == sorted(names[:2])
