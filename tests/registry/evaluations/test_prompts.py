"""Prompts: typed variables, other prompts by digest, and nothing that is evaluated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import JournalEntry
from registry.kinds.templates import MAX_RENDERED, TooMuch, filled, render
from tests.factories import grant, make_prompt, make_workspace, member, reference, token_client
from tests.registry.evaluations.bench import Lab

TYPED: dict[str, Any] = {
    "name": {"type": "string"},
    "count": {"type": "integer", "default": 3},
    "share": {"type": "number", "required": False},
    "polite": {"type": "boolean", "default": True},
    "tags": {"type": "array", "default": []},
    "context": {"type": "object", "default": {"b": 1, "a": [2.5, None]}},
    "tone": {"type": "string", "enum": ["warm", "dry"], "default": "dry"},
}
TEMPLATE = "{{name}}|{{count}}|{{ share }}|{{polite}}|{{tags}}|{{context}}|{{tone}}"


def register(lab: Lab, spec: dict[str, Any], *, expect: int = 201, **more: Any) -> Any:
    body = {"workspace": lab.workspace.slug, "kind": "prompt", "name": "p", "spec": spec, **more}
    return lab.post("versions/", body, expect=expect)


def rendered(lab: Lab, version: Any, expect: int = 200, **variables: Any) -> Any:
    return lab.post(f"versions/{version['uuid']}/render/", {"variables": variables}, expect=expect)


def including(inner: Any, template: str, variables: dict[str, Any]) -> dict[str, Any]:
    spec = {
        "type": "text",
        "template": template,
        "variables": variables,
        "includes": {"greeting": {"digest": inner["digest"]}},
    }
    return {"spec": spec, "links": [{"role": "uses_prompt", "to": inner["ref"]}], "name": "outer"}


def test_values_of_every_type_are_filled_in_and_defaults_too(lab: Lab) -> None:
    version = register(lab, {"type": "text", "template": TEMPLATE, "variables": TYPED})

    shown = rendered(lab, version, name="Zoë", tags=["x", 1])

    assert shown["text"] == 'Zoë|3||true|["x",1]|{"a":[2.5,null],"b":1}|dry'
    assert shown["variables"]["count"] == 3
    assert shown["digest"] == version["digest"]


def test_equal_inputs_have_one_digest_and_others_another(lab: Lab) -> None:
    version = register(lab, {"type": "text", "template": TEMPLATE, "variables": TYPED})

    one = rendered(lab, version, name="A")["inputs_digest"]

    assert rendered(lab, version, name="A", count=3)["inputs_digest"] == one
    assert rendered(lab, version, name="B")["inputs_digest"] != one


@pytest.mark.parametrize(
    ("variables", "field", "reason"),
    [
        ({}, "variables.name", "is required: a string"),
        ({"name": "a", "other": 1}, "variables.other", "is no variable of this prompt"),
        ({"name": 1}, "variables.name", "must be a string"),
        ({"name": "a", "count": 1.5}, "variables.count", "must be a whole number"),
        ({"name": "a", "count": True}, "variables.count", "must be a whole number"),
        ({"name": "a", "count": 2**60}, "variables.count", "must be a whole number"),
        ({"name": "a", "polite": 1}, "variables.polite", "must be true or false"),
        ({"name": "a", "tags": {}}, "variables.tags", "must be a list"),
        ({"name": "a", "tone": "loud"}, "variables.tone", 'must be one of "warm", "dry"'),
        ({"name": "a", "tone": None}, "variables.tone", "is required: a string"),
    ],
)
def test_wrong_variables_are_told_by_path(
    lab: Lab, variables: dict[str, Any], field: str, reason: str
) -> None:
    version = register(lab, {"type": "text", "template": TEMPLATE, "variables": TYPED})

    problem = rendered(lab, version, expect=400, **variables)

    assert {"field": field, "reason": reason} in problem["errors"]


def test_a_value_that_looks_like_a_template_stays_as_it_is(lab: Lab) -> None:
    spec = {
        "type": "text",
        "template": "{{a}} {{b}} {{ 1 + 1 }} {% x %}",
        "variables": {"a": {"type": "string"}, "b": {"type": "string"}},
    }

    shown = rendered(lab, register(lab, spec), a="{{b}}", b="<b>&\\1")

    assert shown["text"] == "{{b}} <b>&\\1 {{ 1 + 1 }} {% x %}"


def test_a_chat_is_filled_message_by_message(lab: Lab) -> None:
    spec = {
        "type": "chat",
        "messages": [
            {"role": "system", "content": "Be {{tone}}."},
            {"role": "user", "content": "{{question}}"},
        ],
        "variables": {"tone": {"type": "string"}, "question": {"type": "string"}},
    }

    shown = rendered(lab, register(lab, spec), tone="brief", question="Why?")

    assert shown["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why?"},
    ]


@pytest.fixture
def greeting(lab: Lab) -> Any:
    return register(
        lab,
        {"type": "text", "template": "Dear {{who}},", "variables": {"who": {"type": "string"}}},
        name="greeting",
    )


def test_a_prompt_includes_another_with_its_variables(lab: Lab, greeting: Any) -> None:
    declared = {"who": {"type": "string"}}
    outer = register(lab, **including(greeting, "{{> greeting}} hello {{ >greeting }}", declared))

    assert rendered(lab, outer, who="Ada")["text"] == "Dear Ada, hello Dear Ada,"


def test_what_is_included_stays_what_it_was(lab: Lab, greeting: Any) -> None:
    outer = register(lab, **including(greeting, "{{> greeting}}", {"who": {"type": "string"}}))
    register(lab, {"type": "text", "template": "Hey!"}, name="greeting")

    assert rendered(lab, outer, who="Ada")["text"] == "Dear Ada,"


@pytest.mark.parametrize(
    ("template", "variables", "field"),
    [
        ("{{> greeting}}", {}, "spec.variables"),
        ("{{> greeting}}", {"who": {"type": "integer"}}, "spec.variables.who.type"),
        ("{{> farewell}} {{> greeting}}", {"who": {"type": "string"}}, "spec.includes"),
        ("{{who}}", {"who": {"type": "string"}}, "spec.includes.greeting"),
    ],
)
def test_a_wrong_include_is_told(  # noqa: PLR0917 - two fixtures, three parameters
    lab: Lab, greeting: Any, template: str, variables: dict[str, Any], field: str
) -> None:
    problem = register(lab, expect=400, **including(greeting, template, variables))

    assert field in {each["field"] for each in problem["errors"]}


def test_an_include_without_its_link_is_refused(lab: Lab, greeting: Any) -> None:
    body = including(greeting, "{{> greeting}}", {"who": {"type": "string"}}) | {"links": []}

    problem = register(lab, expect=400, **body)

    assert problem["errors"][0]["field"] == "spec.includes.greeting.digest"


def test_only_text_is_included(lab: Lab) -> None:
    chat = {"type": "chat", "messages": [{"role": "user", "content": "Hi"}]}
    inner = register(lab, chat, name="greeting")

    problem = register(lab, expect=400, **including(inner, "{{> greeting}}", {}))

    assert "only text" in problem["detail"]


def test_whoever_may_not_see_an_include_does_not_read_it_through_another(lab: Lab) -> None:
    elsewhere = make_workspace()
    inner = make_prompt(elsewhere)
    grant(lab.author, elsewhere, "reader")
    told = {"digest": inner.digest, "ref": reference(inner)}
    body = including(told, "{{> greeting}}", {"question": {"type": "string"}})
    outer = register(lab, **body)
    stranger = token_client(member(lab.workspace, "reader"))

    answer = stranger.post(
        f"/api/registry/versions/{outer['uuid']}/render/",
        {"variables": {"question": "Why?"}},
        format="json",
    )

    assert answer.status_code == 403
    assert JournalEntry.objects.filter(action="core.access.denied").count() == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"type": "integer", "default": "3"}, "spec.variables.v.default"),
        ({"type": "string", "enum": ["a", 1]}, "spec.variables.v.enum[1]"),
        ({"type": "string", "enum": ["a"], "default": "b"}, "spec.variables.v.default"),
    ],
)
def test_a_default_fits_its_own_variable(lab: Lab, told: dict[str, Any], field: str) -> None:
    spec = {"type": "text", "template": "{{v}}", "variables": {"v": told}}

    problem = register(lab, spec, expect=400)

    assert problem["errors"][0]["field"] == field


def test_only_prompts_are_rendered(lab: Lab) -> None:
    body = {"format": "jsonl", "license": "CC0-1.0", "personal_data": {"contains": False}}
    data = register(lab, body, kind="dataset")

    assert "only prompts" in rendered(lab, data, expect=400)["detail"]


def test_includes_that_grow_without_end_are_stopped() -> None:
    specs: dict[str, dict[str, Any]] = {"0": {"type": "text", "template": "x" * 1000}}
    for level in range(1, 6):
        specs[str(level)] = {
            "type": "text",
            "template": "{{> a}}" * 100,
            "includes": {"a": {"digest": str(level - 1)}},
        }

    with pytest.raises(TooMuch, match=str(MAX_RENDERED)):
        render(specs["5"], {}, included=specs)


NAME = st.from_regex(r"[a-z]{1,3}", fullmatch=True)


@given(st.dictionaries(NAME, st.text(max_size=20), min_size=1, max_size=4), st.data())
def test_every_text_comes_out_as_it_went_in(values: dict[str, str], data: Any) -> None:
    order = data.draw(st.lists(st.sampled_from(sorted(values)), max_size=6))
    spec = {"type": "text", "template": "|".join(f"{{{{{name}}}}}" for name in order) or "-"}

    body, pieces = render(spec, values, included={})

    assert body["text"] == ("|".join(values[name] for name in order) if order else "-")
    assert "".join(piece.text for piece in pieces[0]) == body["text"]
    assert [piece.name for piece in pieces[0] if piece.source == "variable"] == order


@given(st.dictionaries(NAME, st.none() | st.integers() | st.floats() | st.text()))
def test_whatever_is_given_is_filled_in_or_told(given_values: dict[str, Any]) -> None:
    values, problems = filled({"abc": {"type": "number"}}, given_values)

    assert set(values) == {"abc"}
    assert bool(problems) == (set(given_values) != {"abc"} or values["abc"] is None) or problems
