"""The five kinds and their published schemas."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from registry.kinds import KINDS
from registry.kinds.base import LinkedVersion
from registry.kinds.links import TARGET_KINDS, LinkRole
from tests.factories import DATASET_SPEC, MODEL_SPEC, PROMPT_SPEC, RESULT_SPEC

DIGEST = "sha256:" + "a" * 64
FLOW_SPEC: dict[str, Any] = {
    "members": [{"name": "m", "kind": "model", "digest": DIGEST}],
    "steps": [{"name": "s", "uses": ["m"]}],
}
FLOW_LINK = LinkedVersion(LinkRole.USES_MODEL, "model", "base", DIGEST)
GOOD: dict[str, dict[str, Any]] = {
    "dataset": DATASET_SPEC,
    "model": MODEL_SPEC,
    "prompt": PROMPT_SPEC,
    "result": RESULT_SPEC,
    "flow": FLOW_SPEC,
}


def problems(kind: str, spec: dict[str, Any]) -> dict[str, str]:
    """Path -> reason of everything that is wrong."""
    links = (FLOW_LINK,) if kind == "flow" else ()
    return {item.path: item.reason for item in KINDS[kind].problems(spec, links=links)}


def test_there_are_the_five_kinds_of_the_design() -> None:
    assert set(KINDS) == {"model", "prompt", "dataset", "result", "flow"}
    assert set(TARGET_KINDS) == set(LinkRole)


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_schema_is_itself_valid_and_closed(kind: str) -> None:
    schema = KINDS[kind].schema

    assert jsonschema_rs.meta.is_valid(schema)
    assert schema["$id"] == f"urn:muniment:kind:{kind}:{KINDS[kind].schema_version}"
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_spec_has_no_problem(kind: str) -> None:
    assert problems(kind, GOOD[kind]) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_property_and_every_missing_one_are_told(kind: str) -> None:
    assert "unknown_property" in problems(kind, GOOD[kind] | {"unknown_property": 1})["spec"]
    required = KINDS[kind].schema["required"]
    found = [item.reason for item in KINDS[kind].problems({})]
    assert all(any(name in reason for reason in found) for name in required)


@pytest.mark.parametrize(
    ("kind", "change", "path"),
    [
        ("dataset", {"statistics": {"rows": -1}}, "spec.statistics.rows"),
        ("dataset", {"personal_data": {}}, "spec.personal_data"),
        ("dataset", {"fields": [{"name": "a"}]}, "spec.fields[0]"),
        ("dataset", {"source": {"description": "x", "collected_from": "soon"}}, "spec.source"),
        ("model", {"parameters": "many"}, "spec.parameters"),
        ("model", {"source": {"type": "hosted"}}, "spec.source"),
        ("model", {"modalities": ["smell"]}, "spec.modalities[0]"),
        ("prompt", {"messages": [{"role": "user", "content": "x"}]}, "spec"),
        ("prompt", {"variables": {"question": {"type": "int"}}}, "spec.variables.question.type"),
        ("prompt", {"variables": {}}, "spec.variables"),
        ("prompt", {"template": "no variable"}, "spec.variables.question"),
        ("result", {"evaluators": []}, "spec.evaluators"),
        ("result", {"finished_at": "yesterday"}, "spec.finished_at"),
        ("flow", {"steps": [{"name": "s", "uses": ["nobody"]}]}, "spec.steps[0].uses"),
        ("flow", {"members": [{"name": "m", "kind": "model", "digest": "x"}]}, "spec.members[0]"),
        ("flow", {"members": FLOW_SPEC["members"] * 2}, "spec.members"),
    ],
)
def test_a_wrong_value_is_told_with_its_place(kind: str, change: dict[str, Any], path: str) -> None:
    found = problems(kind, GOOD[kind] | change)

    assert found
    assert all(place.startswith(path) for place in found)


def test_a_flow_pins_exactly_what_it_links() -> None:
    other = LinkedVersion(LinkRole.USES_PROMPT, "prompt", "p", "sha256:" + "b" * 64)

    unlinked = KINDS["flow"].problems(FLOW_SPEC)
    unpinned = KINDS["flow"].problems(FLOW_SPEC, links=(FLOW_LINK, other))

    assert [item.path for item in unlinked] == ["spec.members[0].digest"]
    assert [item.path for item in unpinned] == ["links"]


def test_chat_prompts_declare_the_variables_of_every_message() -> None:
    spec = {
        "type": "chat",
        "messages": [
            {"role": "system", "content": "You are {{persona}}."},
            {"role": "user", "content": "{{ question }}"},
        ],
        "variables": {"question": {"type": "string"}},
    }

    assert "persona" in problems("prompt", spec)["spec.variables"]
