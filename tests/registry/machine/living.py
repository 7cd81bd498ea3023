"""Steps that change what becomes of versions and assets, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.errors import Conflict, Gone, InvalidInput
from registry.models import Grant
from registry.permissions import Permission
from registry.services import deletion, lifecycle, members, naming, workspaces
from tests.registry.machine.base import PEOPLE, PLACES, Base, mostly, pick
from tests.registry.machine.model import REFUSE, Asset, Look, Version
from tests.registry.machine.promoting import REVIEWED
from tests.registry.machine.registering import MOVED, NAMES, numbers

if TYPE_CHECKING:
    from tests.registry.machine.base import Refusals

STATES = ("active", "deprecated", "archived", "withdrawn")


class Living(Base):
    """Lifecycle, deletion, names, grants and the rule of deletion."""

    @precondition(lambda self: self.model.assets)
    @rule(
        who=mostly("first", "chief"),
        chosen=numbers,
        state=st.sampled_from(STATES),
    )
    def change_state(self, *, who: str, chosen: int, state: str) -> None:
        version = pick(self.model.versions, chosen)
        refusals = self.lacking(who, Permission.CHANGE_LIFECYCLE, version.asset.place)
        if version.is_deleted:
            refusals.append(Gone)
        if version.state == state:
            refusals.append(Conflict)
        waiting = list(self.model.open_promotions_of(version))
        done = self.attempt(
            who,
            lambda: lifecycle.change(
                actor=self.actors[who], version=version.uuid, state=state, reason="audited"
            ),
            refusals=refusals,
            effects=["registry.lifecycle.changed"] + [REVIEWED] * len(waiting),
        )
        if done is not None:
            version.state = state
            for promotion in waiting:
                shown = promotion.shown
                promotion.shown = Look(version.asset.name, shown.gate_name, state)

    @precondition(lambda self: self.model.assets)
    @rule(who=mostly("chief"), chosen=numbers)
    def delete_version(self, who: str, chosen: int) -> None:
        version = pick(self.model.versions, chosen)
        refusals, pointing = self.undeletable(who, version.asset, [version])
        if version.is_deleted:
            refusals.append(Gone)
        done = self.attempt(
            who,
            lambda: deletion.delete_version(
                actor=self.actors[who], version=version.uuid, reason="wrong file"
            ),
            refusals=refusals,
            effects=["registry.version.deleted"] + [MOVED] * len(pointing),
        )
        if done is not None:
            self.bury(version.asset, [version], pointing)

    @precondition(lambda self: self.model.assets)
    @rule(who=mostly("chief"), chosen=numbers)
    def delete_asset(self, who: str, chosen: int) -> None:
        asset = pick(self.model.assets, chosen)
        refusals, pointing = self.undeletable(who, asset, asset.standing)
        if asset.is_deleted:
            refusals.append(Gone)
        done = self.attempt(
            who,
            lambda: deletion.delete_asset(
                actor=self.actors[who], asset=asset.uuid, reason="not ours"
            ),
            refusals=refusals,
            effects=["registry.asset.deleted"] + [MOVED] * len(pointing),
        )
        if done is not None:
            self.bury(asset, asset.standing, pointing)
            asset.is_deleted = True

    def undeletable(
        self, who: str, asset: Asset, versions: list[Version]
    ) -> tuple[Refusals, list[str]]:
        """Why they may not be deleted, and the aliases that would be moved to nothing first."""
        refusals = self.lacking(who, Permission.DELETE_VERSION, asset.place)
        pointing = sorted(alias for alias, to in asset.aliases.items() if to in versions)
        if pointing and self.model.delete_rule[asset.place] == REFUSE:
            refusals.append(Conflict)
        elif self.model.may(who, Permission.VIEW, asset.place):
            for alias in pointing:
                refusals += self.unmovable(who, asset.place, alias, None)
        if self.model.rests_on(versions):
            refusals.append(Conflict)
        return refusals, pointing

    def bury(self, asset: Asset, versions: list[Version], pointing: list[str]) -> None:
        for alias in pointing:
            asset.point(alias, None)
        for version in versions:
            version.is_deleted = True
        self.remember()

    @precondition(lambda self: self.model.assets)
    @rule(who=mostly("chief"), chosen=numbers, name=st.sampled_from((*NAMES, "new", "newer")))
    def rename(self, who: str, chosen: int, name: str) -> None:
        asset = pick(self.model.assets, chosen)
        refusals = self.lacking(who, Permission.DELETE_VERSION, asset.place)
        if asset.is_deleted:
            refusals.append(Gone)
        if self.model.find(asset.place, asset.kind, name) not in (None, asset):
            refusals.append(Conflict)
        if asset.name == name:
            refusals.append(Conflict)
        done = self.attempt(
            who,
            lambda: naming.rename(actor=self.actors[who], asset=asset.uuid, name=name),
            refusals=refusals,
            effects=["registry.asset.renamed"],
        )
        if done is not None:
            asset.former.add(asset.name)
            asset.name = name

    @rule(place=st.sampled_from(PLACES), who=mostly("chief"), moves=st.booleans())
    def set_delete_rule(self, place: str, who: str, moves: bool) -> None:
        wanted = "move_aliases_to_none" if moves else REFUSE
        done = self.attempt(
            who,
            lambda: workspaces.change(
                actor=self.actors[who], slug=place, changes={"delete_rule": wanted}
            ),
            refusals=self.lacking(who, Permission.CHANGE_WORKSPACE, place),
            effects=["registry.workspace.changed"],
        )
        if done is not None:
            self.model.delete_rule[place] = wanted

    @rule(
        who=st.sampled_from(("chief", "chief", "author")),
        whom=st.sampled_from(PEOPLE[:4]),
        place=st.sampled_from(PLACES),
        role=st.sampled_from(("author", "approver", "deployer", "reader", "admin")),
    )
    def grant(self, who: str, whom: str, place: str, role: str) -> None:
        held = self.model.roles_of(whom, place)
        refusals = self.lacking(who, Permission.MANAGE_MEMBERS, place, hidden=InvalidInput)
        if role in held:
            refusals.append(Conflict)
        user = self.actors[whom].user
        assert user is not None
        done = self.attempt(
            who,
            lambda: members.grant(
                actor=self.actors[who], workspace=place, role=role, username=user.username
            ),
            refusals=refusals,
            effects=["registry.role.granted"],
        )
        if done is not None:
            held.add(role)

    @rule(who=st.sampled_from(("chief", "chief", "deployer")), chosen=numbers)
    def revoke(self, who: str, chosen: int) -> None:
        held = [
            (whom, place, role)
            for (whom, place), roles in sorted(self.model.roles.items())
            for role in sorted(roles)
            if whom != "chief"
        ]
        if not held:
            return
        whom, place, role = pick(held, chosen)
        row = Grant.objects.get(
            user=self.actors[whom].user, workspace__slug=place, role=role, valid_to__isnull=True
        )
        done = self.attempt(
            who,
            lambda: members.revoke(actor=self.actors[who], grant_uuid=row.uuid),
            refusals=self.lacking(who, Permission.MANAGE_MEMBERS, place),
            effects=["registry.role.ended"],
        )
        if done is not None:
            self.model.roles_of(whom, place).discard(role)
