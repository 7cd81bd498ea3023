"""The playground fills a prompt by the service that the API uses, and stores nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from core.models import JournalEntry
from registry.models import AssetVersion, Workspace
from registry.services import versions
from tests import factories
from tests.console.pages import browser

TONE = {
    "type": "text",
    "template": "Be {{tone}}.",
    "variables": {"tone": {"type": "string", "enum": ["warm", "dry"], "default": "warm"}},
}
VARIABLES: dict[str, Any] = {
    "question": {"type": "string"},
    "sentences": {"type": "integer", "default": 2},
    "is_short": {"type": "boolean", "default": True},
    "passages": {"type": "array", "default": []},
}


@pytest.fixture
def workspace(db: None) -> Workspace:
    return factories.make_workspace()


@pytest.fixture
def prompt(workspace: Workspace) -> AssetVersion:
    author = factories.member(workspace, "author")

    def register(name: str, spec: dict[str, Any], *links: str) -> AssetVersion:
        return versions.register(
            actor=author,
            workspace=workspace.slug,
            kind="prompt",
            name=name,
            spec=spec,
            links=[{"role": "uses_prompt", "to": link} for link in links],
        ).version

    tone = register("tone", TONE)
    spec = {
        "type": "chat",
        "messages": [
            {"role": "system", "content": "{{> how}} {{sentences}} {{is_short}} {{passages}}"},
            {"role": "user", "content": "{{question}}"},
        ],
        "variables": {**VARIABLES, **TONE["variables"]},  # type: ignore[dict-item]
        "includes": {"how": {"digest": tone.digest}},
    }
    register("reply", spec, factories.reference(tone))
    messages = [*spec["messages"], {"role": "user", "content": "Thanks."}]
    return register("reply", {**spec, "messages": messages}, factories.reference(tone))


def page(prompt: AssetVersion) -> str:
    return reverse("admin:console_playground", args=[prompt.uuid])


def reader(workspace: Workspace) -> Any:
    return browser(factories.member(workspace, "reader"))


def test_what_comes_out_tells_what_was_filled_in_and_what_included(
    workspace: Workspace, prompt: AssetVersion
) -> None:
    given = {"question": "Why?", "tone": "dry", "passages": '["a", 1]', "is_short": "false"}
    client = reader(workspace)
    before = JournalEntry.objects.count()

    answer = client.post(page(prompt), given)

    assert [role for role, _ in answer.context["shown"]] == ["system", "user", "user"]
    system = answer.context["shown"][0][1]
    assert "".join(piece.text for piece in system) == 'Be dry. 2 false ["a",1]'
    assert [(piece.text, piece.name) for piece in system if piece.source == "include"] == [
        ("Be dry.", "how")
    ]
    assert '<mark class="mu-filled" title="question">Why?</mark>' in answer.content.decode()
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "question"),
        ({"question": "x", "sentences": "many"}, "sentences"),
        ({"question": "x", "sentences": "1.5"}, "sentences"),
        ({"question": "x", "passages": "{}"}, "passages"),
        ({"question": "x", "passages": "[1"}, "passages"),
        ({"question": "x", "tone": "loud"}, "tone"),
    ],
)
def test_a_wrong_value_is_told_at_its_field(
    workspace: Workspace, prompt: AssetVersion, given: dict[str, str], field: str
) -> None:
    answer = reader(workspace).post(page(prompt), {"csrf": "x", **given})

    assert list(answer.context["form"].errors) == [field]
    assert answer.context["rendered"] is None


def test_another_version_is_compared_in_what_comes_out(
    workspace: Workspace, prompt: AssetVersion
) -> None:
    answer = reader(workspace).post(f"{page(prompt)}?against=1", {"question": "Why?"})

    found = answer.context["difference"]
    assert found.of == "what comes out of the same values"
    assert [line for mark, line in found.lines if mark == "+"] == ["[user]", "Thanks."]


def test_before_anything_is_filled_in_the_templates_are_compared(
    workspace: Workspace, prompt: AssetVersion
) -> None:
    answer = reader(workspace).get(f"{page(prompt)}?against=1")

    assert answer.context["difference"].of == "the templates"


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "2"])
def test_a_version_that_is_not_there_is_compared_with_nothing(
    workspace: Workspace, prompt: AssetVersion, number: str
) -> None:
    answer = reader(workspace).get(f"{page(prompt)}?against={number}")

    assert answer.status_code == 200


def test_an_outsider_tries_nothing_and_neither_does_anybody_with_what_is_no_prompt(
    workspace: Workspace, prompt: AssetVersion
) -> None:
    outsider = browser(factories.make_actor())
    model = factories.make_model(workspace)

    assert outsider.get(page(prompt)).status_code == 404
    assert outsider.post(page(prompt), {"question": "x"}).status_code == 404
    assert reader(workspace).get(page(model)).status_code == 404


def test_what_was_filled_in_is_escaped(workspace: Workspace, prompt: AssetVersion) -> None:
    answer = reader(workspace).post(page(prompt), {"question": "<script>alert(1)</script>"})

    assert "<script>alert(1)" not in answer.content.decode()


def test_the_page_of_a_prompt_leads_to_the_playground(
    workspace: Workspace, prompt: AssetVersion
) -> None:
    address = reverse("admin:registry_assetversion_change", args=[prompt.pk])

    assert page(prompt) in reader(workspace).get(address).content.decode()
