"""What aliases meant, and undoing a move."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.journal import decode
from core.models import JournalEntry
from registry.models import AliasMove, Asset
from registry.queries.aliases import as_of, protected_aliases
from registry.services import aliases, deletion, lifecycle
from tests.factories import administrator, make_model, make_workspace, member, reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset() -> Asset:
    """A model of three versions."""
    workspace = make_workspace()
    return [make_model(workspace, name="base").asset for _ in range(3)][-1]


def ref(asset: Asset) -> str:
    return f"{asset.workspace.slug}/model/base"


def move(asset: Asset, to: int | None, **options: Any) -> AliasMove:
    options.setdefault("alias", "candidate")
    return aliases.move(actor=administrator(), asset=ref(asset), to=to, **options)


def undo(asset: Asset, **options: Any) -> AliasMove:
    options = {"actor": administrator(), "alias": "candidate", **options}
    return aliases.undo(asset=ref(asset), **options)


def meaning(asset: Asset, at: Any) -> int | None:
    found = as_of(administrator(), f"{ref(asset)}@candidate", at).move
    version = found.to_version if found else None
    return version.number if version else None


def test_what_an_alias_meant_at_a_time_stays_the_answer(asset: Asset) -> None:
    moments = [timezone.now()]
    for to in (1, 2, None, 3, None):
        move(asset, to)
        moments.append(timezone.now())
    deletion.delete_version(actor=administrator(), version=f"{ref(asset)}/2", reason="wrong")
    expected = [None, 1, 2, None, 3, None]

    assert [meaning(asset, moment) for moment in moments] == expected
    deletion.delete_asset(actor=administrator(), asset=ref(asset), reason="retired")
    assert [meaning(asset, moment) for moment in moments] == expected


def test_the_past_is_as_private_as_the_present(asset: Asset) -> None:
    outsider = member(make_workspace(), "admin")

    with pytest.raises(NotFound) as foreign:
        as_of(outsider, f"{ref(asset)}@candidate", timezone.now())
    with pytest.raises(NotFound) as missing:
        as_of(outsider, "nowhere/model/base@candidate", timezone.now())
    with pytest.raises(InvalidInput):
        as_of(administrator(), f"{ref(asset)}/1", timezone.now())

    assert foreign.value.denial is not None
    assert missing.value.denial is None
    assert str(foreign.value) == str(missing.value)


def test_undo_is_a_new_move_back_and_undoing_it_is_one_forth(asset: Asset) -> None:
    move(asset, 1)
    second = move(asset, 2)

    undone = undo(asset, reason="worse in the field")

    assert (undone.from_version, undone.to_version) == (second.to_version, second.from_version)
    entry = decode(JournalEntry.objects.filter(action="registry.alias.moved").latest("id"))
    assert entry["data"]["undoes"] == str(second.uuid)
    assert entry["reason"] == "worse in the field"
    assert undo(asset).to_version == second.to_version
    assert AliasMove.objects.count() == 4


def test_undoing_the_first_move_takes_the_alias_away(asset: Asset) -> None:
    move(asset, 1)

    assert undo(asset).to_version is None
    assert not asset.aliases.exists()


def test_undo_happens_only_from_where_it_was_expected(asset: Asset) -> None:
    move(asset, 1)
    move(asset, 2)

    with pytest.raises(Conflict):
        undo(asset, expected=1)
    assert undo(asset, expected=2).to_version == asset.versions.get(number=1)


def test_undo_does_not_lead_back_to_what_was_deleted_or_withdrawn(asset: Asset) -> None:
    move(asset, 1)
    move(asset, 2)
    admin = administrator()
    lifecycle.change(actor=admin, version=f"{ref(asset)}/1", state="withdrawn", reason="unsafe")

    with pytest.raises(Conflict, match="withdrawn"):
        undo(asset)
    deletion.delete_version(actor=admin, version=f"{ref(asset)}/1", reason="unsafe")
    with pytest.raises(Conflict, match="deleted"):
        undo(asset)


def test_an_alias_that_never_moved_has_nothing_to_undo(asset: Asset) -> None:
    with pytest.raises(Conflict, match="never moved"):
        undo(asset)


def test_undo_needs_the_rights_of_a_move(asset: Asset) -> None:
    move(asset, 1, alias="production")

    with pytest.raises(AccessDenied):
        undo(asset, alias="production", actor=member(asset.workspace, "author"))


def test_protected_aliases_are_found_in_whatever_spelling_they_stand(asset: Asset) -> None:
    for alias in ("Production", "production", "candidate"):
        move(asset, 1, alias=alias)

    found = protected_aliases(asset.workspace)

    assert {alias.name for alias in found} == {"Production", "production"}
    assert reference(found[0].version) == f"{ref(asset)}/1"
