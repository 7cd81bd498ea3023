"""Fixtures of a policy that is being saved: read, and held against every engine at hand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.canonical import canonical_bytes
from core.errors import FieldError, InvalidInput, Unavailable
from policies.engines import schemas
from policies.engines.base import Bundle, EngineError, EngineUnavailable, State, sha256_digest
from policies.engines.json_patch import PatchError, patched
from policies.engines.verdicts import failed
from policies.models import PolicyFixture
from policies.queries.policies import check_policy_name
from policies.services.engine import engines_at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from policies.engines.base import Engine, Module, Outcome
    from policies.models import PolicyVersion

MAX_FIXTURES = 50
MAX_FIXTURE_BYTES = 256 * 1024
# All fixtures of a policy on one engine; what is left then is an error, and is refused.
SECONDS = 30.0
STATES = tuple(state.value for state in State if state is not State.ERROR)


@dataclass(frozen=True)
class Fixture:
    """One example: an input, as canonical JSON, and the state that the policy must give it."""

    name: str
    state: str
    input: Mapping[str, Any]
    body: bytes

    @property
    def digest(self) -> str:
        """Return the digest of the input's bytes."""
        return sha256_digest(self.body)


def read_fixtures(given: Sequence[Mapping[str, Any]], *, kinds: Sequence[str]) -> list[Fixture]:
    """Return the fixtures if they have the shape that a save needs; else raises InvalidInput.

    ``given`` are ``{"name", "state", "input"}``. Each input fits the published schema of its kind,
    which must be one that the policy judges (``kinds``, the input kinds of its METADATA); at least
    one must pass and one must fail.
    """
    if not given:
        raise InvalidInput.of("fixtures", "are required: one that passes and one that fails")
    if len(given) > MAX_FIXTURES:
        raise InvalidInput.of("fixtures", f"must be at most {MAX_FIXTURES}")
    read = [_read(each, field=f"fixtures[{number}]") for number, each in enumerate(given)]
    errors = [
        FieldError(f"fixtures[{number}].input", problem)
        for number, fixture in enumerate(read)
        for problem in _document_problems(fixture, kinds=kinds)
    ]
    errors += _set_problems(read)
    _raise(errors, "The fixtures are not usable")
    return read


