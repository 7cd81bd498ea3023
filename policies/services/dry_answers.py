"""Answer questions without storing anything: by what was answered before, else by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.engines.base import Finding, Outcome, State
from policies.models import Decision
from policies.services.answers import ask_all
from policies.services.drafts import drafts_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from policies.queries.questions import Question
    from policies.services.drafts import Draft


def answer_dry(questions: Sequence[Question], *, now: datetime) -> list[Outcome]:
    """Return an outcome for each question, in order; no decision is made of any.

    A stored decision of the same policy text on the same document and parameters by the same
    engine answers, under whichever assignment it was made. Call it outside of any transaction.
    """
    drafts = drafts_of(questions, now=now)
    known = _known({draft.answer_key for draft in drafts if draft.answer_key})
    told: dict[int, Outcome] = {}
    missing: list[tuple[Draft, list[int]]] = []
    for draft in drafts:
        open_places = []
        for place in draft.places:
            digest = questions[place].rule.policy_version.digest
            found = draft.settled or known.get((draft.answer_key, digest))
            if found is None:
                open_places.append(place)
            else:
                told[place] = found
        missing.append((draft, open_places))
    answers = ask_all(
        (draft.text, [questions[place].rule.policy_version for place in places])
        for draft, places in missing
        if places
    )
    for draft, places in missing:
        for place in places:
            version = questions[place].rule.policy_version
            told[place] = answers[draft.text][version.pk].outcome
    return [told[place] for place in range(len(questions))]


def _known(keys: set[str]) -> dict[tuple[str | None, str], Outcome]:
    """Return what was answered before, by the answer's key and the policy's digest."""
    rows = (
        Decision.objects.filter(evaluation__answer_key__in=keys)
        .exclude(state=State.ERROR.value)
        .select_related("evaluation", "policy_version")
        .only(
            "state",
            "findings",
            "evaluation__answer_key",
            "evaluation__engine",
            "evaluation__engine_version",
            "policy_version__digest",
        )
        .order_by("id")
    )
    return {
        (row.evaluation.answer_key, row.policy_version.digest): Outcome(
            State(row.state),
            tuple(Finding(each["path"], each["msg"]) for each in row.findings),
            engine=row.engine,
            engine_version=row.engine_version,
        )
        for row in rows
    }
