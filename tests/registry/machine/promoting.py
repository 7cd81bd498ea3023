"""Steps that promote, decide on promotions, take them back, and roll them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.errors import AccessDenied, Conflict, InvalidInput, Refused
from registry.models import Promotion as Row
from registry.permissions import Permission
from registry.services.promotions import decide, request
from registry.services.promotions.rollback import rollback
from tests.registry.machine.base import Base, mostly, pick
from tests.registry.machine.model import WITHDRAWN, Asset, Look, Promotion
from tests.registry.machine.registering import ALIASES, MOVED, numbers

if TYPE_CHECKING:
    from tests.registry.machine.base import Refusals
    from tests.registry.machine.model import Version

REVIEWED = "registry.promotion.reviewed"
DECIDED = "registry.promotion.decided"
REFUSED = "registry.promotion.refused"
COMPLETED = "registry.promotion.completed"


class Promoting(Base):
    """Promotions from any place into staging, which asks nobody, and production, which asks two."""

    @precondition(lambda self: self.model.assets)
    @rule(
        who=mostly("deployer", "chief"),
        chosen=numbers,
        into=st.sampled_from(("staging", "prod", "prod")),
        alias=st.sampled_from(("", *ALIASES)),
    )
    def promote(self, *, who: str, chosen: int, into: str, alias: str) -> None:
        source = pick(self.model.versions, chosen)
        asset = source.asset
        refusals = self.lacking(who, Permission.VIEW, asset.place, hidden=InvalidInput)
        refusals += self.lacking(who, Permission.PROMOTE, into, hidden=InvalidInput)
        if source.is_deleted or asset.place == into:
            refusals.append(InvalidInput)
        twins = self.model.open_promotions_of(source)
        if any((twin.target, twin.alias) == (into, alias) for twin in twins):
            refusals.append(Conflict)
        is_refused, waits = source.state == WITHDRAWN, self.model.demanded[into] > 0
        effects = [REFUSED] if is_refused else ["registry.promotion.requested"]
        if not waits and not is_refused:
            effects = [COMPLETED] + [MOVED] * bool(alias)
        row = self.attempt(
            who,
            lambda: request.promote(
                actor=self.actors[who],
                source=f"{asset.reference}/{source.number}",
                target=into,
                alias=alias,
                reason="release",
            ),
            refusals=refusals,
            effects=effects,
        )
        if row is None:
            return
        shown = Look(asset.name, asset.name, source.state)
        made = Promotion(row.uuid, source, into, alias, who, row.status, shown)
        self.model.promotions.append(made)
        assert made.is_open == (waits and not is_refused)
        assert (made.status == "refused") == is_refused
        self.arrived(made, row)

    def arrived(self, promotion: Promotion, row: Row) -> None:
        """Note what a completed promotion brought."""
        promotion.status = row.status
        if row.target_version is None:
            return
        source, brought = promotion.source, row.target_version
        found = self.model.find(promotion.target, source.asset.kind, source.asset.name)
        if found is None:
            here = brought.asset
            found = Asset(here.uuid, promotion.target, source.asset.kind, source.asset.name)
            self.model.assets.append(found)
        assert brought.asset.uuid == found.uuid
        promotion.result = found.add(brought.uuid, source.digest, needs=[])
        assert brought.number == promotion.result.number
        if promotion.alias:
            found.point(promotion.alias, promotion.result)
        self.remember()

    @precondition(lambda self: self.model.promotions)
    @rule(
        who=mostly("first", "second", "chief"),
        chosen=numbers,
        decision=st.sampled_from(("approved", "approved", "approved", "rejected")),
    )
    def decide(self, *, who: str, chosen: int, decision: str) -> None:
        promotion = self.chosen(chosen)
        refusals, now = self.undecidable(who, promotion), promotion.look()
        changed = not refusals and promotion.shown != now
        if changed or (who, now) in promotion.approvals:
            refusals.append(Conflict)
        is_refused = decision == "rejected" or promotion.source.state == WITHDRAWN
        agreed = self.model.standing_approvals(promotion) | {who}
        completes = not is_refused and len(agreed) >= self.model.demanded[promotion.target]
        if completes and not self.may_still_ask(promotion):
            refusals.append(Conflict)
        effects = [DECIDED] + [REFUSED] * is_refused + [COMPLETED] * completes
        row = self.attempt(
            who,
            lambda: decide.decide(
                actor=self.actors[who],
                promotion=promotion.uuid,
                decision=decision,
                binding=Row.objects.values_list("binding", flat=True).get(uuid=promotion.uuid),
            ),
            refusals=refusals,
            effects=effects + [MOVED] * (completes and bool(promotion.alias)),
            on_refusal=[REVIEWED] * changed,
        )
        if changed or row is not None:
            promotion.shown = now
        if row is not None:
            assert row.status == self.status_after(completes=completes, is_refused=is_refused)
            promotion.approvals.append((who, now))
            promotion.counted = agreed
            self.arrived(promotion, row)

    def chosen(self, index: int) -> Promotion:
        """Mostly one that waits, where one does."""
        waiting = [each for each in self.model.promotions if each.is_open]
        return pick(waiting if waiting and index % 4 else self.model.promotions, index)

    def undecidable(self, who: str, promotion: Promotion) -> Refusals:
        refusals = self.lacking(who, Permission.APPROVE, promotion.target)
        if not promotion.is_open:
            refusals.append(Conflict)
        if who == promotion.requester:
            refusals.append(AccessDenied)
        return refusals

    def may_still_ask(self, promotion: Promotion) -> bool:
        """Whether whoever asked could ask now: it is their right that the promotion uses."""
        who, source = promotion.requester, promotion.source.asset.place
        return self.model.may(who, Permission.PROMOTE, promotion.target) and self.model.may(
            who, Permission.VIEW, source
        )

    def status_after(self, *, completes: bool, is_refused: bool) -> str:
        if is_refused:
            return "refused"
        return "completed" if completes else "awaiting_approval"

    @precondition(lambda self: self.model.promotions)
    @rule(who=mostly("deployer"), chosen=numbers)
    def take_back(self, who: str, chosen: int) -> None:
        promotion = self.chosen(chosen)
        refusals = self.lacking(who, Permission.PROMOTE, promotion.target)
        if not promotion.is_open:
            refusals.append(Conflict)
        row = self.attempt(
            who,
            lambda: decide.withdraw(actor=self.actors[who], promotion=promotion.uuid),
            refusals=refusals,
            effects=["registry.promotion.withdrawn"],
        )
        if row is not None:
            promotion.status = "withdrawn"

    @precondition(lambda self: any(each.result for each in self.model.promotions))
    @rule(who=mostly("deployer", "chief"), chosen=numbers)
    def roll_back(self, who: str, chosen: int) -> None:
        promotion = pick([each for each in self.model.promotions if each.result], chosen)
        asset, earlier, is_impossible = self.before(promotion)
        refusals = self.lacking(who, Permission.PROMOTE, promotion.target)
        if is_impossible:
            refusals.append(Conflict)
        is_refused = not refusals and earlier is not None and not self.may_mean(promotion, earlier)
        if is_refused:
            refusals.append(Refused)
        row = self.attempt(
            who,
            lambda: rollback(actor=self.actors[who], promotion=promotion.uuid, reason="worse"),
            refusals=refusals,
            effects=[MOVED, "registry.promotion.rolled_back"],
            on_refusal=["registry.promotion.rollback_refused"] * is_refused,
        )
        if row is not None:
            asset.point(promotion.alias, earlier)
            self.remember()

    def before(self, promotion: Promotion) -> tuple[Asset, Version | None, bool]:
        """What the alias meant before the promotion, and whether there is no way back to it."""
        result = promotion.result
        assert result is not None
        asset = result.asset
        brought = [m for m in asset.moves if (m.alias, m.after) == (promotion.alias, result)]
        earlier = brought[0].before if brought else None
        is_current = asset.aliases.get(promotion.alias) is result
        return asset, earlier, earlier is None or not is_current

    def may_mean(self, promotion: Promotion, version: Version) -> bool:
        """Whether an alias of the target may go back to a version without being approved again."""
        if version.is_deleted or version.state == WITHDRAWN:
            return False
        came_here = any(each.result is version for each in self.model.promotions)
        return came_here or not self.model.demanded[promotion.target]
