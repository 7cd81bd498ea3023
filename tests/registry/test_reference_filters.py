"""Lists of what is about an asset or a version take its id or any reference to it."""

from __future__ import annotations

import pytest

from registry.models import AssetVersion
from registry.services import comments
from tests.factories import (
    make_dataset,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)

pytestmark = pytest.mark.django_db
COMMENTS = "/api/registry/comments/"


@pytest.fixture
def version() -> AssetVersion:
    """A version with a comment on it and one on its asset, among comments on another."""
    place = make_workspace("atelier")
    author = member(place, "author", username="author")
    made = make_model(place, name="sphinx", aliases=["best"], actor=author)
    other = make_dataset(place, name="riddles", actor=author)
    for about in ({"version": reference(made)}, {"asset": "atelier/model/sphinx"}):
        comments.add(actor=author, about=about, text="Good.")
    comments.add(actor=author, about={"version": reference(other)}, text="Bad.")
    return made


def listed(about: AssetVersion, **asked: str) -> int:
    response = token_client(member(about.asset.workspace, "reader")).get(COMMENTS, asked)
    assert response.status_code == 200, response.content
    return len(response.json()["results"])


@pytest.mark.parametrize("form", ["{uuid}", "{ref}", "muniment://localhost/{ref}", "{alias}"])
def test_a_version_is_named_by_id_number_alias_or_in_full(version: AssetVersion, form: str) -> None:
    alias = "atelier/model/sphinx@best"

    assert (
        listed(version, version=form.format(uuid=version.uuid, ref=reference(version), alias=alias))
        == 1
    )


@pytest.mark.parametrize("form", ["{uuid}", "atelier/model/sphinx"])
def test_an_asset_is_named_by_id_or_name(version: AssetVersion, form: str) -> None:
    assert listed(version, asset=form.format(uuid=version.asset.uuid)) == 1


def test_an_id_that_nothing_bears_keeps_nothing(version: AssetVersion) -> None:
    assert listed(version, version="00000000-0000-7000-8000-000000000000") == 0


@pytest.mark.parametrize(
    "asked", ["nonsense", "atelier/model/sphinx/9", "atelier/model/sphinx", "elsewhere/model/a/1"]
)
def test_a_reference_to_nothing_is_told(version: AssetVersion, asked: str) -> None:
    reader = token_client(member(version.asset.workspace, "reader"))

    problem = reader.get(COMMENTS, {"version": asked})

    assert problem.status_code == 400
    assert problem.json()["errors"][0]["field"] == "version"


def test_a_foreign_version_is_told_like_one_that_is_not_there(version: AssetVersion) -> None:
    stranger = token_client(member(make_workspace("elsewhere"), "reader"))
    answers = [
        stranger.get(COMMENTS, {"version": asked}).json()["errors"][0]["reason"]
        for asked in (reference(version), "atelier/model/none/1")
    ]

    assert answers == [
        f"there is no version {name!r}" for name in (reference(version), "atelier/model/none/1")
    ]
