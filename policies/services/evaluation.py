"""Evaluate policies and store what they said."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.canonical import canonical_bytes, canonical_digest, sha256
from core.journal import publish
from policies.documents import input_bytes, undated
from policies.engines.base import EngineUnavailable, State
from policies.engines.moments import reads_observed_at
from policies.events import DecisionsRecorded
from policies.models import Decision, DecisionInput
from policies.models.decision import MAX_SUBJECT
from policies.queries.modifications import modify_conflicts
from policies.services.answers import Answer, Call, ask, attested, unknown
from policies.services.engine import engine
from registry import access

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.actors import Actor
    from policies.engines.base import Finding, Outcome
    from policies.models import Exemption
    from policies.queries.assignments import Rule
    from policies.queries.exemptions import Exemptions
    from policies.queries.questions import Question

BATCH = 500
EXEMPT = "exempt"
CONFLICT = "conflict"
STANDING = frozenset({State.PASS.value, State.NOT_APPLICABLE.value})


@dataclass(frozen=True)
class Assessment:
    """A question, what the policy said, and the exemption that covers it, if any.

    ``conflicts_with`` are the rules that would modify the same thing in another way.
    """

    question: Question
    decision: Decision
    exemption: Exemption | None
    conflicts_with: tuple[Rule, ...] = ()

    @property
    def state(self) -> str:
        """Return pass, fail, unknown, not_applicable, error, exempt where an exemption is needed,
        or conflict where it fails and what would mend it contradicts another rule; the policy's
        own state is the decision's."""
        if self.exemption and not self.stands:
            return EXEMPT
        return CONFLICT if self.conflicts_with else self.decision.state

    @property
    def stands(self) -> bool:
        """Tell whether the policy itself has nothing against it."""
        return self.decision.state in STANDING


def assess(
    questions: Sequence[Question],
    *,
    exemptions: Exemptions,
    actor: Actor,
    now: datetime | None = None,
) -> list[Assessment]:
    """Evaluate, store, and hold each decision against the exemptions; in order."""
    decisions = evaluate_many(questions, actor=actor, now=now)
    conflicts = modify_conflicts(questions, [decision.state for decision in decisions])
    return [
        Assessment(
            question,
            decision,
            exemptions.covering(question),
            tuple(questions[other].rule for other in conflicts.get(place, ())),
        )
        for place, (question, decision) in enumerate(zip(questions, decisions, strict=True))
    ]


def evaluate_many(
    questions: Sequence[Question], *, actor: Actor, now: datetime | None = None
) -> list[Decision]:
    """Return a stored decision for each question, in order.

    ``now`` is what policies are told as the time, by default the moment of the call. A decision
    that answered the same question before is returned again: same rule, policy text, parameters,
    document and engine, and the same times where the policy reads them. What is manual is answered
    by the attestation that counts, and no engine is asked. An engine that cannot
    answer gives decisions in state error, which are never used again.

    For services that have checked what the actor may see. Raises RuntimeError inside a
    transaction: evaluation takes its time and must not hold locks.
    """
    moment = now or timezone.now()
    drafts = _drafts(questions, now=moment)
    known = _reusable({draft.reuse_key for draft in drafts})
    missing = {draft.reuse_key: draft for draft in drafts if draft.reuse_key not in known}
    made = _evaluated(list(missing.values()))
    if made:
        with transaction.atomic(durable=True):
            _store(made, inputs={draft.input_digest: draft.input for draft in missing.values()})
            _publish(made, actor=actor)
    known |= {decision.reuse_key: decision for decision in made}
    return [known[draft.reuse_key] for draft in drafts]


@dataclass(frozen=True)
class _Draft:
    """A question with the bytes that an engine would get; ``settled`` is the answer where none
    needs to be asked."""

    question: Question
    input: bytes
    input_digest: str
    reuse_key: str
    answer_key: str | None
    settled: Outcome | None


def _drafts(questions: Sequence[Question], *, now: datetime) -> list[_Draft]:
    """Documents are shared between questions: each is serialised once for its parameters."""
    inputs: dict[tuple[int, bytes], tuple[bytes, str]] = {}
    digests: dict[tuple[int, bool], str] = {}
    settled = [settled_answer(question) for question in questions]
    identity = engine_identity() if None in settled else ""
    drafts = []
    for question, answer in zip(questions, settled, strict=True):
        rule, document = question.rule, question.document
        parameters = canonical_bytes(rule.parameters)
        key = id(document), parameters
        if key not in inputs:
            text = input_bytes(document, now=now, parameters=rule.parameters)
            inputs[key] = text, sha256(text)
        dated = reads_observed_at(rule.policy_version.module)
        if (id(document), dated) not in digests:
            told = document if dated else undated(document)
            digests[id(document), dated] = canonical_digest(told)
        text, digest = inputs[key]
        judged = digest if rule.policy_version.reads_now else digests[id(document), dated]
        drafts.append(
            _Draft(
                question,
                text,
                digest,
                _reuse_key(question, judged, identity="" if answer else identity),
                None if answer else answer_key(rule, judged, parameters, identity=identity),
                answer,
            )
        )
    return drafts