def hold_fixtures(
    module: Module, fixtures: Sequence[Fixture], *, modify: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Evaluate every fixture on every engine at hand; raises InvalidInput with the reasons.

    ``modify``, where the METADATA tells one, must fit at least one failing fixture, and each that
    it fits must pass afterwards. Raises Unavailable where no engine answers. Call it outside of
    any transaction.
    """
    errors: list[FieldError] = []
    asked = 0
    for engine in engines_at_hand():
        try:
            errors += _state_errors(engine, module, fixtures)
            if modify and not errors:
                errors += _patch_errors(engine, module, fixtures=fixtures, modify=modify)
        except EngineUnavailable:
            continue
        asked += 1
    if not asked:
        raise Unavailable("There is no engine that could evaluate the fixtures.")
    _raise(errors, "The policy does not give its fixtures their states")


def store_fixtures(version: PolicyVersion, fixtures: Iterable[Fixture]) -> None:
    """Store them with their version, inside the transaction that stores it."""
    PolicyFixture.objects.bulk_create(
        PolicyFixture(
            policy_version=version,
            name=each.name,
            state=each.state,
            input=each.input,
            digest=each.digest,
        )
        for each in fixtures
    )


def outcomes_on(engine: Engine, module: Module, bodies: Sequence[bytes]) -> list[Outcome]:
    """Return what the policy says about each input on one engine, within `SECONDS` for all."""
    until = time.monotonic() + SECONDS
    return [_outcome(engine, module, body, until=until) for body in bodies]


def _outcome(engine: Engine, module: Module, body: bytes, *, until: float) -> Outcome:
    deadline = min(float(settings.POLICY_TIMEOUT_SECONDS), until - time.monotonic())
    if deadline <= 0:
        return failed(f"not evaluated: the fixtures took more than {SECONDS:g} s")
    try:
        return engine.evaluate(
            Bundle((module,)),
            packages=[module.package],
            input_json=body.decode(),
            deadline=deadline,
        )[module.package]
    except EngineUnavailable:
        raise
    except EngineError as error:
        return failed(str(error))


def _state_errors(
    engine: Engine, module: Module, fixtures: Sequence[Fixture]
) -> Iterator[FieldError]:
    outcomes = outcomes_on(engine, module, [each.body for each in fixtures])
    for number, (fixture, outcome) in enumerate(zip(fixtures, outcomes, strict=True)):
        if outcome.state != fixture.state:
            reason = f"{fixture.name} must be {fixture.state}, and {engine.name} says"
            yield FieldError(f"fixtures[{number}].state", f"{reason} {told(outcome)}")


def told(outcome: Outcome) -> str:
    """Return an outcome in one line: its state, and why."""
    reasons = [outcome.error] if outcome.error else [each.msg for each in outcome.findings]
    return ": ".join([outcome.state.value, *filter(None, ["; ".join(reasons)[:500]])])


def _patch_errors(
    engine: Engine,
    module: Module,
    *,
    fixtures: Sequence[Fixture],
    modify: Sequence[Mapping[str, Any]],
) -> Iterator[FieldError]:
    """What is wrong with a remedy: it fits no failing fixture, or one that it fits still fails."""
    mended: dict[str, bytes] = {}
    misfit = "no fixture of a configuration fails"
    for fixture in fixtures:
        if fixture.state != State.FAIL or "configuration" not in fixture.input:
            continue
        try:
            whole = patched(fixture.input["configuration"], modify)
        except PatchError as error:
            misfit = str(error)
            continue
        mended[fixture.name] = canonical_bytes({**fixture.input, "configuration": whole})
    if not mended:
        yield FieldError("source", f"METADATA, custom.modify fits no failing fixture: {misfit}")
    outcomes = outcomes_on(engine, module, list(mended.values()))
    for name, outcome in zip(mended, outcomes, strict=True):
        if outcome.state is not State.PASS:
            reason = f"custom.modify does not mend {name}: {engine.name} says {told(outcome)}"
            yield FieldError("source", f"METADATA, {reason}")


def _read(given: Mapping[str, Any], *, field: str) -> Fixture:
    name, state, document = (given.get(key) for key in ("name", "state", "input"))
    if not isinstance(name, str):
        raise InvalidInput.of(f"{field}.name", "must be text")
    check_policy_name(name, field=f"{field}.name")
    if state not in STATES:
        raise InvalidInput.of(f"{field}.state", f"must be one of {', '.join(STATES)}")
    if not isinstance(document, dict):
        raise InvalidInput.of(f"{field}.input", "must be an object: an input document")
    try:
        body = canonical_bytes(document)
    except InvalidInput as error:
        raise InvalidInput.of(f"{field}.input", str(error)) from error
    if len(body) > MAX_FIXTURE_BYTES:
        reason = f"has {len(body)} bytes, at most {MAX_FIXTURE_BYTES} are taken"
        raise InvalidInput.of(f"{field}.input", reason)
    return Fixture(name, str(state), document, body)


def _document_problems(fixture: Fixture, *, kinds: Sequence[str]) -> Iterator[str]:
    yield from schemas.document_problems(fixture.input)
    kind = schemas.kind_of(fixture.input)
    if kind and kind not in {each.partition("/")[0] for each in kinds}:
        yield f"is a {kind}, and the policy judges {', '.join(kinds)}"


def _set_problems(fixtures: Sequence[Fixture]) -> Iterator[FieldError]:
    names = [each.name for each in fixtures]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield FieldError("fixtures", f"two have the name {name}")
    for state in (State.PASS, State.FAIL):
        if all(each.state != state for each in fixtures):
            yield FieldError("fixtures", f"none must {state.value}: without one nothing is proven")


def _raise(errors: Sequence[FieldError], title: str) -> None:
    if errors:
        first = errors[0]
        raise InvalidInput(f"{title}: {first.field}, {first.reason}", errors=list(errors))
