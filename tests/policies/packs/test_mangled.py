"""Every shipped policy on configurations and parameters that nobody should write.

Engines answer alike, and none stops with an error: what is of another type counts as not told.
"""

from __future__ import annotations

import copy
import json
import random
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from policies.engines.base import Bundle, Engine, Outcome, State
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa import OpaEngine
from policies.packs.catalog import ShippedPolicy, shipped
from tests.support.opa import OpaServer

DEADLINE = 300.0
DOCUMENTS = 30
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 7, 1.5, "", "x", "None", "absent", "https://", "[parameters('x')]"),
    *([], {}, [None], [{}], ["x"], [7], [[1]], [True, "x", None], {"a": "b"}, {"value": None}),
)
MANGLED = ("configuration", "parameters")

pytestmark = [pytest.mark.slow, pytest.mark.opa]


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


def mangled(policy: ShippedPolicy) -> Iterator[dict[str, Any]]:
    """Documents of the policy with values of other types, without parts, and with odd fields."""
    source = random.Random(zlib.crc32(policy.module.path.encode()))
    documents = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(policy.fixtures.iterdir())
    ]
    for _ in range(DOCUMENTS):
        document = copy.deepcopy(source.choice(documents))
        for _ in range(source.randint(1, 4)):
            _mangle(document, policy, source)
        yield document


def _mangle(document: dict[str, Any], policy: ShippedPolicy, source: random.Random) -> None:
    kind = source.random()
    if kind < 0.15 and "configuration" in document:
        told = ("absent", "declared", "observed")
        document["fields"] = {path: source.choice(told) for path in policy.metadata.reads}
    elif kind < 0.35:
        names = policy.metadata.parameters
        document["parameters"] = {name: copy.deepcopy(source.choice(VALUES)) for name in names}
    else:
        places = [place for name in MANGLED for place in _places(document.get(name))]
        if places:
            holder, key = source.choice(places)
            if source.random() < 0.25 and isinstance(holder, dict):
                del holder[key]
            else:
                holder[key] = copy.deepcopy(source.choice(VALUES))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every object and array below, with every key or index of it."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def outcomes(engine: Engine, policy: ShippedPolicy, documents: list[str]) -> list[Outcome]:
    package = policy.module.package
    answers = engine.evaluate_many(
        Bundle((policy.module,)), packages=[package], inputs=documents, deadline=DEADLINE
    )
    return [answer[package] for answer in answers]


@pytest.mark.parametrize("policy", shipped(), ids=lambda policy: policy.module.path)
def test_engines_agree_on_mangled_documents(
    embedded: EmbeddedEngine, opa: OpaEngine, policy: ShippedPolicy
) -> None:
    documents = [json.dumps(each) for each in mangled(policy)]

    ours, theirs = (outcomes(engine, policy, documents) for engine in (embedded, opa))
    opa.prune(keep=[])  # A server compiles all that it has at each push.

    answers = zip(documents, ours, theirs, strict=True)
    assert [each[0] for each in answers if each[1].answer != each[2].answer] == []
    assert [each.error for each in ours if each.state is State.ERROR] == []