def settled_answer(question: Question) -> Outcome | None:
    """Return the answer to a question that no engine needs to be asked, else None."""
    if question.is_manual:
        return attested(question.attestation)
    return unknown(question.unanswerable) if question.unanswerable else None


def _reuse_key(question: Question, judged: str, *, identity: str) -> str:
    rule = question.rule
    key = {
        "rule": list(rule.key),
        "policy": rule.policy_version.digest,
        "parameters": rule.parameters,
        "workspace": str(question.workspace.uuid),
        "subject": question.subject,
        "judged": judged,
        "unanswerable": question.unanswerable,
        "engine": identity,
    }
    if question.is_manual:
        key["attestation"] = str(question.attestation.uuid) if question.attestation else ""
    return canonical_digest(key)


def answer_key(rule: Rule, judged: str, parameters: bytes, *, identity: str) -> str:
    """Return what is equal where an engine must answer alike, whoever assigned the policy."""
    parts = (rule.policy_version.digest, judged, identity)
    return sha256("\n".join(parts).encode() + b"\n" + parameters)


def engine_identity() -> str:
    """Return name and version of the engine that answers, ``none`` where none can."""
    try:
        found = engine()
        version = found.version
    except EngineUnavailable:
        return "none"
    return f"{found.name} {version}"


def _reusable(keys: set[str]) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        rows = (
            Decision.objects.filter(reuse_key__in=ordered[start : start + BATCH])
            .exclude(state=State.ERROR.value)
            .select_related("policy_version__policy")
            .order_by("id")
        )
        found |= {row.reuse_key: row for row in rows}
    return found


def _evaluated(drafts: Sequence[_Draft]) -> list[Decision]:
    """Return unsaved decisions, one for each draft."""
    asked = [draft for draft in drafts if draft.settled is None]
    calls = [Call(draft.question.rule.policy_version, draft.input) for draft in asked]
    answers = dict(zip((draft.reuse_key for draft in asked), ask(calls), strict=True))
    return [
        _decision(draft, Answer(draft.settled, "") if draft.settled else answers[draft.reuse_key])
        for draft in drafts
    ]


def _decision(draft: _Draft, answer: Answer) -> Decision:
    question, outcome = draft.question, answer.outcome
    return Decision(
        kind=question.kind,
        workspace=question.workspace,
        assignment=question.rule.assignment,
        reference_id=question.rule.reference_id,
        policy_version=question.rule.policy_version,
        subject=question.subject[:MAX_SUBJECT],
        snapshot=question.snapshot,
        version=question.version,
        input_id=draft.input_digest,
        bundle_digest=answer.bundle_digest,
        parameters=question.rule.parameters,
        state=outcome.state.value,
        findings=as_stored(outcome.findings),
        error=outcome.error,
        attestation=question.attestation,
        engine=outcome.engine,
        engine_version=outcome.engine_version,
        duration_us=outcome.duration_us,
        reuse_key=draft.reuse_key,
        answer_key=draft.answer_key,
        evaluated_at=timezone.now(),
    )


def as_stored(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Return findings as rows keep them."""
    return [{"msg": each.msg, "path": each.path} for each in findings]


def _store(decisions: Sequence[Decision], *, inputs: Mapping[str, bytes]) -> None:
    DecisionInput.objects.bulk_create(
        [DecisionInput(digest=digest, body=body) for digest, body in inputs.items()],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    Decision.objects.bulk_create(decisions, batch_size=BATCH)


def _publish(decisions: Sequence[Decision], *, actor: Actor) -> None:
    """One entry for each workspace of the run, so that its auditors can read it."""
    runs: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        runs[decision.workspace_id].append(decision)
    for workspace_id, run in runs.items():
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
            roles=access.roles(actor, workspace_id),
        )


def digest_of_run(decisions: Sequence[Decision]) -> str:
    """Return the digest over each decision's id, policy digest, input digest and state."""
    lines: list[list[Any]] = [
        [str(each.uuid), each.policy_version.digest, each.input_id, each.state]
        for each in decisions
    ]
    return canonical_digest(sorted(lines))
