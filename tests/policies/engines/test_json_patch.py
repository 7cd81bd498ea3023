"""JSON Patch: the examples of RFC 6902's appendix that METADATA's three operations can express."""

from __future__ import annotations

from typing import Any

import pytest

from policies.engines.json_patch import PatchError, patched


@pytest.mark.parametrize(
    ("document", "operation", "result"),
    [
        ({"foo": "bar"}, ("add", "/baz", "qux"), {"baz": "qux", "foo": "bar"}),
        ({"foo": ["bar", "baz"]}, ("add", "/foo/1", "qux"), {"foo": ["bar", "qux", "baz"]}),
        ({"foo": ["bar"]}, ("add", "/foo/-", ["abc"]), {"foo": ["bar", ["abc"]]}),
        ({"foo": "bar"}, ("add", "/foo", 1), {"foo": 1}),
        ({"foo": "bar"}, ("add", "", {"new": True}), {"new": True}),
        ({"baz": "qux", "foo": "bar"}, ("remove", "/baz"), {"foo": "bar"}),
        ({"foo": ["bar", "qux", "baz"]}, ("remove", "/foo/1"), {"foo": ["bar", "baz"]}),
        ({"baz": "qux"}, ("replace", "/baz", None), {"baz": None}),
        ({"a": [{"b": 1}]}, ("replace", "/a/0/b", 2), {"a": [{"b": 2}]}),
        ({"/": 9, "~1": 10}, ("replace", "/~01", 11), {"/": 9, "~1": 11}),
        ({"a/b": 1}, ("remove", "/a~1b"), {}),
        ({"": 1}, ("replace", "/", 2), {"": 2}),
    ],
)
def test_an_operation_is_applied(document: Any, operation: tuple[Any, ...], result: Any) -> None:
    names = ("op", "path", "value")

    assert patched(document, [dict(zip(names, operation, strict=False))]) == result


@pytest.mark.parametrize(
    ("op", "path"),
    [
        ("replace", "/missing"),
        ("remove", "/missing"),
        ("add", "/missing/deeper"),
        ("add", "/text/deeper"),
        ("add", "/list/3"),
        ("add", "/list/01"),
        ("add", "/list/x"),
        ("remove", "/list/-"),
        ("replace", "/list/-1"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(op: str, path: str) -> None:
    document = {"list": [1, 2], "text": "x"}
    operations = [{"op": "add", "path": "/new", "value": 1}, {"op": op, "path": path, "value": 1}]

    with pytest.raises(PatchError, match=rf"operation 1 \({op} {path}\)"):
        patched(document, operations)
    assert document == {"list": [1, 2], "text": "x"}


def test_values_are_copied() -> None:
    value: dict[str, Any] = {"x": []}
    result = patched({}, [{"op": "add", "path": "/a", "value": value}])

    result["a"]["x"].append(1)

    assert value == {"x": []}
