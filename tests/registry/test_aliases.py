"""Moving aliases."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import AccessDenied, Conflict, InvalidInput
from core.journal import decode
from core.models import JournalEntry
from registry.models import Alias, AliasMove, Asset
from registry.services import aliases
from tests.factories import administrator, make_model, make_workspace, member, token_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset() -> Asset:
    """A model of three versions."""
    workspace = make_workspace()
    return [make_model(workspace, name="base").asset for _ in range(3)][-1]


def move(asset: Asset, to: int | None, *, alias: str = "candidate", **options: Any) -> AliasMove:
    ref = f"{asset.workspace.slug}/model/base"
    actor = options.pop("actor", None) or administrator()
    return aliases.move(actor=actor, asset=ref, alias=alias, to=to, **options)


def points_at(asset: Asset, alias: str = "candidate") -> int | None:
    found = Alias.objects.filter(asset=asset, name=alias).first()
    return found.version.number if found else None


def test_an_alias_is_made_moved_and_removed_with_every_move_on_record(asset: Asset) -> None:
    for to in (1, 2, None, 3):
        move(asset, to, reason=f"to {to}")
        assert points_at(asset) == to

    moves = AliasMove.objects.order_by("id").values_list(
        "from_version__number", "to_version__number", "reason"
    )
    assert list(moves) == [
        (None, 1, "to 1"),
        (1, 2, "to 2"),
        (2, None, "to None"),
        (None, 3, "to 3"),
    ]
    entry = JournalEntry.objects.filter(action="registry.alias.moved").latest("id")
    body = decode(entry)
    assert (body["before"], body["after"]["number"]) == ({"number": None}, 3)
    assert body["subject"]["ref"] == f"{asset.workspace.slug}/model/base@candidate"


@pytest.mark.parametrize(
    ("standing", "expected", "is_moved"),
    [(1, 1, True), (1, 2, False), (1, None, False), (None, None, True), (None, 1, False)],
)
def test_a_move_happens_only_from_where_it_was_expected(
    asset: Asset, standing: int | None, expected: int | None, is_moved: bool
) -> None:
    if standing:
        move(asset, standing)

    if is_moved:
        move(asset, 3, expected=expected)
    else:
        with pytest.raises(Conflict) as caught:
            move(asset, 3, expected=expected)
        assert caught.value.extra == {"actual": standing}
    assert points_at(asset) == (3 if is_moved else standing)


def test_removing_an_alias_that_points_nowhere_is_a_conflict(asset: Asset) -> None:
    with pytest.raises(Conflict):
        move(asset, None)


def test_an_alias_cannot_point_at_a_version_that_is_not_there(asset: Asset) -> None:
    with pytest.raises(InvalidInput, match="has no version 4"):
        move(asset, 4)


def test_a_missing_asset_and_a_foreign_one_are_the_same_error(asset: Asset) -> None:
    outsider = member(make_workspace(), "author")

    with pytest.raises(InvalidInput) as foreign:
        move(asset, 1, actor=outsider)
    asset.workspace.slug = "nowhere"
    with pytest.raises(InvalidInput) as missing:
        move(asset, 1)

    assert foreign.value.errors[0].field == missing.value.errors[0].field == "asset"
    assert missing.value.denial is None
    assert foreign.value.denial is not None
    assert foreign.value.denial.permission == "view_workspace"


@pytest.mark.parametrize(
    ("role", "alias", "may"),
    [
        ("reader", "candidate", False),
        ("author", "candidate", True),
        ("author", "production", False),
        ("deployer", "candidate", True),
        ("deployer", "production", False),
        ("approver", "candidate", False),
        ("auditor", "candidate", False),
        ("admin", "production", True),
    ],
)
def test_who_may_move_which_alias(asset: Asset, role: str, alias: str, may: bool) -> None:
    actor = member(asset.workspace, role)

    if may:
        move(asset, 1, alias=alias, actor=actor)
    else:
        with pytest.raises(AccessDenied):
            move(asset, 1, alias=alias, actor=actor)
    assert points_at(asset, alias) == (1 if may else None)


@pytest.mark.parametrize(
    "alias", ["Production", "PRODUCTION", "\uff50roduction", "pro\ufe0fduction", "production\u3164"]
)
def test_another_spelling_of_a_protected_alias_is_protected_too(asset: Asset, alias: str) -> None:
    author = token_client(member(asset.workspace, "author"))
    admin = token_client(member(asset.workspace, "admin"))
    wanted = {"asset": f"{asset.workspace.slug}/model/base", "alias": alias, "to": 1}
    address = "/api/registry/aliases/"

    assert author.post(address, wanted, format="json").status_code == 403
    assert points_at(asset, alias) is None
    assert admin.post(address, wanted, format="json").status_code == 201


def test_it_does_not_matter_how_the_protected_alias_is_spelt(asset: Asset) -> None:
    asset.workspace.protected_aliases = ["Stra\u00dfe"]
    asset.workspace.save(update_fields=["protected_aliases"])

    with pytest.raises(AccessDenied):
        move(asset, 1, alias="STRASSE", actor=member(asset.workspace, "author"))
    move(asset, 1, alias="production", actor=member(asset.workspace, "author"))
