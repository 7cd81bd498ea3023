"""Evaluating many questions at once: stored, told to the journal, used again, replayed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from core.errors import AccessDenied, Conflict, NotFound
from core.ids import new_uuid
from core.journal import decode
from core.models import JournalEntry
from policies.models import Decision, DecisionInput
from policies.queries.assignments import rules_by_workspace
from policies.queries.configurations import configurations_by_workspace
from policies.queries.questions import Question, configuration_questions
from policies.services.decided import Decided, digest_of_run
from policies.services.decisions import replay
from policies.services.evaluation import evaluate_many
from registry.models import Workspace
from tests.factories import administrator, make_actor, make_workspace, member
from tests.policies.estate import (
    CLOSED,
    CLOSED_RULE,
    OPEN,
    SUNSET_RULE,
    WORKSPACE_TYPE,
    assign,
    make_policy,
    mark_checked,
    source,
    store,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]

NOON = datetime.fromisoformat("2026-03-01T12:00:00+00:00")


def questions_in(*workspaces: Workspace) -> list[Question]:
    """Every question on the configurations of the workspaces, as a scan asks them."""
    rules = rules_by_workspace(workspaces)
    known = configurations_by_workspace(workspaces)
    return [
        question
        for workspace in workspaces
        for question in configuration_questions(workspace, rules[workspace.pk], known[workspace.pk])
    ]


def states(decisions: Sequence[Decided]) -> list[str]:
    return [decision.state for decision in decisions]


def test_answers_come_in_the_order_of_the_questions() -> None:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    for index, document in enumerate((OPEN, CLOSED, {}, OPEN)):
        submit(workspace, document, external_id=f"acme-{index}")

    questions = questions_in(workspace)
    decisions = evaluate_many(questions, actor=administrator())

    assert states(decisions) == ["fail", "pass", "unknown", "fail"]
    assert [each.subject for each in decisions] == [each.subject for each in questions]


def test_a_decision_holds_everything_that_it_rests_on() -> None:
    workspace = make_workspace()
    policy = make_policy(parameters=("why",))
    assignment = assign(policy, workspace, parameters={"why": [1.5, "ü"]})
    snapshot = submit(workspace, OPEN)

    (made,) = evaluate_many(questions_in(workspace), actor=administrator(), now=NOON)

    stored = Decision.objects.get(uuid=made.uuid)
    assert (stored.policy_version, stored.assignment) == (policy, assignment)
    assert (stored.snapshot, stored.parameters) == (snapshot, {"why": [1.5, "ü"]})
    assert (stored.engine, bool(stored.engine_version)) == ("regopy", True)
    body = bytes(stored.input.body).decode()
    assert '"now":"2026-03-01T12:00:00.000000+00:00"' in body
    assert '"parameters":{"why":[1.5,"ü"]}' in body


def test_one_input_is_stored_once_for_all_policies() -> None:
    workspace = make_workspace()
    for _ in range(3):
        assign(make_policy(), workspace)
    submit(workspace, OPEN)

    evaluate_many(questions_in(workspace), actor=administrator())

    assert (Decision.objects.count(), DecisionInput.objects.count()) == (3, 1)


def test_an_equal_question_gets_the_decision_that_there_is() -> None:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    submit(workspace, OPEN)
    first = evaluate_many(questions_in(workspace), actor=administrator())
    entries = JournalEntry.objects.count()

    again = evaluate_many(questions_in(workspace), actor=administrator())

    assert [each.uuid for each in again] == [each.uuid for each in first]
    assert JournalEntry.objects.count() == entries


def test_another_configuration_or_parameter_is_a_new_question_and_no_change_is_none() -> None:
    workspace = make_workspace()
    policy = make_policy(parameters=("why",))
    assign(policy, workspace)
    made: set[Any] = set()
    for document, known in ((OPEN, 1), (OPEN, 1), (CLOSED, 2)):
        submit(workspace, document)
        made |= {e.uuid for e in evaluate_many(questions_in(workspace), actor=administrator())}
        assert len(made) == known

    assign(policy, workspace, parameters={"why": 1})
    made |= {each.uuid for each in evaluate_many(questions_in(workspace), actor=administrator())}
    assert len(made) == 3


def test_a_policy_that_reads_the_time_is_asked_again_later() -> None:
    workspace = make_workspace()
    kinds = (f"configuration/{WORKSPACE_TYPE}",)
    policy = make_policy(SUNSET_RULE, kinds=kinds, parameters=("sunset",))
    sunset = (NOON + timedelta(hours=1)).isoformat(timespec="microseconds")
    assign(policy, workspace, parameters={"sunset": sunset})
    submit(workspace, OPEN)
    questions = questions_in(workspace)

    (before,) = evaluate_many(questions, actor=administrator(), now=NOON)
    (after,) = evaluate_many(questions, actor=administrator(), now=NOON + timedelta(hours=2))

    assert (before.state, after.state) == ("pass", "fail")


def test_an_error_is_never_used_again(settings: Settings) -> None:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    submit(workspace, OPEN)
    settings.OPA_URL = "http://127.0.0.1:9"
    (failed,) = evaluate_many(questions_in(workspace), actor=administrator())
    (still,) = evaluate_many(questions_in(workspace), actor=administrator())
    settings.OPA_URL = ""

    (answered,) = evaluate_many(questions_in(workspace), actor=administrator())

    assert (failed.state, still.state, answered.state) == ("error", "error", "fail")
    assert failed.uuid != still.uuid


def test_two_versions_of_one_policy_answer_side_by_side() -> None:
    workspace = make_workspace()
    first = make_policy()
    turned = CLOSED_RULE.replace("== true", "== 1").replace("== false", "== true")
    text = source(
        turned,
        package=first.policy.package,
        kinds=(f"configuration/{WORKSPACE_TYPE}",),
    )
    second = store(first.policy.name, text)
    mark_checked(second)
    assign(first, workspace)
    assign(second, workspace)
    submit(workspace, OPEN)

    decisions = evaluate_many(questions_in(workspace), actor=administrator())

    assert states(decisions) == ["fail", "pass"]
    assert [each.policy_version.number for each in decisions] == [1, 2]


def test_each_workspace_of_a_run_gets_one_journal_entry() -> None:
    policy = make_policy()
    workspaces = [make_workspace() for _ in range(2)]
    for workspace in workspaces:
        assign(policy, workspace)
        submit(workspace, OPEN, external_id="acme-1")
        submit(workspace, CLOSED, external_id="acme-2")

    decisions = evaluate_many(questions_in(*workspaces), actor=administrator())

    entries = JournalEntry.objects.filter(action="policies.decision.recorded").order_by("id")
    assert [entry.workspace for entry in entries] == [each.uuid for each in workspaces]
    for entry, run in zip(entries, (decisions[:2], decisions[2:]), strict=True):
        assert decode(entry)["data"] == {"count": 2, "states": {"fail": 1, "pass": 1}}
        assert entry.subject_digest == digest_of_run(run)


def test_evaluation_refuses_to_hold_a_transaction_open() -> None:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    submit(workspace, OPEN)
    questions = questions_in(workspace)

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        evaluate_many(questions, actor=administrator())

    assert not Decision.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_number_of_resources(
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    few, many = make_workspace(), make_workspace()
    policy = make_policy()
    for workspace, count in ((few, 2), (many, 20)):
        assign(policy, workspace)
        for index in range(count):
            submit(workspace, OPEN, external_id=f"acme-{index}")
    actor = administrator()

    with django_assert_num_queries(4):
        questions = questions_in(few)
    with django_assert_num_queries(4):
        more = questions_in(many)
    with django_assert_max_num_queries(14) as for_few:
        evaluate_many(questions, actor=actor)
    with django_assert_num_queries(len(for_few)):
        evaluate_many(more, actor=actor)


def test_a_replay_of_stored_bytes_gives_the_same() -> None:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    submit(workspace, OPEN)
    (made,) = evaluate_many(questions_in(workspace), actor=administrator(), now=NOON)

    replayed = replay(actor=member(workspace, "auditor"), decision=made.uuid)

    assert replayed.is_same
    assert replayed.findings == [{"msg": "it is open", "path": "properties.public"}]
    assert Decision.objects.count() == 1


def test_a_replay_tells_when_the_record_says_otherwise() -> None:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    submit(workspace, OPEN)
    (made,) = evaluate_many(questions_in(workspace), actor=administrator())
    forged = Decision.objects.get(uuid=made.uuid)
    forged.pk, forged.uuid, forged.state, forged.findings = None, new_uuid(), "pass", []
    forged.save(force_insert=True)

    replayed = replay(actor=administrator(), decision=forged.uuid)

    assert not replayed.is_same
    assert replayed.outcome.state == "fail"


def test_a_decision_without_an_engine_cannot_be_replayed() -> None:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    (made,) = evaluate_many(questions_in(workspace), actor=administrator())

    assert made.state == "unknown"
    with pytest.raises(Conflict, match="No engine"):
        replay(actor=administrator(), decision=made.uuid)


def test_replaying_needs_the_right_to_the_trail() -> None:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    submit(workspace, OPEN)
    (made,) = evaluate_many(questions_in(workspace), actor=administrator())

    with pytest.raises(AccessDenied):
        replay(actor=member(workspace, "reader"), decision=made.uuid)
    with pytest.raises(NotFound):
        replay(actor=make_actor(), decision=made.uuid)


def test_rules_and_configurations_are_told_as_of_a_time() -> None:
    workspace = make_workspace()
    early = timezone.now()
    assign(make_policy(), workspace)
    submit(workspace, OPEN)
    late = timezone.now()
    submit(workspace, CLOSED)

    assert rules_by_workspace([workspace], at=early)[workspace.pk] == ()
    assert configurations_by_workspace([workspace], at=early)[workspace.pk] == []
    assert len(rules_by_workspace([workspace], at=late)[workspace.pk]) == 1
    (then,) = configurations_by_workspace([workspace], at=late)[workspace.pk]
    (now,) = configurations_by_workspace([workspace])[workspace.pk]
    assert (then.snapshot.document, now.snapshot.document) == (OPEN, CLOSED)
