"""Enforcement is a fact: on, off, or in a share of the workspaces that only grows with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import AccessDenied, Conflict, InvalidInput
from core.facts import FactQuerySet, end
from core.models import JournalEntry
from policies.models import AssignmentEnforcement
from policies.models.enforcement import is_rolled_out
from policies.queries.assignments import rules_by_workspace
from policies.services import assignments, enforcement
from policies.services.enforcement import set_enforcement
from policies.services.terms import Terms
from registry.models import Promotion
from tests.factories import (
    administrator,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.policies.estate import OPEN, assign, make_policy, promote, reasons, submit


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(assignment=st.uuids(), workspaces=st.lists(st.uuids(), max_size=30))
def test_a_higher_percentage_only_adds_workspaces(assignment: UUID, workspaces: list[UUID]) -> None:
    covered: set[UUID] = set()
    for percent in range(1, 101):
        now = {
            each
            for each in workspaces
            if is_rolled_out(assignment=assignment, workspace=each, percent=percent)
        }
        assert covered <= now
        covered = now
    assert covered == set(workspaces)


def test_a_percentage_is_about_that_many_workspaces() -> None:
    assignment = uuid4()
    found = sum(
        is_rolled_out(assignment=assignment, workspace=uuid4(), percent=30) for _ in range(4_000)
    )

    assert 1_000 < found < 1_400


@pytest.mark.django_db
@pytest.mark.usefixtures("without_opa")
class TestEnforcement:
    """With a database."""

    def test_outside_the_roll_out_it_is_a_dry_run(self) -> None:
        places = [make_workspace(f"prod-{number}", stage="production") for number in range(12)]
        wide = assignments.assign(
            actor=administrator(),
            scope="stage/production",
            policy=make_policy().reference,
            terms=Terms(effect="deny", percent=50),
        )
        held = rules_by_workspace(places)
        enforced = [place for place in places if held[place.pk][0].is_enforced]
        dry = [place for place in places if not held[place.pk][0].is_enforced]
        assert enforced, wide.uuid
        assert dry, wide.uuid
        version = reference(make_model(make_workspace("dev")))
        for place in (enforced[0], dry[0]):
            submit(place, OPEN)

        assert promote(version, enforced[0]).status == Promotion.Status.REFUSED
        promotion = promote(version, dry[0])

        assert promotion.status == Promotion.Status.COMPLETED
        (reason,) = reasons(promotion)
        assert reason["code"] == "policy_not_enforced"
        assert reason["detail"]["is_enforced"] is False

    def test_what_was_enforced_then_stays_the_answer_about_then(self) -> None:
        place = make_workspace("prod")
        assignment = assign(make_policy(), place, is_enforced=False)
        before = timezone.now()
        set_enforcement(actor=administrator(), assignment=assignment.uuid, is_enforced=True)
        during = timezone.now()
        set_enforcement(actor=administrator(), assignment=assignment.uuid, is_enforced=False)

        def enforced(at: object) -> bool:
            (rule,) = rules_by_workspace([place], at=at)[place.pk]  # type: ignore[arg-type]
            return rule.is_enforced

        assert [enforced(at) for at in (before, during, None)] == [False, True, False]
        facts = assignment.enforcements.order_by("id")
        ends = [each.valid_to for each in facts]
        assert ends == [*(each.valid_from for each in facts[1:]), None]

    def test_setting_it_is_journalled_and_needs_the_right_to_assign(self) -> None:
        place = make_workspace("prod")
        assignment = assign(make_policy(), place)
        address = f"/api/policies/assignments/{assignment.uuid}/enforcement/"
        body = {"is_enforced": True, "percent": 10, "reason": "the first ten"}

        refused = token_client(member(place, "auditor")).post(address, body, format="json")
        done = token_client(member(place, "admin")).post(address, body, format="json")

        assert refused.status_code == 403
        assert (done.status_code, done.data["percent"]) == (200, 10)
        shown = token_client(member(place, "reader")).get(
            f"/api/policies/assignments/{assignment.uuid}/"
        )
        assert [each["percent"] for each in shown.data["enforcements"]] == [100, 10]
        entry = JournalEntry.objects.get(action="policies.assignment.enforcement_set")
        assert entry.workspace == place.uuid

    @pytest.mark.parametrize("percent", [0, 101, -1])
    def test_a_share_is_one_to_a_hundred(self, percent: int) -> None:
        assignment = assign(make_policy(), make_workspace("prod"))

        with pytest.raises(InvalidInput, match="percent"):
            set_enforcement(
                actor=administrator(),
                assignment=assignment.uuid,
                is_enforced=True,
                percent=percent,
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            AssignmentEnforcement.objects.create(
                assignment=assignment, is_enforced=True, percent=max(percent, 0) or 101
            )

    def test_nothing_is_set_twice_or_after_the_end(self) -> None:
        assignment = assign(make_policy(), make_workspace("prod"))
        with pytest.raises(Conflict, match="already"):
            set_enforcement(actor=administrator(), assignment=assignment.uuid, is_enforced=True)
        assignments.end(actor=administrator(), assignment=assignment.uuid)

        with pytest.raises(Conflict, match="ended"):
            set_enforcement(actor=administrator(), assignment=assignment.uuid, is_enforced=False)

    def test_a_workspace_does_not_switch_what_reaches_further(self) -> None:
        place = make_workspace("prod")
        wide = assignments.assign(
            actor=administrator(),
            scope="organisation",
            policy=make_policy().reference,
            terms=Terms(effect="deny"),
        )

        with pytest.raises(AccessDenied):
            set_enforcement(actor=member(place, "admin"), assignment=wide.uuid, is_enforced=False)

    def test_of_two_who_set_it_at_once_one_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assignment = assign(make_policy(), make_workspace("prod"))

        def somebody_else_first(facts: FactQuerySet[AssignmentEnforcement], *, at: datetime) -> int:
            end(facts, at=at)
            AssignmentEnforcement.objects.create(
                assignment=assignment, is_enforced=True, percent=20, valid_from=at
            )
            return end(facts, at=at)

        monkeypatch.setattr(enforcement, "end", somebody_else_first)

        with pytest.raises(Conflict, match="Somebody else"):
            set_enforcement(
                actor=administrator(), assignment=assignment.uuid, is_enforced=True, percent=10
            )
