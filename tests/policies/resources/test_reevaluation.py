"""Policies are asked again at once when something changed, and only then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core import consumers, sequencer
from core.models import JournalEntry, Task
from core.tasks import claim_and_run
from policies.consumer import ReevaluationConsumer
from policies.models import Decision
from registry.models import Workspace
from tests.factories import make_workspace
from tests.policies.estate import CLOSED, OPEN, assign, make_policy, submit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("without_opa"),
]


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


def settle() -> None:
    """Let the worker do all that it would."""
    while sequencer.sequence_pending() or consumers.drain_all() or claim_and_run():
        pass


def states() -> list[str]:
    return list(Decision.objects.order_by("id").values_list("state", flat=True))


def test_a_new_snapshot_has_the_rules_over_its_resource_asked(prod: Workspace) -> None:
    assign(make_policy(), prod, "audit")
    submit(prod, OPEN)
    submit(prod, CLOSED, external_id="acme-2")

    settle()

    assert sorted(states()) == ["fail", "pass"]
    done = Task.objects.filter(name="policies.reevaluate", payload__has_key="resource")
    assert {task.state for task in done} == {"succeeded"}


def test_the_same_configuration_again_is_not_evaluated_again(prod: Workspace) -> None:
    assign(make_policy(), prod, "audit")
    submit(prod, OPEN)
    settle()

    submit(prod, OPEN)
    settle()
    submit(prod, CLOSED)
    settle()

    assert states() == ["fail", "pass"]


def test_a_policy_that_reads_when_it_was_observed_is_asked_again(prod: Workspace) -> None:
    rule = """
verdict := {"state": "pass", "findings": []} if {
	is_string(input.resource.observed_at)
	input.resource.observed_at > "2020"
} else := {"state": "fail", "findings": [{"msg": "it is old", "path": "resource"}]}
"""
    assign(make_policy(rule), prod, "audit")
    submit(prod, OPEN)
    settle()

    submit(prod, OPEN)
    settle()

    assert states() == ["pass", "pass"]


def test_a_new_assignment_has_its_rules_asked_wherever_it_holds(prod: Workspace) -> None:
    submit(prod, OPEN)
    settle()

    assign(make_policy(), prod, "audit")
    settle()

    assert states() == ["fail"]


def test_nothing_is_asked_about_what_nobody_submitted(prod: Workspace) -> None:
    assign(make_policy(), prod, "audit")

    settle()

    assert states() == []


def test_what_is_told_late_is_left_to_scans(prod: Workspace) -> None:
    submit(prod, OPEN)
    sequencer.sequence_pending()
    entry = consumers._after(-1)[-1]
    late = entry.__class__(**{**vars(entry), "occurred_at": timezone.now() - timedelta(days=2)})

    ReevaluationConsumer().consume(late)

    assert not Task.objects.filter(name="policies.reevaluate").exists()
    assert JournalEntry.objects.filter(action="policies.snapshot.submitted").exists()
