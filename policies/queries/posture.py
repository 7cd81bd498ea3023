"""The posture of a workspace: what the rules in force said last, now or as of a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from core.errors import InvalidInput
from policies.engines.base import State
from policies.models import Decision, DocumentKind, Effect
from policies.queries.assignments import rules_by_workspace
from policies.queries.attestations import attestation_of
from policies.queries.configurations import configurations_by_workspace
from policies.queries.exemptions import exemptions_in_force
from policies.queries.modifications import modify_conflicts
from policies.queries.questions import Question, judged_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from policies.models import Attestation, Exemption
    from policies.queries.assignments import Rule
    from registry.models import Workspace

EXEMPT = "exempt"
CONFLICT = "conflict"
NOT_STARTED = "not_started"
# As the peers roll states up: the worst first.
WORST_FIRST = (
    State.FAIL.value,
    State.ERROR.value,
    CONFLICT,
    State.UNKNOWN.value,
    NOT_STARTED,
    EXEMPT,
    State.PASS.value,
    State.NOT_APPLICABLE.value,
)
STANDING = frozenset({State.PASS.value, State.NOT_APPLICABLE.value})
GATES_FIRST = ("refuse", "require_approval", "pass")
GATES = {Effect.DENY: "refuse", Effect.REQUIRE_APPROVAL: "require_approval"}


@dataclass(frozen=True)
class Line:
    """A rule and a subject with the newest stored answer of that time; ``decision`` is None where
    the rule had not been asked. ``underlying`` is the policy's own state."""

    rule: Rule
    subject: str
    underlying: str
    decision: Decision | None = None
    exemption: Exemption | None = None
    attestation: Attestation | None = None
    is_conflict: bool = False

    @property
    def state(self) -> str:
        """Return the state that counts: exempt, conflict, or the policy's own."""
        if self.exemption is not None and self.underlying not in STANDING:
            return EXEMPT
        return CONFLICT if self.is_conflict else self.underlying

    @property
    def gate(self) -> str:
        """Return what a gate would make of it: refuse, require_approval or pass."""
        held = self.state in STANDING or self.state == EXEMPT or not self.rule.is_enforced
        return "pass" if held else GATES.get(self.rule.effect, "pass")


@dataclass(frozen=True)
class Posture:
    """Every line of a workspace as of ``at``, the worst first."""

    workspace: Workspace
    at: datetime
    lines: tuple[Line, ...]

    @property
    def states(self) -> dict[str, int]:
        """Return how many lines are in each state."""
        found = Counter(line.state for line in self.lines)
        return {state: found.get(state, 0) for state in WORST_FIRST}

    @property
    def gate(self) -> str:
        """Return what the gates would make of the configurations: the most restrictive wins.
        What rules about promotions say depends on the promotion."""
        told = {line.gate for line in self.lines if _is_of_configuration(line)}
        return next((each for each in GATES_FIRST if each in told), "pass")


def _is_of_configuration(line: Line) -> bool:
    return line.decision is None or line.decision.kind == DocumentKind.CONFIGURATION


def posture_of(workspace: Workspace, *, at: datetime | None = None) -> Posture:
    """Return the posture from rules, exemptions, attestations and stored decisions, all as of
    ``at``; nothing is evaluated, so that the answer about a time that is over never changes.

    A decision counts while its resource, or one like it, was there. Manual rules answer by the
    attestation that counted at that time. A constant number of queries. Raises InvalidInput for a
    time to come.
    """
    now = timezone.now()
    if at is not None and at > now:
        raise InvalidInput.of("at", "must not be in the future")
    moment = at or now
    rules = rules_by_workspace([workspace], at=moment)[workspace.pk]
    by_key = {(rule.assignment.pk, rule.reference_id): rule for rule in rules}
    decisions = _newest(workspace, by_key, at=moment)
    present = _present(workspace, at=moment)
    known = [
        decision
        for decision in decisions
        if decision.snapshot is None or decision.snapshot.resource_id in present
    ]
    lines = _lines(workspace, known, by_key, at=moment)
    asked = {(each.rule.assignment.pk, each.rule.reference_id) for each in lines}
    lines += [
        _unasked(workspace, rule)
        for key, rule in by_key.items()
        if key not in asked and (judged_types(rule) is not None or rule.effect == Effect.MANUAL)
    ]
    ranked = sorted(lines, key=lambda each: (WORST_FIRST.index(each.state), each.subject))
    return Posture(workspace, moment, tuple(ranked))


