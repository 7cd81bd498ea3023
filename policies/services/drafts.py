"""Questions with the bytes that an engine gets, and the key under which an answer is used again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from core.canonical import canonical_json, canonical_object, canonical_texts, sha256
from policies.documents import rfc3339, undated
from policies.engines.base import EngineUnavailable
from policies.engines.base import InvalidInput as UnusableInput
from policies.engines.inputs import Portable, is_unusual, parse_input
from policies.engines.moments import reads_observed_at
from policies.models import Effect
from policies.services.answers import attested, unknown
from policies.services.engine import engine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from policies.engines.base import Outcome
    from policies.models import Attestation
    from policies.queries.assignments import Rule
    from policies.queries.questions import Question


@dataclass(slots=True)
class Draft:
    """Questions about one document that have everything in common but their rules.

    ``first`` is one of them, ``places`` are theirs among all questions. ``text`` is the input as
    engines take it, `Portable` where each part was checked before: a snapshot when it was
    submitted. ``reuse_key`` is equal where one rule must get an equal answer: same parameters,
    place, subject, document and engine, and the same times where the policies read them;
    ``answer_key`` where an engine must answer a policy alike, whoever assigned it. ``settled`` is
    the answer where none needs to be asked.
    """

    first: Question
    attestation: Attestation | None
    input: bytes
    text: str
    input_digest: str
    reuse_key: str
    answer_key: str | None
    settled: Outcome | None
    places: list[int]


def drafts_of(
    questions: Sequence[Question], *, now: datetime, rules: RuleParts | None = None
) -> list[Draft]:
    """Return the drafts of the questions, each of which is in one of them. What several have in
    common is written once: the rule's part, the document, and both as bytes; ``rules`` keeps the
    first for further calls."""
    writer = _Writer(now)
    parts = rules or RuleParts()
    alike: dict[tuple[object, ...], Draft] = {}
    by_key: dict[str, Draft] = {}
    for place, question in enumerate(questions):
        told = parts.of(question.rule)
        attestation = question.attestation if told.is_manual else None
        key = (
            id(question.document),
            question.subject,
            question.unanswerable,
            id(question.workspace),
            id(told),
            attestation.pk if attestation else 0,
        )
        draft = alike.get(key)
        if draft is None:
            draft = writer.draft(question, told, attestation)
            draft = alike[key] = by_key.setdefault(draft.reuse_key, draft)
        draft.places.append(place)
    return list(by_key.values())


def settled_answer(question: Question) -> Outcome | None:
    """Return the answer to a question that no engine needs to be asked, else None."""
    if question.is_manual:
        return attested(question.attestation)
    return unknown(question.unanswerable) if question.unanswerable else None


def answer_key(judged: str, parameters: bytes, *, identity: str) -> str:
    """Return what is equal where an engine must answer a policy alike, whoever assigned it."""
    return sha256(f"{judged}\n{identity}\n".encode() + parameters)


def engine_identity() -> str:
    """Return name and version of the engine that answers, ``none`` where none can."""
    try:
        found = engine()
        version = found.version
    except EngineUnavailable:
        return "none"
    return f"{found.name} {version}"


class _Told(NamedTuple):
    """Of a rule: its parameters as bytes, which times it may read, and who answers it."""

    parameters: bytes
    are_portable: bool
    reads: str
    is_manual: bool


@dataclass
class RuleParts:
    """What drafts need of rules, by identity; keeps the rules. What is equal is one object."""

    _known: dict[int, tuple[Rule, _Told]] = field(default_factory=dict)
    _equal: dict[_Told, _Told] = field(default_factory=dict)

    def of(self, rule: Rule) -> _Told:
        known = self._known.get(id(rule))
        if known is None:
            is_manual = rule.effect == Effect.MANUAL
            parameters = canonical_json(rule.parameters)
            told = _Told(parameters, _are_portable(parameters), _reads(rule), is_manual)
            known = self._known[id(rule)] = rule, self._equal.setdefault(told, told)
        return known[1]


@dataclass
class _Writer:
    """Writes drafts; what is equal for several is kept by identity, for one call of the service."""

    now: datetime
    _engine: str | None = None
    _documents: dict[tuple[int, bool], str] = field(default_factory=dict)
    _inputs: dict[tuple[int, bytes], tuple[bytes, str, str]] = field(default_factory=dict)
    _written: dict[int, dict[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._now = canonical_json(rfc3339(self.now))

    def draft(self, question: Question, told: _Told, attestation: Attestation | None) -> Draft:
        place = id(question.document), told.parameters
        written = self._inputs.get(place)
        if written is None:
            content = canonical_object(
                self._members(question) | {"now": self._now, "parameters": told.parameters}
            )
            written = self._inputs[place] = content, _text(content, question, told), sha256(content)
        content, text, digest = written
        judged = digest if told.reads == "now" else self._judged(question, told)
        settled = settled_answer(question)
        identity = "" if settled else self._identity()
        parts = [
            told.parameters.decode(),
            str(question.workspace.uuid),
            question.kind.value,
            question.subject,
            str(question.snapshot.resource_id) if question.snapshot else "",
            judged,
            question.unanswerable,
            identity,
            str(attestation.uuid) if attestation else "",
            "manual" if told.is_manual else "",
        ]
        alike = None if settled else answer_key(judged, told.parameters, identity=identity)
        key = sha256(canonical_texts(parts))
        return Draft(question, attestation, content, text, digest, key, alike, settled, [])

    def _identity(self) -> str:
        if self._engine is None:
            self._engine = engine_identity()
        return self._engine

    def _judged(self, question: Question, told: _Told) -> str:
        """Return the digest of the document, without when it was observed where the policy does
        not read that."""
        is_dated = told.reads == "observed_at"
        key = id(question.document), is_dated
        if key not in self._documents:
            members = self._members(question)
            if not is_dated and "resource" in members:
                resource = canonical_json(undated(question.document)["resource"])
                members = members | {"resource": resource}
            self._documents[key] = sha256(canonical_object(members))
        return self._documents[key]

    def _members(self, question: Question) -> dict[str, bytes]:
        """Return each member of a document as bytes: what goes out and what is judged share most
        of them, and some are stored as they go out."""
        known = self._written.get(id(question.document))
        if known is None:
            written = question.written or {}
            known = {name: text.encode() for name, text in written.items()}
            for name, value in question.document.items():
                if name not in known:
                    known[name] = canonical_json(value)
            self._written[id(question.document)] = known
        return known


def _text(content: bytes, question: Question, told: _Told) -> str:
    text = content.decode()
    is_checked = question.snapshot is not None and told.are_portable and not is_unusual(text)
    return Portable(text) if is_checked else text


def _are_portable(parameters: bytes) -> bool:
    try:
        parse_input(f'{{"parameters":{parameters.decode()}}}')
    except UnusableInput:
        return False
    return True


def _reads(rule: Rule) -> str:
    """Return the latest time that the policy may read: ``now``, ``observed_at``, or none."""
    if rule.policy_version.reads_now:
        return "now"
    return "observed_at" if reads_observed_at(rule.policy_version.module) else ""
