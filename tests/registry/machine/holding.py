"""What holds after every step, and what was answered once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis.stateful import invariant

from core.journal import decode
from core.models import JournalEntry
from registry.models import Alias, AliasMove, Approval, AssetVersion, Tombstone
from registry.models import Asset as AssetRow
from registry.models import Promotion as PromotionRow
from registry.queries.aliases import as_of
from tests.registry.machine.base import Base

if TYPE_CHECKING:
    from uuid import UUID


class Holding(Base):
    """The database against the model."""

    @invariant()
    def numbers_have_no_gap_and_none_is_given_twice(self) -> None:
        rows = AssetVersion.objects.values_list("asset__uuid", "number", "uuid", "digest")
        found = Counter(rows)
        assert found == Counter(
            (asset.uuid, number, version.uuid, version.digest)
            for asset in self.model.assets
            for number, version in enumerate(asset.versions, start=1)
        )
        last = dict(AssetRow.objects.values_list("uuid", "last_number"))
        assert last == {asset.uuid: len(asset.versions) for asset in self.model.assets}

    @invariant()
    def tombstones_keep_the_digest_of_what_was_deleted(self) -> None:
        rows = Tombstone.objects.values_list("version__uuid", "digest")
        assert dict(rows) == {
            version.uuid: version.digest for version in self.model.versions if version.is_deleted
        }

    @invariant()
    def the_moves_of_an_alias_lead_to_where_it_points(self) -> None:
        rows = Alias.objects.values_list("asset__uuid", "name", "version__uuid")
        pointing = {(asset, name): version for asset, name, version in rows}
        replayed: dict[tuple[UUID, str], UUID | None] = {}
        columns = ("asset__uuid", "name", "from_version__uuid", "to_version__uuid")
        for asset, name, before, after in AliasMove.objects.order_by("id").values_list(*columns):
            assert replayed.get((asset, name)) == before
            replayed[asset, name] = after
        assert {key: after for key, after in replayed.items() if after} == pointing
        assert pointing == {
            (asset.uuid, name): version.uuid
            for asset in self.model.assets
            for name, version in asset.aliases.items()
        }

    @invariant()
    def no_alias_points_at_what_was_deleted(self) -> None:
        assert not Alias.objects.filter(version__tombstone__isnull=False).exists()

    @invariant()
    def promotions_are_as_the_model_says(self) -> None:
        rows = PromotionRow.objects.values_list("uuid", "status", "target_version__uuid")
        assert set(rows) == {
            (each.uuid, each.status, each.result.uuid if each.result else None)
            for each in self.model.promotions
        }

    def teardown(self) -> None:
        try:
            self.nothing_was_completed_without_the_people_it_needed()
            self.what_an_alias_meant_is_answered_as_it_was()
        finally:
            super().teardown()

    def nothing_was_completed_without_the_people_it_needed(self) -> None:
        entries = JournalEntry.objects.filter(action="registry.promotion.completed")
        told = {body["data"]["promotion"]: body["data"] for body in map(decode, entries)}
        done = [each for each in self.model.promotions if each.result]
        assert set(told) == {str(each.uuid) for each in done}
        people = {str(actor.uuid): who for who, actor in self.actors.items()}
        for promotion in done:
            said = told[str(promotion.uuid)]
            agreed = {people[each["by"]] for each in said["approvals"]}
            assert agreed == promotion.counted
            assert len(agreed) >= self.model.demanded[promotion.target]
            assert promotion.requester not in agreed
            bindings = Approval.objects.filter(
                uuid__in=[each["approval"] for each in said["approvals"]]
            ).values_list("binding", flat=True)
            assert set(bindings) <= {said["binding"]}

    def what_an_alias_meant_is_answered_as_it_was(self) -> None:
        for at, meant in self.moments[:: max(1, len(self.moments) // 10)]:
            for (asset, alias), version in meant.items():
                move = as_of(self.actors["chief"], f"{asset.reference}@{alias}", at).move
                now = move.to_version.uuid if move and move.to_version else None
                assert now == (version.uuid if version else None)
