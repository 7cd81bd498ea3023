from __future__ import annotations

import textwrap

import pytest

from policies.engines.base import Module
from policies.engines.metadata import MetadataError, Severity, parse_metadata

GOOD = """\
    scope: package
    title: A title
    description: What it judges.
    related_resources:
      - https://example.org/a
      - ref: https://example.org/b
        description: The rule in full
    custom:
      severity: high
      controls: [frame/1, frame/2]
      remediation: Do this.
      input_kinds: [configuration/Vendor/thing]
      parameters:
        least: The least length.
    """


def annotated(yaml: str) -> Module:
    comment = textwrap.indent(textwrap.dedent(yaml), "# ", lambda line: True)
    return Module("p.rego", f"# Copyright\n\n# METADATA\n{comment}package p\n\nverdict := 1\n")


def test_the_package_annotation_is_read() -> None:
    metadata = parse_metadata(annotated(GOOD))

    assert metadata.title == "A title"
    assert metadata.severity is Severity.HIGH
    assert metadata.controls == ("frame/1", "frame/2")
    assert metadata.parameters == {"least": "The least length."}
    assert [each.ref for each in metadata.related_resources] == [
        "https://example.org/a",
        "https://example.org/b",
    ]


def test_a_policy_judges_the_kinds_that_it_names() -> None:
    metadata = parse_metadata(annotated(GOOD))

    assert metadata.judges("configuration", "vendor/THING")
    assert not metadata.judges("configuration", "vendor/thing/part")
    assert not metadata.judges("promotion", "model")


def test_a_policy_may_tell_what_it_reads_what_would_mend_it_and_what_parameters_may_be() -> None:
    more = [
        "    most: {description: The greatest length., schema: {type: integer, minimum: 1}}",
        "  reads: [properties.size]",
        "  modify: [{op: add, path: /properties/size, value: 3}]",
    ]
    metadata = parse_metadata(
        annotated("\n".join([textwrap.dedent(GOOD) + more[0], *more[1:], ""]))
    )

    assert metadata.parameters["most"] == "The greatest length."
    assert metadata.parameter_schemas == {"most": {"type": "integer", "minimum": 1}}
    assert metadata.reads == ("properties.size",)
    assert metadata.modify == ({"op": "add", "path": "/properties/size", "value": 3},)


@pytest.mark.parametrize(
    ("old", "new", "field", "line"),
    [
        ("scope: package", "scope: rule", "scope", 4),
        ("severity: high", "severity: high\n      modify: [{op: move}]", "custom.modify", 4),
        ("title: A title", "title: ''", "title", 4),
        ("title: A title", "title: 7", "title", 4),
        ("title: A title", f"title: {'x' * 300}", "title", 4),
        ("title: A title", "titel: A title", "titel", 4),
        ("severity: high", "severity: awful", "custom.severity", 4),
        ("severity: high", "severity: [high]", "custom.severity", 4),
        ("controls: [frame/1, frame/2]", "controls: []", "custom.controls", 4),
        ("controls: [frame/1, frame/2]", "controls: [a, a]", "custom.controls", 4),
        ("controls: [frame/1, frame/2]", "controls: [1]", "custom.controls", 4),
        ("remediation: Do this.", "other: Do this.", "custom.other", 4),
        ("[configuration/Vendor/thing]", "[elsewhere/x]", "custom.input_kinds", 4),
        ("least: The least length.", "least: 5", "custom.parameters.least", 4),
        (
            "least: The least length.",
            "least: {description: A., schema: {type: nothing}}",
            "custom.parameters.least.schema",
            4,
        ),
        (
            "least: The least length.",
            "least: {description: A., schema: {$ref: 'https://example.org/s'}}",
            "custom.parameters.least.schema",
            4,
        ),
        ("least: The least length.", "least: {description: 2026-01-01, schema: {}}", "", 4),
        ("- https://example.org/a", "- 5", "related_resources", 4),
        ("title: A title", "title: A: title", "", 5),
        ("title: A title", "title: [open", "", 6),
        ("title: A title", "title: a\n    title: b", "", 6),
        ("title: A title", "title: &a b", "", 5),
    ],
)
def test_wrong_metadata_is_refused_with_its_place(
    old: str, new: str, field: str, line: int
) -> None:
    with pytest.raises(MetadataError) as caught:
        parse_metadata(annotated(GOOD.replace(old, new)))

    assert (caught.value.field, caught.value.line) == (field, line)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("package p\n", 1),
        ("# title: x\npackage p\n", 2),
        ("# METADATA\n# scope: package\n\npackage p\n", 3),
        ("# METADATA\n# a: 1\n# METADATA\n# b: 1\npackage p\n", 3),
        ("# METADATA\n# - a\npackage p\n", 2),
        ("# METADATA\npackage p\n", 2),
    ],
)
def test_metadata_must_stand_right_above_the_package(source: str, line: int) -> None:
    with pytest.raises(MetadataError) as caught:
        parse_metadata(Module("p.rego", source))

    assert caught.value.line == line
