"""Tags, descriptions and names."""

from __future__ import annotations

from typing import Any

import pytest

from core.canonical import sha256
from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.journal import decode
from core.models import JournalEntry
from registry.models import AssetVersion, VersionTag
from registry.queries.versions import asset_by_reference, resolve
from registry.services import descriptions, naming, tags
from tests.factories import (
    administrator,
    make_dataset,
    make_model,
    make_prompt,
    make_workspace,
    member,
    reference,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> AssetVersion:
    return make_model(make_workspace(), name="base")


def events(prefix: str) -> list[dict[str, Any]]:
    rows = JournalEntry.objects.filter(action__startswith=prefix).order_by("id")
    return [decode(entry) for entry in rows]


def tag(version: AssetVersion, value: str, *, key: str = "team", **options: Any) -> VersionTag:
    options.setdefault("actor", administrator())
    return tags.set_version_tag(version=version.uuid, key=key, value=value, **options)


def test_every_change_of_a_tag_is_journalled_and_a_repeated_value_is_none(
    version: AssetVersion,
) -> None:
    for value in ("a", "a", "b"):
        tag(version, value)
    tags.remove_version_tag(actor=administrator(), version=version.uuid, key="team")

    told = [(event["before"], event["after"]) for event in events("registry.version_tag.")]
    assert told == [
        ({"value": None}, {"value": "a"}),
        ({"value": "a"}, {"value": "b"}),
        ({"value": "b"}, {}),
    ]


def test_a_long_value_stands_in_the_journal_as_digest_and_size(version: AssetVersion) -> None:
    tag(version, "x" * 100_000)

    (event,) = events("registry.version_tag.set")
    assert event["after"] == {"digest": sha256(b"x" * 100_000), "size": 100_000}


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("", "v", "key"),
        (" k", "v", "key"),
        ("k" * 251, "v", "key"),
        ("k\x00", "v", "key"),
        ("k", "v" * 100_001, "value"),
        ("k", "\x00", "value"),
        ("k", "\ud800", "value"),
    ],
)
def test_a_tag_that_no_database_holds_is_refused(
    version: AssetVersion, key: str, value: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        tag(version, value, key=key)

    assert caught.value.errors[0].field == field
    assert not VersionTag.objects.exists()


@pytest.mark.parametrize("role", ["reader", "approver", "deployer", "auditor"])
def test_tags_and_descriptions_are_for_authors(version: AssetVersion, role: str) -> None:
    actor = member(version.asset.workspace, role)

    with pytest.raises(AccessDenied):
        tag(version, "a", actor=actor)
    with pytest.raises(AccessDenied):
        descriptions.describe_asset(actor=actor, asset=version.asset.uuid, description="x")
    tag(version, "a", actor=member(version.asset.workspace, "author"))


def test_a_missing_tag_cannot_be_removed(version: AssetVersion) -> None:
    with pytest.raises(NotFound):
        tags.remove_asset_tag(actor=administrator(), asset=version.asset.uuid, key="team")


def test_descriptions_are_journalled_with_before_and_after(version: AssetVersion) -> None:
    admin = administrator()
    for text in ("one", "one", "two"):
        descriptions.describe_asset(actor=admin, asset=version.asset.uuid, description=text)
        descriptions.describe_version(actor=admin, version=version.uuid, description=text)

    for action in ("registry.asset.described", "registry.version.described"):
        told = [(event["before"]["value"], event["after"]["value"]) for event in events(action)]
        assert told == [("", "one"), ("one", "two")]


# -- Names ---------------------------------------------------------------------------------------


def rename(version: AssetVersion, name: str) -> None:
    naming.rename(actor=administrator(), asset=version.asset.uuid, name=name)


def test_a_former_name_finds_the_asset_for_ever(version: AssetVersion) -> None:
    slug = version.asset.workspace.slug
    rename(version, "answers")
    rename(version, "replies")
    admin = administrator()

    for name in ("base", "answers", "replies"):
        assert resolve(admin, f"{slug}/model/{name}/1") == version
        assert asset_by_reference(admin, f"{slug}/model/{name}").name == "replies"
    assert make_model(version.asset.workspace, name="base").number == 2


def test_a_name_that_another_bears_or_bore_is_taken(version: AssetVersion) -> None:
    workspace = version.asset.workspace
    rename(version, "answers")
    prompt, data = make_prompt(workspace, name="p"), make_dataset(workspace, name="d")

    for taken in ("base", "answers"):
        with pytest.raises(Conflict):
            rename(prompt, taken)
        with pytest.raises(Conflict):
            make_prompt(workspace, name=taken)
    rename(data, "base")
    assert prompt.asset.name == "p"
    assert resolve(administrator(), reference(prompt)) == prompt


def test_an_asset_may_go_back_to_its_former_name(version: AssetVersion) -> None:
    rename(version, "answers")
    rename(version, "base")

    assert resolve(administrator(), reference(version)) == version
    with pytest.raises(Conflict):
        rename(version, "base")


def test_a_renaming_needs_an_admin_and_a_proper_name(version: AssetVersion) -> None:
    author = member(version.asset.workspace, "author")

    with pytest.raises(AccessDenied):
        naming.rename(actor=author, asset=version.asset.uuid, name="mine")
    for wrong in ("", "a/b", "a\x00", "x" * 201):
        with pytest.raises(InvalidInput):
            rename(version, wrong)
