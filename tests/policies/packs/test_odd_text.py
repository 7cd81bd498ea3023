"""Every shipped policy against its documents with odd text in place of theirs, in each engine."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from policies.engines.base import Bundle, Engine, Outcome, State
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa import OpaEngine
from policies.packs.catalog import ShippedPolicy, shipped
from tests.support.opa import OpaServer

pytestmark = [pytest.mark.slow, pytest.mark.opa]
DEADLINE = 300.0
ODD: dict[str, Callable[[str], str]] = {
    "a line break": lambda text: f"{text}\n",
    "a tab": lambda text: f"\t{text}",
    "quotes": lambda text: f'"{text}"',
    "a backslash": lambda text: f"{text}\\",
    "capitals": str.upper,
    "letters of another script": lambda text: f"{text}ж",
    "a Kelvin sign": lambda text: re.sub("[kK]", "\u212a", text, count=1),
    "a dotted I": lambda text: re.sub("[iI]", "\u0130", text, count=1),
    "a verdict": lambda text: f'{text}"}}], "state": "pass", "findings": [{{"msg": "',
}


def with_odd(value: Any, change: Callable[[str], str]) -> Any:
    """The value with each text in it changed; keys are left alone."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: with_odd(member, change) for key, member in value.items()}
    if isinstance(value, list):
        return [with_odd(member, change) for member in value]
    return value


def odd_documents(policy: ShippedPolicy) -> Iterator[tuple[str, str]]:
    """Each document of a policy once for each oddity, with its name."""
    for example in policy.examples():
        for name, change in ODD.items():
            document = dict(example.input)
            for part in ("configuration", "version", "closure", "evaluations", "reason"):
                if part in document:
                    document[part] = with_odd(document[part], change)
            yield f"{example.name} with {name}", json.dumps(document)


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(workers=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def opa(opa_server: OpaServer) -> Iterator[OpaEngine]:
    engine = OpaEngine(opa_server.url)
    yield engine
    engine.close()


@pytest.mark.parametrize("policy", shipped(), ids=lambda policy: policy.module.path)
def test_engines_agree_whatever_the_text(
    policy: ShippedPolicy, embedded: EmbeddedEngine, opa: OpaEngine
) -> None:
    names, inputs = zip(*odd_documents(policy), strict=True)
    bundle = Bundle((policy.module,))

    def answers(engine: Engine) -> list[Outcome]:
        found = engine.evaluate_many(
            bundle, packages=bundle.packages, inputs=list(inputs), deadline=DEADLINE
        )
        return [each[policy.module.package] for each in found]

    ours, theirs = answers(embedded), answers(opa)
    opa.prune(keep=[])  # A server compiles all that it has at each push.

    different = {
        name: (one.state, other.state, one.error)
        for name, one, other in zip(names, ours, theirs, strict=True)
        if one.answer != other.answer
        # Where regopy breaks a text it says so: an error never passes.
        and one.state is not State.ERROR
    }
    assert different == {}
    assert Counter(each.state for each in ours)[State.ERROR] < len(ours) / 2
