"""Patches are shown on a copy, and told apart where they contradict each other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.engines.patches import PatchError, conflicting, patched


def change(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def test_a_patch_leaves_the_document_as_it_is() -> None:
    document = {"properties": {"access": "Enabled", "tags": [1]}}

    changed = patched(
        document,
        [
            change("/properties/access", "Disabled"),
            {"op": "add", "path": "/properties/tags/-", "value": 2},
            {"op": "add", "path": "/identity/type", "value": "UserAssigned"},
            {"op": "remove", "path": "/properties/tags/0"},
        ],
    )

    assert changed == {
        "properties": {"access": "Disabled", "tags": [2]},
        "identity": {"type": "UserAssigned"},
    }
    assert document == {"properties": {"access": "Enabled", "tags": [1]}}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/a/b"},
        {"op": "remove", "path": "/nothing"},
        {"op": "replace", "path": "/list/7", "value": 1},
        {"op": "add", "path": "/list/x", "value": 1},
        {"op": "add", "path": "/text/in", "value": 1},
    ],
)
def test_a_patch_that_does_not_fit_says_where(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchError, match=operation["path"]):
        patched({"a": {}, "list": [1], "text": "x"}, [operation])


def test_names_with_slashes_and_tildes_are_found() -> None:
    assert patched({"a/b": {"c~d": 1}}, [change("/a~1b/c~0d", 2)]) == {"a/b": {"c~d": 2}}


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        (change("/a", 1), change("/a", 2), True),
        (change("/a", 1), change("/a", 1), False),
        (change("/a", True), change("/a", 1), True),
        (change("/a", {"b": 1}), change("/a/b", 1), False),
        (change("/a", {"b": 1}), change("/a/b", 2), True),
        (change("/a", {}), change("/a/b", 2), True),
        ({"op": "remove", "path": "/a"}, change("/a/b", 2), True),
        ({"op": "remove", "path": "/a"}, {"op": "remove", "path": "/a/b"}, False),
        (change("/ab", 1), change("/a", 2), False),
        (
            {"op": "add", "path": "/a/-", "value": 1},
            {"op": "add", "path": "/a/-", "value": 2},
            False,
        ),
    ],
)
def test_what_contradicts_and_what_does_not(
    one: dict[str, Any], other: dict[str, Any], contradict: bool
) -> None:
    assert bool(conflicting({0: [one], 1: [other]})) is contradict
    assert bool(conflicting({0: [other], 1: [one]})) is contradict


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(
    values=st.lists(st.tuples(st.sampled_from(["/a", "/a/b", "/c"]), st.integers(0, 2)), max_size=6)
)
def test_to_contradict_is_mutual(values: list[tuple[str, int]]) -> None:
    found = conflicting({key: [change(*value)] for key, value in enumerate(values)})

    assert all(key in found[other] for key, others in found.items() for other in others)
