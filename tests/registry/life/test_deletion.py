"""Deleting versions and assets."""

from __future__ import annotations

from typing import Any

import pytest

from core.actors import Actor
from core.errors import AccessDenied, Conflict, Gone, InvalidInput
from core.journal import decode
from core.models import JournalEntry
from registry.models import Alias, AliasMove, Asset, AssetVersion, Tombstone
from registry.queries.versions import resolve, visible_versions
from registry.services import aliases, deletion, workspaces
from tests.factories import (
    administrator,
    make_dataset,
    make_model,
    make_workspace,
    member,
    reference,
)

pytestmark = pytest.mark.django_db


def delete(version: AssetVersion, **options: Any) -> Tombstone:
    return deletion.delete_version(
        **{
            "actor": administrator(),
            "version": reference(version),
            "reason": "wrong data",
            **options,
        }
    )


def test_a_deleted_version_leaves_a_tombstone_and_its_number_stays_taken() -> None:
    workspace = make_workspace()
    first = make_model(workspace, name="base")
    second = make_model(workspace, name="base")

    tombstone = delete(second)
    third = make_model(workspace, name="base")

    assert (tombstone.digest, tombstone.reason) == (second.digest, "wrong data")
    assert third.number == 3
    assert set(visible_versions(administrator())) == {first, third}
    entry = decode(JournalEntry.objects.get(action="registry.version.deleted"))
    assert (entry["subject"]["digest"], entry["reason"]) == (second.digest, "wrong data")


def test_a_look_at_a_deleted_version_tells_its_digest_to_those_who_could_see_it() -> None:
    version = make_model(make_workspace())
    delete(version)

    with pytest.raises(Gone) as caught:
        resolve(administrator(), reference(version))
    with pytest.raises(InvalidInput, match="was deleted"):
        resolve(administrator(), reference(version), field="to")

    assert caught.value.extra["digest"] == version.digest
    assert caught.value.extra["reason"] == "wrong data"


@pytest.mark.parametrize("role", ["reader", "author", "approver", "deployer", "auditor"])
def test_only_an_admin_may_delete(role: str) -> None:
    version = make_model(make_workspace())
    actor: Actor = member(version.asset.workspace, role)

    with pytest.raises(AccessDenied):
        delete(version, actor=actor)

    assert not Tombstone.objects.exists()


def test_what_something_rests_on_is_not_deleted_until_that_is() -> None:
    workspace = make_workspace()
    data = make_dataset(workspace)
    model = make_model(workspace, trained_on=[data])

    with pytest.raises(Conflict) as caught:
        delete(data)
    assert caught.value.extra == {"holds": [{"kind": "version", "subject": reference(model)}]}

    delete(model)
    delete(data)
    assert Tombstone.objects.count() == 2


def test_a_dependent_in_a_workspace_out_of_sight_holds_without_its_name() -> None:
    workspace, elsewhere = make_workspace(), make_workspace()
    data = make_dataset(workspace)
    make_model(elsewhere, trained_on=[data])

    with pytest.raises(Conflict) as caught:
        delete(data, actor=member(workspace, "admin"))

    assert caught.value.extra == {"holds": [{"kind": "version", "subject": None}]}
    assert elsewhere.slug not in str(caught.value)


def test_an_alias_holds_a_version_or_is_moved_first_as_the_workspace_says() -> None:
    version = make_model(make_workspace(), aliases=["candidate"])
    workspace = version.asset.workspace

    with pytest.raises(Conflict):
        delete(version)
    workspaces.change(
        actor=administrator(),
        slug=workspace.slug,
        changes={"delete_rule": "move_aliases_to_none"},
    )
    delete(version)

    assert not Alias.objects.exists()
    move = AliasMove.objects.latest("id")
    assert (move.from_version, move.to_version, move.reason) == (version, None, "wrong data")


def test_an_alias_cannot_be_moved_onto_a_deleted_version() -> None:
    version = make_model(make_workspace())
    delete(version)

    with pytest.raises(InvalidInput, match="has no version 1"):
        aliases.move(
            actor=administrator(),
            asset=reference(version).rpartition("/")[0],
            alias="candidate",
            to=1,
        )


def test_a_deleted_asset_takes_its_versions_along_and_continues_when_made_again() -> None:
    workspace = make_workspace()
    versions = [make_model(workspace, name="base") for _ in range(3)]
    delete(versions[0])
    ref = f"{workspace.slug}/model/base"

    deletion.delete_asset(actor=administrator(), asset=ref, reason="retired")

    assert Tombstone.objects.filter(version__in=versions).count() == 3
    with pytest.raises(Gone):
        deletion.delete_asset(actor=administrator(), asset=ref, reason="again")
    entry = decode(JournalEntry.objects.get(action="registry.asset.deleted"))
    assert (entry["data"]["versions"], entry["data"]["last_number"]) == (2, 3)

    again = make_model(workspace, name="base")
    assert again.number == 4
    assert Asset.objects.get(pk=again.asset_id).deleted_at is None
    assert list(visible_versions(administrator())) == [again]
