"""Evaluate policies and store what they said."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from django.utils import timezone

from policies.engines.base import State
from policies.queries.modifications import modify_conflicts
from policies.services.answers import Answer, ask_all
from policies.services.drafts import RuleParts, drafts_of
from policies.services.recorded import Batch, known_decisions, recalled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from core.actors import Actor
    from policies.models import Exemption, PolicyVersion
    from policies.queries.assignments import Rule
    from policies.queries.exemptions import Exemptions
    from policies.queries.questions import Question
    from policies.services.decided import Decided
    from policies.services.drafts import Draft
    from policies.services.recorded import RuleKey

EXEMPT = "exempt"
CONFLICT = "conflict"
StepT = TypeVar("StepT", bound="Step")
# Enough for an engine to be at work while a workspace is written, and few enough to be in memory.
AHEAD, AHEAD_CHARACTERS = 6, 8 * 1024 * 1024
TELL_SECONDS = 5.0
STANDING = frozenset({State.PASS.value, State.NOT_APPLICABLE.value})


@dataclass(slots=True)
class Assessment:
    """A question, what the policy said, and the exemption that covers it, if any.

    ``conflicts_with`` are the rules that would modify the same thing in another way.
    """

    question: Question
    decision: Decided
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
    return _assessments(questions, decisions, exemptions)


@dataclass(slots=True)
class Step:
    """Questions that are asked together, and the exemptions in force where they are asked."""

    questions: Sequence[Question]
    exemptions: Exemptions


def assess_in_steps(
    steps: Iterable[StepT],
    *,
    actor: Actor,
    now: datetime | None = None,
    waiting: Callable[[], None],
) -> Iterator[tuple[StepT, list[Assessment]]]:
    """Assess step by step: while what one step gave is stored, and while the caller works on it,
    the engine works on the next `AHEAD`, which were taken from ``steps`` before.

    ``waiting`` is called every few seconds for as long as the engine needs: policies that run into
    their deadlines can take minutes for a step. What it raises ends the steps.
    """
    moment, rules = now or timezone.now(), RuleParts()
    ahead = ThreadPoolExecutor(1, thread_name_prefix="evaluation")
    asked: deque[tuple[StepT, _Asked]] = deque()
    try:
        for step in steps:
            asked.append((step, _ask(step.questions, now=moment, rules=rules, ahead=ahead)))
            while _are_enough([each for _, each in asked]):
                yield _assessed(*asked.popleft(), actor=actor, waiting=waiting)
        while asked:
            yield _assessed(*asked.popleft(), actor=actor, waiting=waiting)
    finally:
        # What nobody will take any more is not asked.
        ahead.shutdown(cancel_futures=True)


def _are_enough(asked: Sequence[_Asked]) -> bool:
    """Tell whether more are asked than the engine needs to be at work; one is never too many."""
    held = sum(each.characters for each in asked)
    return len(asked) > AHEAD or (len(asked) > 1 and held > AHEAD_CHARACTERS)


def _assessed(
    step: StepT, asked: _Asked, *, actor: Actor, waiting: Callable[[], None]
) -> tuple[StepT, list[Assessment]]:
    while not wait([asked.answers], timeout=TELL_SECONDS).done:
        waiting()
    decisions = _stored(asked, actor=actor)
    return step, _assessments(step.questions, decisions, step.exemptions)


def _assessments(
    questions: Sequence[Question], decisions: Sequence[Decided], exemptions: Exemptions
) -> list[Assessment]:
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
) -> list[Decided]:
    """Return a stored decision for each question, in order.

    ``now`` is what policies are told as the time, by default the moment of the call. A decision
    that answered the same question before is returned again: same rule, policy text, parameters,
    document and engine, and the same times where the policy reads them. What is manual is answered
    by the attestation that counts, and no engine is asked. An engine that cannot
    answer gives decisions in state error, which are never used again.

    For services that have checked what the actor may see. Raises RuntimeError inside a
    transaction: evaluation takes its time and must not hold locks.
    """
    return _stored(_ask(questions, now=now or timezone.now()), actor=actor)


@dataclass(frozen=True)
class _Open:
    """What nobody decided yet of a draft: its rules, and where they are asked."""

    draft: Draft
    rules: dict[RuleKey, Rule] = field(default_factory=dict)
    places: dict[RuleKey, list[int]] = field(default_factory=dict)

    @property
    def versions(self) -> list[PolicyVersion]:
        return [rule.policy_version for rule in self.rules.values()]


@dataclass(frozen=True)
class _Asked:
    """Questions, what is known of them already, and the answers to the rest, maybe to come."""

    questions: Sequence[Question]
    found: list[Decided | None]
    open: list[_Open]
    answers: Future[dict[str, dict[int, Answer]]]
    characters: int


def _ask(
    questions: Sequence[Question],
    *,
    now: datetime,
    rules: RuleParts | None = None,
    ahead: ThreadPoolExecutor | None = None,
) -> _Asked:
    """Put what nobody answered yet to the engine, in the background where there is one."""
    drafts = drafts_of(questions, now=now, rules=rules)
    known = known_decisions(drafts)
    found: list[Decided | None] = [None] * len(questions)
    waiting: list[_Open] = []
    for draft in drafts:
        decided, left = known.get(draft.reuse_key, {}), _Open(draft)
        for place in draft.places:
            rule = questions[place].rule
            key = rule.stored_key
            if (there := decided.get(key)) is not None:
                found[place] = recalled(there, rule.policy_version)
            else:
                left.rules.setdefault(key, rule)
                left.places.setdefault(key, []).append(place)
        if left.rules:
            waiting.append(left)
    asked = [(each.draft.text, each.versions) for each in waiting if each.draft.settled is None]
    answers: Future[dict[str, dict[int, Answer]]]
    if ahead is not None:
        answers = ahead.submit(ask_all, asked)
    else:
        answers = Future()
        answers.set_result(ask_all(asked))
    characters = sum(len(each.draft.text) for each in waiting)
    return _Asked(questions, found, waiting, answers, characters)


def _stored(asked: _Asked, *, actor: Actor) -> list[Decided]:
    """Store what the engine answered; return a decision for each question."""
    answers, batch = asked.answers.result(), Batch()
    for each in asked.open:
        settled = each.draft.settled
        told = (
            answers[each.draft.text]
            if settled is None
            else {version.pk: Answer(settled, "") for version in each.versions}
        )
        for key, decided in batch.add(each.draft, each.rules, told).items():
            for place in each.places[key]:
                asked.found[place] = decided
    batch.store(actor=actor)
    return [decided for decided in asked.found if decided is not None]
