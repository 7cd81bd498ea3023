"""The playground: a policy that is not stored, evaluated against one document."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from core.canonical import canonical_bytes
from core.errors import InvalidInput
from policies.documents import configuration_document, input_bytes
from policies.engines import lint, schemas
from policies.engines.advice import advice
from policies.engines.base import EngineError, InvalidModule, Module
from policies.engines.metadata import MetadataError, parse_metadata
from policies.engines.traces import EXPLANATIONS
from policies.models import PolicyFixture, Snapshot
from policies.services.engine import tracers_at_hand
from policies.services.pace import paced
from policies.services.trials import require_trying
from registry import access

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.actors import Actor
    from policies.engines.base import CheckProblem
    from policies.engines.traces import Traced

MAX_DOCUMENT_BYTES = 1024 * 1024
PATH = "playground.rego"
PRINTS = "print is refused"


@dataclass(frozen=True)
class Given:
    """What a policy is tried on: one of a snapshot, a stored fixture, or a document as it is."""

    snapshot: UUID | None = None
    fixture: UUID | None = None
    document: Mapping[str, Any] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """What came of it. ``problems`` keep the text from being stored, and where they are about
    more than METADATA or ``print`` from being evaluated; ``advice`` does not."""

    problems: tuple[CheckProblem, ...]
    advice: tuple[CheckProblem, ...]
    metadata_problem: str
    input: Mapping[str, Any]
    input_problems: tuple[str, ...]
    traced: tuple[Traced, ...]


def try_policy(*, actor: Actor, source: str, given: Given, explain: str = "fails") -> Trial:
    """Evaluate a text against a document, on every engine of this machine; nothing is stored.

    ``print()`` is taken here, though it is refused in what is stored. A snapshot must be one that
    the actor may see. ``explain`` asks OPA how it came to its answer. For whoever writes or assigns
    policies. Raises InvalidInput, NotFound, TooManyRequests.
    """
    require_trying(actor, subject="policy playground")
    if explain not in EXPLANATIONS:
        raise InvalidInput.of("explain", f"must be one of {', '.join(EXPLANATIONS)}")
    module = _module(source)
    document = _document(actor, given)
    found = lint.check(module)
    fatal = [each for each in found if not each.message.startswith(PRINTS)]
    traced: tuple[Traced, ...] = ()
    if not fatal:
        with paced(actor):
            traced = _traced(module, canonical_bytes(document).decode(), explain=explain)
    return Trial(
        problems=tuple(found),
        advice=tuple(advice(module)),
        metadata_problem=_metadata_problem(module),
        input=document,
        input_problems=tuple(schemas.document_problems(document)),
        traced=traced,
    )


def _module(source: str) -> Module:
    try:
        module = Module(PATH, source)
        assert module.package  # reading it raises for a package clause that is unusable
    except InvalidModule as error:
        raise InvalidInput.of("source", str(error).removeprefix(f"{PATH}:").strip()) from error
    return module


def _document(actor: Actor, given: Given) -> dict[str, Any]:
    chosen = [each for each in (given.snapshot, given.fixture, given.document) if each is not None]
    if len(chosen) != 1:
        raise InvalidInput.of("input", "give one of snapshot, fixture or input")
    if given.document is not None:
        document = dict(given.document)
        if given.parameters:
            document["parameters"] = dict(given.parameters)
    elif given.fixture is not None:
        document = dict(_fixture(given.fixture).input)
        if given.parameters:
            document["parameters"] = dict(given.parameters)
    else:
        assert given.snapshot is not None  # one of the three is given
        told = configuration_document(_snapshot(actor, given.snapshot))
        body = input_bytes(told, now=timezone.now(), parameters=given.parameters)
        document = json.loads(body)
    if len(canonical_bytes(document)) > MAX_DOCUMENT_BYTES:
        raise InvalidInput.of("input", f"is over {MAX_DOCUMENT_BYTES} bytes")
    return document


def _snapshot(actor: Actor, uuid: UUID) -> Snapshot:
    found = (
        Snapshot.objects.filter(access.in_reach(actor, path="resource__workspace"))
        .select_related("resource__workspace")
        .filter(uuid=uuid)
        .first()
    )
    if found is None:
        raise InvalidInput.of("snapshot", f"there is no snapshot {uuid}")
    return found


def _fixture(uuid: UUID) -> PolicyFixture:
    found = PolicyFixture.objects.filter(uuid=uuid).first()
    if found is None:
        raise InvalidInput.of("fixture", f"there is no fixture {uuid}")
    return found


def _traced(module: Module, text: str, *, explain: str) -> tuple[Traced, ...]:
    deadline = float(settings.POLICY_TIMEOUT_SECONDS)
    try:
        return tuple(
            tracer.trace(module, input_json=text, deadline=deadline, explain=explain)
            for tracer in tracers_at_hand()
        )
    except EngineError as error:
        raise InvalidInput.of("input", str(error)) from error


def _metadata_problem(module: Module) -> str:
    try:
        parse_metadata(module)
    except MetadataError as error:
        return str(error)
    return ""
