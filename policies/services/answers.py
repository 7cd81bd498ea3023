"""Put questions to the engine, many at once, in as few calls as they allow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from policies.engines import lint
from policies.engines.base import (
    Bundle,
    EngineError,
    EngineUnavailable,
    Finding,
    Module,
    Outcome,
    State,
)
from policies.engines.verdicts import failed
from policies.models import Attestation
from policies.services.engine import engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from policies.models import PolicyVersion

# A whole call may take as long as this many runaway policies; what is left then is an error.
RUNAWAYS = 4
EMBEDDED = "regopy"


@dataclass(frozen=True)
class Call:
    """One policy version for one input."""

    policy_version: PolicyVersion
    input: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said, and the digest of the bundle that it was asked with."""

    outcome: Outcome
    bundle_digest: str


def unknown(reason: str) -> Outcome:
    """Return the outcome of a question that no engine needs to be asked."""
    return Outcome(State.UNKNOWN, (Finding("", reason),))


def attested(attestation: Attestation | None) -> Outcome:
    """Return the outcome of a question that a person answers, by what was said last."""
    if attestation is None:
        return unknown("nobody has attested it, or what was attested has expired")
    is_kept = attestation.state == Attestation.State.COMPLIANT
    said = attestation.get_state_display().lower()
    until = f"{attestation.expires_at:%Y-%m-%d}"
    finding = Finding("", f"attested {said} until {until}, attestation {attestation.uuid}")
    return Outcome(State.PASS if is_kept else State.FAIL, (finding,))


def ask(calls: Sequence[Call]) -> list[Answer]:
    """Return an answer for each call, in order; whatever goes wrong is an outcome in state error.

    Equal calls are evaluated once, and all policies for one input in one call of the engine.
    Call it outside of any transaction.
    """
    texts = [call.input.decode() for call in calls]
    answers = ask_all(
        (text, (call.policy_version,)) for text, call in zip(texts, calls, strict=True)
    )
    return [answers[text][call.policy_version.pk] for text, call in zip(texts, calls, strict=True)]


def ask_all(
    wanted: Iterable[tuple[str, Iterable[PolicyVersion]]],
) -> dict[str, dict[int, Answer]]:
    """Return by input, and by the id of each policy version that judges it, an answer; as `ask`."""
    answers: dict[str, dict[int, Answer]] = defaultdict(dict)
    if _is_like_opa():
        fit = list(wanted)
    else:
        fit = [(text, _fit(versions, answers[text])) for text, versions in wanted]
    for versions, inputs in _grouped(fit):
        bundle = Bundle(tuple(version.module for version in versions))
        named = [(version.pk, version.module.package) for version in versions]
        for text, outcomes in zip(inputs, _evaluate(bundle, inputs), strict=True):
            # Most outcomes of an input are one object, and so are the answers then.
            made = {id(each): Answer(each, bundle.digest) for each in outcomes.values()}
            answers[text] |= {key: made[id(outcomes[package])] for key, package in named}
    return answers


def _is_like_opa() -> bool:
    try:
        return engine().name != EMBEDDED
    except EngineUnavailable:
        return True  # nobody answers anyway


def _fit(versions: Iterable[PolicyVersion], answers: dict[int, Answer]) -> list[PolicyVersion]:
    """Return the versions that the embedded engine answers as OPA would, as far as today's lint
    can tell; the others are answered with an error. One may have been stored under an older lint.
    """
    fit: list[PolicyVersion] = []
    for version in versions:
        if reason := _unfit(version.module):
            answers[version.pk] = Answer(failed(reason), Bundle((version.module,)).digest)
        else:
            fit.append(version)
    return fit


@lru_cache(maxsize=2_000)
def _unfit(module: Module) -> str:
    if not (problems := lint.check(module)):
        return ""
    return (
        f"the embedded engine could answer otherwise than OPA: {problems[0]}; save a new version "
        "without that, or use an OPA server"
    )


def _grouped(
    wanted: Iterable[tuple[str, Iterable[PolicyVersion]]],
) -> Iterator[tuple[list[PolicyVersion], list[str]]]:
    """Yield policies with the inputs that they judge.

    Two versions of one policy share a package, so they cannot be in one bundle.
    """
    judging: dict[str, dict[int, PolicyVersion]] = {}
    for text, versions in wanted:
        judging.setdefault(text, {}).update({version.id: version for version in versions})
    # Most inputs are judged by the same versions.
    layered: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    groups: dict[tuple[int, ...], tuple[list[PolicyVersion], list[str]]] = {}
    for text, by_id in judging.items():
        wide = tuple(sorted(by_id))
        if wide not in layered:
            layered[wide] = _layers(by_id)
        for key in layered[wide]:
            if key not in groups:
                groups[key] = [by_id[number] for number in key], []
            groups[key][1].append(text)
    yield from groups.values()


def _layers(by_id: Mapping[int, PolicyVersion]) -> list[tuple[int, ...]]:
    """Return ids in as many parts as the policy with the most versions needs, in order."""
    layers: list[dict[int, int]] = []
    for number in sorted(by_id):
        policy = by_id[number].policy_id
        layer = next((each for each in layers if policy not in each), None)
        if layer is None:
            layers.append(layer := {})
        layer[policy] = number
    return [tuple(layer.values()) for layer in layers]


def _evaluate(bundle: Bundle, inputs: Sequence[str]) -> list[dict[str, Outcome]]:
    deadline = float(settings.POLICY_TIMEOUT_SECONDS * RUNAWAYS)
    try:
        return engine().evaluate_many(
            bundle, packages=bundle.packages, inputs=inputs, deadline=deadline
        )
    except EngineUnavailable as error:
        return [_all_failed(bundle, error) for _ in inputs]
    except EngineError as error:
        if len(inputs) == 1:
            return [_all_failed(bundle, error)]
        # One unusable input must not take the answers of the others with it.
        return [_evaluate(bundle, [text])[0] for text in inputs]


def _all_failed(bundle: Bundle, error: EngineError) -> dict[str, Outcome]:
    return dict.fromkeys(bundle.packages, failed(f"{type(error).__name__}: {error}"))
