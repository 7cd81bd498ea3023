"""What the source of a version may be, and what a copy is."""

from __future__ import annotations

import pytest
from django.conf import settings

from registry.models import AssetVersion, VersionLink
from tests.factories import grant, make_model, make_workspace, member
from tests.mlflow.client import Wire


@pytest.fixture
def model(author: Wire) -> Wire:
    author.make_model("iris")
    return author


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("s3://bucket/model", {}),
        ("https://models.example/x", {}),
        ("dbfs:/models/x", {}),
        ("runs:/abc/model", {"run_id": "abc"}),
        ("mlflow-artifacts:/1/abc/artifacts/model", {"run_id": "abc"}),
        ("mlflow-artifacts:/1/models/m-1/artifacts", {"model_id": "m-1"}),
        ("models:/m-1", {"model_id": "m-1"}),
    ],
)
def test_an_address_is_kept_as_it_is(model: Wire, source: str, more: dict[str, str]) -> None:
    made = model.make_version("iris", source, **more)

    assert made["source"] == source
    assert (made["run_id"], made["model_id"]) == (more.get("run_id", ""), more.get("model_id", ""))


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("", {}),
        ("/etc/passwd", {}),
        ("relative/path", {}),
        ("file:///etc/passwd", {"run_id": "abc"}),
        ("C:\\models\\x", {}),
        ("s3://bucket/a/../b", {}),
        ("s3://bucket/a/%2e%2e/b", {}),
        ("s3://bucket/a/%252e%252e/b", {}),
        ("https://models.example/a\\..\\b", {}),
        ("runs:/abc/model", {}),
        ("runs:/abc/model", {"run_id": "other"}),
        ("mlflow-artifacts:/1/abc/artifacts", {}),
        ("mlflow-artifacts:/1/abc/artifacts", {"run_id": "other"}),
        ("https://host/api/2.0/mlflow-artifacts/artifacts/1/abc", {"run_id": "other"}),
        ("models:/m-1", {}),
        ("models:/m-1", {"model_id": "m-2"}),
        ("models:/none/1", {}),
        ("models:/iris/99", {}),
        ("models:/iris@none", {}),
        ("muniment://elsewhere/protocol/model/iris/1", {}),
        ("s3://" + "x" * 2_000, {}),
    ],
)
def test_another_source_is_refused_and_leaves_no_version(
    model: Wire, source: str, more: dict[str, str]
) -> None:
    answer = model.refused("POST", "model-versions/create", name="iris", source=source, **more)

    assert answer[:2] == (400, "INVALID_PARAMETER_VALUE")
    assert not AssetVersion.objects.exists()


@pytest.mark.parametrize("source", ["models:/iris/1", "models:/iris@best"])
def test_a_copy_is_linked_to_what_it_copies_and_knows_where_the_bytes_are(
    model: Wire, source: str
) -> None:
    model.make_version("iris", "s3://bucket/first")
    model.ok("POST", "registered-models/alias", name="iris", alias="best", version="1")
    model.make_model("copy")

    made = model.make_version("copy", source)

    assert made["source"] == source
    uri = model.ok("GET", "model-versions/get-download-uri", name="copy", version="1")
    assert uri == {"artifact_uri": "s3://bucket/first"}
    link = VersionLink.objects.select_related("target__asset", "version__asset").get()
    assert (link.role, link.target.asset.name) == ("derived_from", "iris")


def test_what_was_copied_is_not_deleted_under_its_copies(model: Wire, admin: Wire) -> None:
    model.make_version("iris")
    model.make_model("copy")
    model.make_version("copy", "models:/iris/1")

    assert admin.refused("DELETE", "model-versions/delete", name="iris", version="1")[0] == 409


def test_a_version_of_another_workspace_can_be_named_by_those_who_see_it(model: Wire) -> None:
    other = make_workspace("other")
    make_model(other, name="base")
    source = f"muniment://{settings.INSTANCE}/other/model/base/1"

    unseen = model.refused("POST", "model-versions/create", name="iris", source=source)
    assert unseen[0] == 400
    seeing = member(other, "reader")
    assert seeing.user is not None
    wire = Wire(seeing, other)
    assert wire.refused("POST", "model-versions/create", name="base", source=source)[0] == 403


def test_who_sees_both_workspaces_links_across_them(model: Wire) -> None:
    other, both = make_workspace("other"), make_workspace("both")
    make_model(other, name="base")
    actor = member(both, "author")
    grant(actor, other, "reader")
    wire = Wire(actor, both)
    wire.make_model("mine")

    made = wire.make_version("mine", f"muniment://{settings.INSTANCE}/other/model/base/1")

    uri = wire.ok("GET", "model-versions/get-download-uri", name="mine", version=made["version"])
    assert uri == {"artifact_uri": "https://models.example/api"}
    assert VersionLink.objects.get().target.asset.name == "base"
