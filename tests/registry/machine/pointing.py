"""Steps that move aliases by hand, and say who may."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.errors import Conflict, InvalidInput
from registry.models import AliasRule
from registry.permissions import Permission
from registry.services import alias_rules, aliases
from tests.registry.machine.base import PLACES, Base, mostly, pick
from tests.registry.machine.model import RULED, AliasTerms
from tests.registry.machine.registering import ALIASES, MOVED, numbers

EXPECTATIONS = ("anything", "right", "wrong")


class Pointing(Base):
    """Moves, undone moves, and rules of moves."""

    @precondition(lambda self: self.model.assets)
    @rule(
        who=mostly("chief", "author", "deployer"),
        chosen=numbers,
        alias=st.sampled_from(ALIASES),
        number=st.integers(0, 4),
        expectation=st.sampled_from(EXPECTATIONS),
    )
    def move(self, *, who: str, chosen: int, alias: str, number: int, expectation: str) -> None:
        asset = pick(self.model.assets, chosen)
        to = next((each for each in asset.standing if each.number == number), None)
        now = asset.aliases.get(alias)
        refusals = self.unmovable(who, asset.place, alias, to)
        if asset.is_deleted or (number and to is None):
            refusals.append(InvalidInput)
        if expectation == "wrong" or (to is None and now is None):
            refusals.append(Conflict)
        expected = {
            "anything": aliases.ANYTHING,
            "right": now.number if now else None,
            "wrong": now.number + 1 if now else 1,
        }[expectation]
        done = self.attempt(
            who,
            lambda: aliases.move(
                actor=self.actors[who],
                asset=asset.reference,
                alias=alias,
                to=number or None,
                expected=expected,
            ),
            refusals=refusals,
            effects=[MOVED],
        )
        if done is not None:
            asset.point(alias, to)
            self.remember()

    @precondition(lambda self: any(asset.moves for asset in self.model.assets))
    @rule(who=mostly("chief", "deployer"), chosen=numbers, alias=st.sampled_from(ALIASES))
    def undo(self, who: str, chosen: int, alias: str) -> None:
        asset = pick([asset for asset in self.model.assets if asset.moves], chosen)
        moves = [move for move in asset.moves if move.alias == alias]
        to = moves[-1].before if moves else None
        refusals = self.unmovable(who, asset.place, alias, to)
        if asset.is_deleted:
            refusals.append(InvalidInput)
        if not moves or (to is not None and to.is_deleted):
            refusals.append(Conflict)
        done = self.attempt(
            who,
            lambda: aliases.undo(actor=self.actors[who], asset=asset.reference, alias=alias),
            refusals=refusals,
            effects=[MOVED],
        )
        if done is not None:
            asset.point(alias, to)
            self.remember()

    @rule(
        who=st.sampled_from(("author", "chief")),
        place=st.sampled_from(PLACES),
        role=st.sampled_from(("", "author", "deployer", "admin")),
        state=st.sampled_from(("", "", "active", "deprecated")),
    )
    def rule_on_moves(self, who: str, place: str, role: str, state: str) -> None:
        terms = alias_rules.Terms(roles=[role] if role else [], states=[state] if state else [])
        done = self.attempt(
            who,
            lambda: alias_rules.set_rule(
                actor=self.actors[who], workspace=place, pattern=RULED, terms=terms
            ),
            refusals=self.lacking(who, Permission.CHANGE_WORKSPACE, place, hidden=InvalidInput),
            effects=["registry.alias_rule.set"],
        )
        if done is not None:
            self.model.terms[place] = AliasTerms(role, state)

    @precondition(lambda self: self.model.terms)
    @rule(chosen=numbers)
    def end_rule(self, chosen: int) -> None:
        place = pick(sorted(self.model.terms), chosen)
        found = AliasRule.objects.get(workspace__slug=place, valid_to__isnull=True)
        self.attempt(
            "chief",
            lambda: alias_rules.end_rule(actor=self.actors["chief"], rule=found.uuid),
            refusals=[],
            effects=["registry.alias_rule.ended"],
        )
        del self.model.terms[place]
