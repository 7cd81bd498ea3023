"""Put questions to the engine, many at once, in as few calls as they allow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from policies.engines.base import Bundle, EngineError, EngineUnavailable, Finding, Outcome, State
from policies.engines.verdicts import failed
from policies.models import Attestation
from policies.services.engine import engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policies.models import PolicyVersion

# A whole call may take as long as this many runaway policies; what is left then is an error.
RUNAWAYS = 4


@dataclass(frozen=True)
class Call:
    """One policy version for one input."""

    policy_version: PolicyVersion
    input: bytes


@dataclass(frozen=True)
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
    answers: dict[tuple[int, bytes], Answer] = {}
    for versions, inputs in _grouped(calls).items():
        bundle = Bundle(tuple(version.module for version in versions))
        for text, outcomes in zip(inputs, _evaluate(bundle, inputs), strict=True):
            for version in versions:
                outcome = outcomes[version.module.package]
                answers[version.pk, text] = Answer(outcome, bundle.digest)
    return [answers[call.policy_version.pk, call.input] for call in calls]


def _grouped(calls: Iterable[Call]) -> dict[tuple[PolicyVersion, ...], list[bytes]]:
    """Return the inputs by the policies that judge them.

    Two versions of one policy share a package, so they cannot be in one bundle.
    """
    wanted: dict[tuple[bytes, int], dict[int, PolicyVersion]] = {}
    for call in calls:
        layer = 0
        version = call.policy_version
        while (
            twin := wanted.setdefault((call.input, layer), {}).get(version.policy_id)
        ) is not None and twin.pk != version.pk:
            layer += 1
        wanted[call.input, layer][version.policy_id] = version
    groups: dict[tuple[PolicyVersion, ...], list[bytes]] = defaultdict(list)
    for (text, _), versions in wanted.items():
        key = tuple(sorted(versions.values(), key=lambda version: version.pk))
        groups[key].append(text)
    return groups


def _evaluate(bundle: Bundle, inputs: Sequence[bytes]) -> list[dict[str, Outcome]]:
    deadline = float(settings.POLICY_TIMEOUT_SECONDS * RUNAWAYS)
    texts = [text.decode() for text in inputs]
    try:
        return engine().evaluate_many(
            bundle, packages=bundle.packages, inputs=texts, deadline=deadline
        )
    except EngineUnavailable as error:
        return [_all_failed(bundle, error) for _ in texts]
    except EngineError as error:
        if len(inputs) == 1:
            return [_all_failed(bundle, error)]
        # One unusable input must not take the answers of the others with it.
        return [_evaluate(bundle, [text])[0] for text in inputs]


def _all_failed(bundle: Bundle, error: EngineError) -> dict[str, Outcome]:
    return dict.fromkeys(bundle.packages, failed(f"{type(error).__name__}: {error}"))