def _unasked(workspace: Workspace, rule: Rule) -> Line:
    """A rule that has no decision: a manual one answers all the same."""
    question = Question(
        rule=rule,
        workspace=workspace,
        kind=DocumentKind.CONFIGURATION,
        subject=workspace.slug,
        document={},
    )
    said = question.attestation
    state = _attested(said) if question.is_manual else NOT_STARTED
    return Line(rule, workspace.slug, state, attestation=said)


def _newest(
    workspace: Workspace, keys: Iterable[tuple[int, str]], *, at: datetime
) -> list[Decision]:
    """Return the last decision of each rule on each subject."""
    assignments = {assignment for assignment, _ in keys}
    newest = (
        Decision.objects.filter(
            evaluation__workspace=workspace,
            assignment__in=assignments,
            evaluation__evaluated_at__lte=at,
        )
        .order_by()
        .values(
            "assignment",
            "reference_id",
            "evaluation__subject",
            "evaluation__snapshot__resource",
        )
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    rows = Decision.objects.filter(pk__in=newest).select_related(
        "evaluation__snapshot__resource", "evaluation__version__asset", "policy_version__policy"
    )
    return list(
        rows.defer(
            "policy_version__source", "policy_version__tests", "evaluation__snapshot__document"
        ).order_by("id")
    )


def _present(workspace: Workspace, *, at: datetime) -> frozenset[int]:
    configurations = configurations_by_workspace([workspace], at=at)[workspace.pk]
    return frozenset(each.resource.pk for each in configurations)


def _lines(
    workspace: Workspace,
    decisions: Sequence[Decision],
    by_key: dict[tuple[int, str], Rule],
    *,
    at: datetime,
) -> list[Line]:
    exemptions = exemptions_in_force([workspace], at=at)
    told = [
        (decision, _question(workspace, decision, rule))
        for decision in decisions
        if (rule := by_key.get((decision.assignment_id, decision.reference_id)))
    ]
    # "Nobody submitted anything" is over once somebody did.
    answered = {_rule_key(question) for decision, question in told if not _is_empty(decision)}
    told = [
        (decision, question)
        for decision, question in told
        if not _is_empty(decision) or _rule_key(question) not in answered
    ]
    questions = [question for _, question in told]
    states = [_state(decision, question) for decision, question in told]
    conflicts = modify_conflicts(questions, states)
    return [
        Line(
            question.rule,
            question.subject,
            state,
            decision,
            exemptions.covering(question),
            question.attestation,
            place in conflicts,
        )
        for place, ((decision, question), state) in enumerate(zip(told, states, strict=True))
    ]


def _question(workspace: Workspace, decision: Decision, rule: Rule) -> Question:
    return Question(
        rule=rule,
        workspace=workspace,
        kind=DocumentKind(decision.kind),
        subject=decision.subject,
        document={},
        snapshot=decision.snapshot,
        version=decision.version,
    )


def _rule_key(question: Question) -> tuple[str, str]:
    return question.rule.key


def _is_empty(decision: Decision) -> bool:
    is_configuration = decision.kind == DocumentKind.CONFIGURATION
    return is_configuration and decision.snapshot_id is None


def _state(decision: Decision, question: Question) -> str:
    if question.rule.effect != Effect.MANUAL:
        return decision.state
    return _attested(attestation_of(question))


def _attested(attestation: Attestation | None) -> str:
    if attestation is None:
        return State.UNKNOWN.value
    kept = attestation.state == attestation.State.COMPLIANT
    return State.PASS.value if kept else State.FAIL.value
