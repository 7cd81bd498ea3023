"""Prompts over the protocol are prompts of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest

from registry.models import Asset, AssetVersion, Workspace
from tests.factories import make_prompt
from tests.mlflow.client import Wire, read_tags, tags

IS_PROMPT = {"mlflow.prompt.is_prompt": "true"}
TEXT = "mlflow.prompt.text"
TYPE = "_mlflow_prompt_type"


@pytest.fixture
def prompt(author: Wire) -> Wire:
    """A client in whose workspace there is a prompt without versions."""
    author.make_model("greeting", tags=tags(**IS_PROMPT, tone="kind"))
    return author


def version(wire: Wire, text: str, name: str = "greeting", **more: str) -> Any:
    given = tags(**IS_PROMPT, **{TEXT: text}, **more)
    return wire.make_version(name, "dummy-source", tags=given)


def test_a_model_with_the_tag_is_a_prompt_and_shows_the_tag(prompt: Wire) -> None:
    assert Asset.objects.get().kind == "prompt"
    assert read_tags(prompt.model("greeting")) == {**IS_PROMPT, "tone": "kind"}


def test_a_text_is_kept_as_a_template_with_the_variables_that_it_names(prompt: Wire) -> None:
    made = version(prompt, "Hello {{ name }}, it is {{day}}.", owner="b")

    assert AssetVersion.objects.get().spec.body == {
        "type": "text",
        "template": "Hello {{ name }}, it is {{day}}.",
        "variables": {"name": {"type": "string"}, "day": {"type": "string"}},
    }
    assert read_tags(made) == {
        **IS_PROMPT,
        TEXT: "Hello {{ name }}, it is {{day}}.",
        TYPE: "text",
        "owner": "b",
    }


def test_a_chat_is_kept_as_messages(prompt: Wire) -> None:
    messages = [{"role": "system", "content": "Be {{style}}."}, {"role": "user", "content": "Hi"}]

    made = version(prompt, json.dumps(messages), **{TYPE: "chat"})

    assert AssetVersion.objects.get().spec.body["messages"] == messages
    assert json.loads(read_tags(made)[TEXT]) == messages


def test_the_wanted_form_of_answers_is_a_part_of_the_content(prompt: Wire) -> None:
    form = {"type": "object", "properties": {"a": {"type": "string"}}}

    made = version(prompt, "Hi", _mlflow_prompt_response_format=json.dumps(form))

    assert AssetVersion.objects.get().spec.body["extra"] == {"response_format": form}
    assert json.loads(read_tags(made)["_mlflow_prompt_response_format"]) == form


def test_no_tag_changes_what_a_prompt_says(prompt: Wire) -> None:
    version(prompt, "Hi")
    both = {"name": "greeting", "version": "1"}
    for key in (TEXT, TYPE, *IS_PROMPT, "_mlflow_prompt_response_format"):
        change = prompt.refused("POST", "model-versions/set-tag", **both, key=key, value="x")
        assert change[:2] == (400, "INVALID_PARAMETER_VALUE"), key
        assert prompt.refused("DELETE", "model-versions/delete-tag", **both, key=key)[0] == 400
    key = next(iter(IS_PROMPT))
    refusal = prompt.refused(
        "POST", "registered-models/set-tag", name="greeting", key=key, value=""
    )
    assert refusal[0] == 400
    prompt.ok("POST", "registered-models/set-tag", name="greeting", key=key, value="true")

    assert read_tags(prompt.version("greeting", 1))[TEXT] == "Hi"


def test_settings_of_a_model_to_call_are_a_tag_that_may_change(prompt: Wire) -> None:
    version(prompt, "Hi", _mlflow_prompt_model_config='{"temperature": 0}')
    key, both = "_mlflow_prompt_model_config", {"name": "greeting", "version": "1"}

    prompt.ok("POST", "model-versions/set-tag", **both, key=key, value='{"temperature": 1}')

    assert read_tags(prompt.version("greeting", 1))[key] == '{"temperature": 1}'


def test_a_prompt_of_another_door_reads_like_one_of_a_client(
    author: Wire, place: Workspace
) -> None:
    make_prompt(place, name="ours")

    found = read_tags(author.version("ours", 1))

    assert found == {**IS_PROMPT, TEXT: "Answer {{question}} in one sentence.", TYPE: "text"}


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("s3://bucket/x", {TEXT: "Hi"}),
        ("dummy-source", {}),
        ("dummy-source", {TEXT: ""}),
        ("dummy-source", {TEXT: "no json", TYPE: "chat"}),
        ("dummy-source", {TEXT: "{}", TYPE: "chat"}),
        ("dummy-source", {TEXT: '[{"role": "user"}]', TYPE: "chat"}),
        ("dummy-source", {TEXT: '[{"role": "nobody", "content": "x"}]', TYPE: "chat"}),
        ("dummy-source", {TEXT: '["x"]', TYPE: "chat"}),
        ("dummy-source", {TEXT: "Hi", "_mlflow_prompt_response_format": "{"}),
    ],
)
def test_what_is_no_prompt_is_refused_and_leaves_no_version(
    prompt: Wire, source: str, given: dict[str, str]
) -> None:
    answer = prompt.refused(
        "POST", "model-versions/create", name="greeting", source=source, tags=tags(**given)
    )

    assert answer[:2] == (400, "INVALID_PARAMETER_VALUE")
    assert not AssetVersion.objects.exists()


def test_a_model_has_no_prompts_for_versions(author: Wire) -> None:
    author.make_model("iris")

    answer = author.refused(
        "POST", "model-versions/create", name="iris", source="dummy-source", tags=tags(**IS_PROMPT)
    )

    assert answer[0] == 400
