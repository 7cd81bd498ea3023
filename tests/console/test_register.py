"""A version is registered from a document, written or uploaded; errors name their place."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.models import AssetVersion, Workspace
from registry.queries.documents import export
from tests import factories
from tests.console.pages import browser

SPEC = "type: text\ntemplate: Say goodbye.\n"
WHOLE = "kind: prompt\nname: goodbye\nspec:\n  type: text\n  template: Say goodbye.\n"


@pytest.fixture
def workspace(db: None) -> Workspace:
    return factories.make_workspace()


def send(workspace: Workspace, *, role: str = "author", verb: str = "register", **body: Any) -> Any:
    """Send the form, as somebody with the role."""
    client = browser(factories.member(workspace, role))
    given = {"workspace": workspace.slug, verb: "1", **body}
    return client.post(reverse("admin:console_register_document"), given)


def test_a_spec_is_registered_as_the_kind_and_name_of_the_form(workspace: Workspace) -> None:
    answer = send(workspace, kind="prompt", name="goodbye", document=SPEC, reason="wanted")

    version = AssetVersion.objects.get(asset__name="goodbye")
    assert answer.headers["Location"].endswith(f"/{version.pk}/change/")
    assert version.spec.body["template"] == "Say goodbye."


def test_a_whole_document_says_itself_what_it_is(workspace: Workspace) -> None:
    send(workspace, document=WHOLE)
    send(workspace, document=WHOLE)

    assert AssetVersion.objects.filter(asset__name="goodbye").count() == 1


@pytest.mark.parametrize("write", [json.dumps, lambda document: WHOLE])
def test_a_file_is_read_in_place_of_the_text(workspace: Workspace, write: Any) -> None:
    body = write({"kind": "prompt", "name": "goodbye", "spec": {"type": "text", "template": "x"}})

    send(workspace, document="nonsense: [", file=SimpleUploadedFile("a.yaml", body.encode()))

    assert AssetVersion.objects.filter(asset__name="goodbye").exists()


def test_what_was_exported_is_registered_elsewhere(workspace: Workspace) -> None:
    source = factories.make_workspace()
    version = factories.make_prompt(source)
    document = json.dumps(export(factories.member(source, "reader"), version.uuid))

    send(workspace, document=document)

    assert AssetVersion.objects.get(asset__workspace=workspace).digest == version.digest


def test_validating_tells_what_would_be_made_and_writes_nothing(workspace: Workspace) -> None:
    answer = send(workspace, verb="validate", document=WHOLE)

    assert answer.context["validation"].number == 1
    assert answer.context["validation"].is_new
    assert not AssetVersion.objects.exists()


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        ("kind: prompt\nname: x\nspec: {type: text, template: '{{a}}'}", ["spec.variables"]),
        ("kind: prompt\nname: x\nspec: {template: 1}", ["spec.template", "spec"]),
        ("kind: prompt\nname: x\nspec: {}\nlinks: [{role: 3}]", ["links[0].role"]),
        ("kind: prompt\nname: x\nspec: {}\ncolour: red", ["colour"]),
        ("spec: &a {b: *a}", [""]),
        ("spec: [", [""]),
    ],
)
def test_what_is_wrong_is_told_with_its_path_and_nothing_is_written(
    workspace: Workspace, document: str, fields: list[str]
) -> None:
    answer = send(workspace, document=document)

    assert [problem.field for problem in answer.context["problems"]] == fields
    assert html.escape(document) in answer.content.decode()
    assert not AssetVersion.objects.exists()


def test_what_is_wrong_in_the_form_is_told_at_its_field(workspace: Workspace) -> None:
    answer = send(workspace, document=SPEC)

    assert set(answer.context["form"].errors) == {"kind", "name"}
    assert send(workspace).context["form"].errors["document"]


def test_a_list_is_no_document(workspace: Workspace) -> None:
    assert send(workspace, document="[1]").context["form"].errors["document"]


def test_a_reader_registers_nothing(workspace: Workspace) -> None:
    answer = send(workspace, role="reader", document=WHOLE)

    assert answer.context["form"].errors["workspace"]
    assert not AssetVersion.objects.exists()


def test_the_page_of_an_asset_offers_a_new_version_to_those_who_may(workspace: Workspace) -> None:
    prompt = factories.make_prompt(workspace)
    page = reverse("admin:registry_asset_change", args=[prompt.asset_id])
    address = reverse("admin:console_register_document")

    author, reader = (factories.member(workspace, role) for role in ("author", "reader"))

    assert f"{address}?workspace={workspace.slug}" in browser(author).get(page).content.decode()
    assert address not in browser(reader).get(page).content.decode()
