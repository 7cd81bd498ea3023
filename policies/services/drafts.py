"""Questions with the bytes that an engine gets, and the key under which an answer is used again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.canonical import canonical_json, sha256
from policies.documents import input_bytes
from policies.engines.base import EngineUnavailable
from policies.services.engine import engine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from policies.queries.assignments import Rule
    from policies.queries.questions import Question


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with the bytes that an engine would get.

    ``reuse_key`` is equal for questions that must get an equal answer: same rule, policy text,
    parameters, place, subject, document and engine, and the same time where the policy reads it.
    """

    question: Question
    input: bytes
    input_digest: str
    reuse_key: str


def drafts_of(questions: Sequence[Question], *, now: datetime) -> list[Draft]:
    """Return a draft of each question. Documents are shared between questions: each is written
    once for its parameters."""
    is_asked = any(not question.unanswerable for question in questions)
    writer = _Writer(now, _engine_identity() if is_asked else "")
    return [writer.draft(question) for question in questions]


@dataclass
class _Writer:
    """Writes drafts; what is equal for several is kept by identity, for one call of the service."""

    now: datetime
    engine: str
    _rules: dict[int, tuple[bytes, str]] = field(default_factory=dict)
    _documents: dict[int, str] = field(default_factory=dict)
    _inputs: dict[tuple[int, bytes], tuple[bytes, str]] = field(default_factory=dict)

    def draft(self, question: Question) -> Draft:
        rule = question.rule
        known = self._rules.get(id(rule))
        if known is None:
            known = self._rules[id(rule)] = _described(rule)
        parameters, described = known
        place = id(question.document), parameters
        written = self._inputs.get(place)
        if written is None:
            written = self._inputs[place] = self._written(question.document, rule.parameters)
        text, digest = written
        judged = digest if rule.policy_version.reads_now else self._documents[place[0]]
        engine = "" if question.unanswerable else self.engine
        told = [
            described,
            str(question.workspace.uuid),
            question.subject,
            judged,
            question.unanswerable,
            engine,
        ]
        return Draft(question, text, digest, sha256(json.dumps(told).encode()))

    def _written(
        self, document: Mapping[str, Any], parameters: Mapping[str, Any]
    ) -> tuple[bytes, str]:
        if id(document) not in self._documents:
            self._documents[id(document)] = sha256(canonical_json(document))
        text = input_bytes(document, now=self.now, parameters=parameters)
        return text, sha256(text)


def _described(rule: Rule) -> tuple[bytes, str]:
    """Return the rule's parameters as bytes, and a digest of all that identifies it."""
    parameters = canonical_json(rule.parameters)
    told = [list(rule.key), rule.policy_version.digest, parameters.decode()]
    return parameters, sha256(json.dumps(told).encode())


def _engine_identity() -> str:
    try:
        found = engine()
        version = found.version
    except EngineUnavailable:
        return "none"
    return f"{found.name} {version}"
