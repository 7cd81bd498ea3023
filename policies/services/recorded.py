"""Rows of evaluations and their decisions: written in bulk, and read again where they answer."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from core.bulk_rows import insert_rows, insert_values, make_row
from core.ids import new_uuid
from core.journal import publish
from policies.engines.base import State
from policies.events import DecisionsRecorded
from policies.models import Decision, DecisionInput, Evaluation
from policies.models.decision import MAX_SUBJECT
from policies.services.decided import Decided, as_stored, digest_of_run
from registry import access

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from core.actors import Actor
    from policies.models import PolicyVersion
    from policies.queries.assignments import Rule
    from policies.services.answers import Answer
    from policies.services.drafts import Draft

    # See `policies.queries.assignments.Rule.stored_key`.
    RuleKey = tuple[int, str, str]
    # A stored decision: its evaluation, state, findings as text, uuid as text, and id.
    Known = tuple[Evaluation, str, str, str, int]

BATCH = 500
COLUMNS = (
    "uuid",
    "evaluation",
    "assignment",
    "reference_id",
    "policy_version",
    "state",
    "findings",
    "error",
    "duration_us",
)


def known_decisions(drafts: Sequence[Draft]) -> dict[str, dict[RuleKey, Known]]:
    """Return what was decided before, by reuse key and by rule; errors are none of it."""
    found: dict[str, dict[RuleKey, Known]] = defaultdict(dict)
    keys = sorted(draft.reuse_key for draft in drafts)
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        rows = Evaluation.objects.filter(reuse_key__in=part).defer("parameters")
        evaluations = {row.pk: row for row in rows}
        if not evaluations:
            continue
        decisions = (
            Decision.objects.filter(evaluation__in=list(evaluations))
            .exclude(state=State.ERROR.value)
            .order_by("id")
            .values_list(
                "evaluation_id",
                "assignment_id",
                "reference_id",
                "policy_version__digest",
                "state",
                # As they are stored: nothing is parsed that nobody looks at.
                Cast("findings", TextField()),
                Cast("uuid", TextField()),
                "id",
            )
        )
        for number, assignment, reference, digest, *told in decisions:
            evaluation = evaluations[number]
            found[evaluation.reuse_key][assignment, reference, digest] = evaluation, *told
    return found


def recalled(known: Known, version: PolicyVersion) -> Decided:
    """Return what was decided before as the answer to a question about ``version``, of which the
    text is the same."""
    evaluation, state, findings, uuid, key = known
    return Decided(evaluation, version, state, findings, "", uuid.replace("-", ""), key)


@dataclass
class Batch:
    """Decisions that are to be stored together."""

    now: datetime = field(default_factory=timezone.now)
    inputs: dict[str, bytes] = field(default_factory=dict)
    evaluations: list[Evaluation] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    _told: list[tuple[Rule, int]] = field(default_factory=list)

    def add(
        self, draft: Draft, rules: Mapping[RuleKey, Rule], answers: Mapping[int, Answer]
    ) -> dict[RuleKey, Decided]:
        """Return unsaved decisions of the rules, under one evaluation as far as one engine gave
        them for one bundle; ``answers`` are by the id of the policy version."""
        self.inputs[draft.input_digest] = draft.input
        evaluations: dict[tuple[str, str, str], tuple[Evaluation, str, count[int]]] = {}
        made: dict[RuleKey, Decided] = {}
        for key, rule in rules.items():
            answer = answers[rule.policy_version.id]
            outcome = answer.outcome
            asked = answer.bundle_digest, outcome.engine, outcome.engine_version
            if asked not in evaluations:
                evaluations[asked] = self._evaluation(draft, *asked), new_uuid().hex[:28], count()
            evaluation, prefix, numbers = evaluations[asked]
            made[key] = Decided(
                evaluation,
                rule.policy_version,
                str(outcome.state),
                json.dumps(as_stored(outcome.findings)) if outcome.findings else "[]",
                outcome.error,
                f"{prefix}{next(numbers):04x}",  # the last digits count within the evaluation
            )
            self._told.append((rule, outcome.duration_us))
        self.decisions += made.values()
        return made

    def _evaluation(self, draft: Draft, bundle: str, engine: str, version: str) -> Evaluation:
        question = draft.first
        row = make_row(
            Evaluation,
            {
                "kind": question.kind.value,
                "subject": question.subject[:MAX_SUBJECT],
                "input_id": draft.input_digest,
                "bundle_digest": bundle,
                "parameters": question.rule.parameters,
                "engine": engine,
                "engine_version": version,
                "reuse_key": draft.reuse_key,
                "answer_key": draft.answer_key,
                "evaluated_at": self.now,
            },
            {
                "workspace": question.workspace,
                "snapshot": question.snapshot,
                "version": question.version,
                "attestation": draft.attestation,
            },
        )
        self.evaluations.append(row)
        return row

    def store(self, *, actor: Actor) -> None:
        """Write the rows and the journal entries, all or none; no transaction may be open."""
        if not self.decisions:
            return
        runs = _by_workspace(self.decisions)
        # Before the transaction: what is derived inside of one is derived anew each time.
        roles = {run[0].workspace.pk: access.roles(actor, run[0].workspace.pk) for run in runs}
        with transaction.atomic(durable=True):
            DecisionInput.objects.bulk_create(
                [DecisionInput(digest=digest, body=body) for digest, body in self.inputs.items()],
                ignore_conflicts=True,
                batch_size=BATCH,
            )
            insert_rows(self.evaluations)
            ids = insert_values(Decision, COLUMNS, self._rows())
            for decided, number in zip(self.decisions, ids, strict=True):
                decided.pk = number
            _publish(runs, actor=actor, roles=roles)

    def _rows(self) -> list[tuple[Any, ...]]:
        return [
            (
                each.hex,
                each.evaluation.id,
                rule.assignment.id,
                rule.reference_id,
                each.policy_version.id,
                each.state,
                each.findings_text,
                each.error,
                duration_us,
            )
            for each, (rule, duration_us) in zip(self.decisions, self._told, strict=True)
        ]


def _by_workspace(decisions: Sequence[Decided]) -> list[list[Decided]]:
    runs: dict[int, list[Decided]] = defaultdict(list)
    for decision in decisions:
        runs[decision.evaluation.workspace_id].append(decision)
    return list(runs.values())


def _publish(
    runs: Sequence[Sequence[Decided]], *, actor: Actor, roles: Mapping[int, Collection[str]]
) -> None:
    """One entry for each workspace of the run, so that its auditors can read it."""
    for run in runs:
        workspace = run[0].workspace
        publish(
            DecisionsRecorded(
                subject=workspace.slug,
                workspace=workspace.uuid,
                digest=digest_of_run(run),
                count=len(run),
                states=dict(sorted(Counter(each.state for each in run).items())),
            ),
            actor=actor,
            roles=roles[workspace.pk],
        )
