"""Questions with the bytes that an engine gets, and the key under which an answer is used again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.canonical import canonical_json, canonical_texts, sha256
from policies.documents import input_bytes, undated
from policies.engines.base import EngineUnavailable
from policies.engines.moments import reads_observed_at
from policies.services.answers import attested, unknown
from policies.services.engine import engine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from policies.engines.base import Outcome
    from policies.queries.assignments import Rule
    from policies.queries.questions import Question


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with the bytes that an engine would get.

    ``reuse_key`` is equal for questions that must get an equal answer: same rule, policy text,
    parameters, place, subject, document and engine, and the same times where the policy reads
    them; ``answer_key`` where an engine must answer alike, whoever assigned the policy.
    ``settled`` is the answer where none needs to be asked.
    """

    question: Question
    input: bytes
    input_digest: str
    reuse_key: str
    answer_key: str | None
    settled: Outcome | None


def drafts_of(questions: Sequence[Question], *, now: datetime) -> list[Draft]:
    """Return a draft of each question. Documents are shared between questions: each is written
    once for its parameters."""
    settled = [settled_answer(question) for question in questions]
    writer = _Writer(now, engine_identity() if None in settled else "")
    return [writer.draft(*pair) for pair in zip(questions, settled, strict=True)]


def settled_answer(question: Question) -> Outcome | None:
    """Return the answer to a question that no engine needs to be asked, else None."""
    if question.is_manual:
        return attested(question.attestation)
    return unknown(question.unanswerable) if question.unanswerable else None


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


@dataclass
class _Writer:
    """Writes drafts; what is equal for several is kept by identity, for one call of the service."""

    now: datetime
    engine: str
    _rules: dict[int, tuple[bytes, str]] = field(default_factory=dict)
    _dated: dict[int, bool] = field(default_factory=dict)
    _documents: dict[tuple[int, bool], str] = field(default_factory=dict)
    _inputs: dict[tuple[int, bytes], tuple[bytes, str]] = field(default_factory=dict)

    def draft(self, question: Question, settled: Outcome | None) -> Draft:
        rule = question.rule
        known = self._rules.get(id(rule))
        if known is None:
            known = self._rules[id(rule)] = _described(rule)
            self._dated[id(rule)] = reads_observed_at(rule.policy_version.module)
        parameters, described = known
        place = id(question.document), parameters
        written = self._inputs.get(place)
        if written is None:
            text = input_bytes(question.document, now=self.now, parameters=rule.parameters)
            written = self._inputs[place] = text, sha256(text)
        text, digest = written
        judged = digest if rule.policy_version.reads_now else self._judged(question)
        told = [
            described,
            str(question.workspace.uuid),
            question.subject,
            judged,
            question.unanswerable,
            "" if settled else self.engine,
            str(question.attestation.uuid) if question.attestation else "",
            "manual" if question.is_manual else "",
        ]
        alike = None if settled else answer_key(rule, judged, parameters, identity=self.engine)
        return Draft(question, text, digest, sha256(canonical_texts(told)), alike, settled)

    def _judged(self, question: Question) -> str:
        """Return the digest of the document, without when it was observed where the policy does
        not read that."""
        is_dated = self._dated[id(question.rule)]
        key = id(question.document), is_dated
        if key not in self._documents:
            document = question.document if is_dated else undated(question.document)
            self._documents[key] = sha256(canonical_json(document))
        return self._documents[key]


def _described(rule: Rule) -> tuple[bytes, str]:
    """Return the rule's parameters as bytes, and a digest of all that identifies it."""
    parameters = canonical_json(rule.parameters)
    told = [*rule.key, rule.policy_version.digest, parameters.decode()]
    return parameters, sha256(canonical_texts(told))
