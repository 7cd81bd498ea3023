from __future__ import annotations

import pytest

from policies.engines.base import Bundle, InvalidInput, InvalidModule, Module
from policies.engines.inputs import MAX_DEPTH, parse_input, unescaped_json
from tests.policies.rego import module


def test_a_module_knows_its_package_and_digest() -> None:
    policy = Module("a/b.rego", "# a comment\npackage a.b # here\n\nx := 1\n")

    assert policy.package == "a.b"
    assert policy.digest.startswith("sha256:")
    assert policy.digest != Module("a/b.rego", policy.source + "\n").digest


@pytest.mark.parametrize(
    ("path", "source", "reason"),
    [
        ("../b.rego", "package a", "module path"),
        ("/etc/b.rego", "package a", "module path"),
        ("b.txt", "package a", "module path"),
        ("b.rego", "package a\0", "NUL"),
        ("b.rego", "package \ud800", "Unicode"),
        ("b.rego", "x := 1", "starts with its package"),
        ("b.rego", "", "starts with its package"),
        ("b.rego", 'package a["b-c"]', "plain names"),
        ("b.rego", "package a; x := 1", "alone on its line"),
        ("b.rego", "package a\n#" + "x" * 300_000, "at most"),
        ("b.rego", "package a.\nb", "alone on its line"),
    ],
)
def test_an_unusable_module_is_refused(path: str, source: str, reason: str) -> None:
    with pytest.raises(InvalidModule, match=reason):
        Module(path, source)


def test_a_bundle_refuses_two_texts_under_one_package() -> None:
    with pytest.raises(InvalidModule, match="two modules of the bundle have the package p"):
        Bundle((module(), Module("other.rego", "package p\n")))
    with pytest.raises(InvalidModule, match="at least one"):
        Bundle(())


def test_the_digest_of_a_bundle_depends_on_content_and_not_on_order() -> None:
    one, two = module(package="a"), module(package="b")

    assert Bundle((one, two)).digest == Bundle((two, one)).digest
    assert Bundle((one, two)).digest != Bundle((one,)).digest


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("[1]", "one JSON object"),
        ('{"a": 1} 2', "not JSON"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": -Infinity}', "not JSON"),
        ('{"a": 1e999}', "too large"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"a": {"b": "\\u0000"}}', "NUL"),
        ('{"a": ["\\u0001"]}', r"control character '\\x01'"),
        ('{"a\\b": 1}', "control character"),
        ('{"\\ud800": 1}', "surrogate"),
        ('{"a": ' + "9" * 5000 + "}", "not JSON"),
        ('{"a":' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1), "deeper"),
        ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "deeper"),
        (" " * 9_000_000, "at most"),
    ],
)
def test_input_that_engines_could_read_differently_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        parse_input(text)


def test_input_reaches_engines_as_ascii() -> None:
    document = parse_input('{"é": "\U0001f600\\n\\"", "n": 12345678901234567890}')

    assert unescaped_json(document) == ('{"é":"😀\\n\\"","n":12345678901234567890}')
