"""Answer questions without storing anything: by what was answered before, else by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.canonical import canonical_bytes, canonical_digest, sha256
from policies.documents import input_bytes, undated
from policies.engines.base import Finding, Outcome, State
from policies.engines.moments import reads_observed_at
from policies.models import Decision
from policies.services.answers import Call, ask
from policies.services.drafts import answer_key, engine_identity, settled_answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from policies.queries.questions import Question


def answer_dry(questions: Sequence[Question], *, now: datetime) -> list[Outcome]:
    """Return an outcome for each question, in order; no decision is made of any.

    A stored decision of the same policy text on the same document and parameters by the same
    engine answers, under whichever assignment it was made. Call it outside of any transaction.
    """
    settled = [settled_answer(question) for question in questions]
    asked = [question for question, told in zip(questions, settled, strict=True) if told is None]
    identity = engine_identity() if asked else ""
    texts = [_texts(question, now=now, identity=identity) for question in asked]
    known = _known({key for _, key in texts})
    missing = {
        key: Call(question.rule.policy_version, text)
        for question, (text, key) in zip(asked, texts, strict=True)
        if key not in known
    }
    answers = ask(list(missing.values()))
    known |= {key: answer.outcome for key, answer in zip(missing, answers, strict=True)}
    told = iter([known[key] for _, key in texts])
    return [each if each is not None else next(told) for each in settled]


def _texts(question: Question, *, now: datetime, identity: str) -> tuple[bytes, str]:
    """Return the bytes that an engine would get, and what equal answers share."""
    rule = question.rule
    text = input_bytes(question.document, now=now, parameters=rule.parameters)
    version = rule.policy_version
    told = question.document if reads_observed_at(version.module) else undated(question.document)
    judged = sha256(text) if version.reads_now else canonical_digest(told)
    key = answer_key(rule, judged, canonical_bytes(rule.parameters), identity=identity)
    return text, key


def _known(keys: set[str]) -> dict[str, Outcome]:
    rows = (
        Decision.objects.filter(answer_key__in=keys)
        .exclude(state=State.ERROR.value)
        .only("answer_key", "state", "findings", "engine", "engine_version")
        .order_by("id")
    )
    return {
        row.answer_key: Outcome(
            State(row.state),
            tuple(Finding(each["path"], each["msg"]) for each in row.findings),
            engine=row.engine,
            engine_version=row.engine_version,
        )
        for row in rows
        if row.answer_key is not None
    }
