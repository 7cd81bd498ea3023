"""The kinds, their published schemas, and the checks that a schema cannot express."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from registry.kinds import KINDS
from registry.kinds.base import LinkedVersion
from registry.kinds.links import TARGET_KINDS, LinkRole
from tests.registry.specs import DIGEST, GOOD, LINKS, OTHER, TOOL_SPEC, flow_spec


def problems(kind: str, spec: dict[str, Any]) -> dict[str, str]:
    """Path -> reason of everything that is wrong."""
    found = KINDS[kind].problems(spec, links=LINKS.get(kind, ()))
    return {item.path: item.reason for item in found}


def test_every_role_says_where_it_points_and_only_at_kinds_that_exist() -> None:
    assert set(TARGET_KINDS) == set(LinkRole)
    assert set(KINDS) == set(GOOD)
    for targets in TARGET_KINDS.values():
        assert targets is None or targets <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_promotion_takes_along_is_linked(kind: str) -> None:
    assert KINDS[kind].member_roles <= KINDS[kind].link_roles


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
        ("model", {"price": {"currency": "EUR"}}, "spec.price"),
        ("model", {"price": {"currency": "€", "input_per_million": "1"}}, "spec.price.currency"),
        (
            "model",
            {"price": {"currency": "EUR", "output_per_million": 0.1}},
            "spec.price.output_per_million",
        ),
        (
            "model",
            {"price": {"currency": "EUR", "input_per_million": "1e3"}},
            "spec.price.input_per_million",
        ),
        ("prompt", {"messages": [{"role": "user", "content": "x"}]}, "spec"),
        ("prompt", {"variables": {"question": {"type": "int"}}}, "spec.variables.question.type"),
        ("prompt", {"variables": {}}, "spec.variables"),
        ("prompt", {"template": "no variable"}, "spec.variables.question"),
        ("result", {"evaluators": []}, "spec.evaluators"),
        ("result", {"finished_at": "yesterday"}, "spec.finished_at"),
        ("flow", {"steps": [{"name": "s", "uses": ["nobody"]}]}, "spec.steps[0].uses"),
        ("flow", {"members": [{"name": "m", "kind": "model", "digest": "x"}]}, "spec.members[0]"),
        ("flow", {"members": flow_spec()["members"] * 2}, "spec.members"),
        ("index", {"refresh": {"mode": "scheduled"}}, "spec.refresh"),
        ("index", {"chunking": {"method": "fixed"}}, "spec.chunking"),
        (
            "index",
            {"chunking": {"method": "fixed", "unit": "tokens", "size": 9, "overlap": 9}},
            "spec.chunking.overlap",
        ),
        ("index", {"store": {"type": "x", "connection": DIGEST}}, "spec.store.connection"),
        ("tool", {"actions": []}, "spec.actions"),
        ("tool", {"actions": TOOL_SPEC["actions"] * 2}, "spec.actions"),
        ("tool", {"implementation": {"type": "http"}}, "spec.implementation"),
        (
            "tool",
            {"implementation": {"type": "flow", "reference": "nobody"}},
            "spec.implementation.reference",
        ),
        ("agent", {"autonomy": "free"}, "spec.autonomy"),
        ("agent", {"grants": [{"tool": "brain", "actions": ["think"]}]}, "spec.grants[0].tool"),
        ("agent", {"grants": [{"tool": "orders", "actions": ["fly"]}]}, "spec.grants[0].actions"),
        ("agent", {"grants": GOOD["agent"]["grants"] * 2}, "spec.grants[1].tool"),
        ("connection", {"authentication": {"method": "basic"}}, "spec.authentication.secrets"),
        ("application", {"owner": {}}, "spec.owner"),
        ("application", {"deployments": [{"name": "a"}] * 2}, "spec.deployments"),
    ],
)
def test_a_wrong_value_is_told_with_its_place(kind: str, change: dict[str, Any], path: str) -> None:
    found = problems(kind, GOOD[kind] | change)

    assert found
    assert all(place.startswith(path) for place in found)


def test_a_flow_pins_exactly_what_it_links() -> None:
    other = LinkedVersion(LinkRole.USES_PROMPT, "prompt", "p", OTHER)

    unlinked = KINDS["flow"].problems(flow_spec())
    unpinned = KINDS["flow"].problems(flow_spec(), links=(*LINKS["flow"], other))

    assert [item.path for item in unlinked] == ["spec.members[0].digest"]
    assert [item.path for item in unpinned] == ["links"]


@pytest.mark.parametrize("kind", LINKS)
def test_every_pin_of_a_composed_kind_needs_its_link(kind: str) -> None:
    for left_out in LINKS[kind]:
        links = tuple(link for link in LINKS[kind] if link != left_out)

        assert [
            item
            for item in KINDS[kind].problems(GOOD[kind], links=links)
            if item.path.endswith("digest") and left_out.kind in item.reason
        ]


def test_an_agent_of_tools_alone_has_nothing_that_decides() -> None:
    spec = GOOD["agent"] | {"members": GOOD["agent"]["members"][1:]}
    tools = tuple(link for link in LINKS["agent"] if link.kind == "tool")

    found = KINDS["agent"].problems(spec, links=tools)

    assert [item.path for item in found] == ["spec.members"]


@pytest.mark.parametrize(
    "schema",
    [{"type": "order"}, {"properties": 5}, {"$schema": "http://127.0.0.1:9/never-asked"}],
    ids=str,
)
def test_an_action_takes_a_real_json_schema_and_no_dialect_is_fetched(
    schema: dict[str, Any],
) -> None:
    spec = GOOD["tool"] | {"actions": [TOOL_SPEC["actions"][1] | {"input_schema": schema}]}

    assert [place.partition(".$")[0] for place in problems("tool", spec)] == [
        "spec.actions[0].input_schema"
    ]


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
