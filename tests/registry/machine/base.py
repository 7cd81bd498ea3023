"""The installation that the steps work on, beside the model of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from core.denials import record_denial
from core.errors import AccessDenied, Conflict, DomainError, InvalidInput, NotFound
from core.models import JournalEntry
from registry.permissions import Permission
from tests.factories import (
    DATASET_SPEC,
    MODEL_SPEC,
    administrator,
    as_actor,
    grant,
    make_user,
    make_workspace,
)
from tests.registry.machine.model import PROTECTED, RULED, WITHDRAWN, Model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from registry.models import Workspace
    from tests.registry.machine.model import Asset, Version

    Result = TypeVar("Result")
    Item = TypeVar("Item")
    Refusals = list[type[DomainError]]

DENIED = "core.access.denied"
PEOPLE = ("author", "deployer", "first", "second", "chief", "stranger")
PLACES = ("dev", "staging", "prod")
STAGES = {"dev": "development", "staging": "staging", "prod": "production"}
DEMANDED = {"dev": 0, "staging": 0, "prod": 2}
MEMBERS = (
    ("author", "dev", "author"),
    ("deployer", "dev", "reader"),
    ("deployer", "staging", "deployer"),
    ("deployer", "prod", "deployer"),
    ("first", "dev", "approver"),
    ("first", "prod", "approver"),
    ("second", "prod", "approver"),
)


class Base(RuleBasedStateMachine):
    """Every example lives in a transaction of its own, which is rolled back after it."""

    def __init__(self) -> None:
        super().__init__()
        self.scope = transaction.atomic()
        self.scope.__enter__()
        self.model = Model(chiefs=frozenset({"chief"}), demanded=DEMANDED)
        self.actors = {who: as_actor(make_user(who)) for who in PEOPLE if who != "chief"}
        self.actors["chief"] = administrator()
        self.places: dict[str, Workspace] = {}
        for slug in PLACES:
            self.places[slug] = make_workspace(
                slug, stage=STAGES[slug], required_approvals=DEMANDED[slug]
            )
            self.model.roles_of("chief", slug).add("admin")
            self.model.delete_rule[slug] = "refuse"
        for who, place, role in MEMBERS:
            grant(self.actors[who], self.places[place], role)
            self.model.roles_of(who, place).add(role)
        self.told = JournalEntry.objects.count()
        self.moments: list[tuple[datetime, dict[tuple[Asset, str], Version | None]]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)

    # -- Doing something, and holding it to what must come of it ---------------------------------

    def attempt(
        self,
        who: str,
        call: Callable[[], Result],
        *,
        refusals: Refusals,
        effects: Iterable[str] = (),
        on_refusal: Sequence[str] = (),
    ) -> Result | None:
        """Do it as a request would. It must be refused as one of ``refusals`` if there is any,
        with a denial on record where a right lacked; else it must have just ``effects``."""
        refused: DomainError | None = None
        result: Result | None = None
        try:
            result = call()
        except DomainError as error:
            record_denial(error, actor=self.actors[who])
            refused = error
        if refused is None:
            assert not refusals, f"not refused, though it must be: {refusals}"
            self.expect_told(effects)
            return result
        assert type(refused) in refusals, f"{refused!r}, and not one of {refusals}"
        assert refused.denial is not None or not isinstance(refused, AccessDenied)
        self.expect_told([*on_refusal, *([DENIED] if refused.denial else [])])
        return None

    def expect_told(self, actions: Iterable[str]) -> None:
        """The journal says just this, and nothing twice."""
        entries = JournalEntry.objects.order_by("id").values_list("action", flat=True)
        told = list(entries[self.told :])
        assert sorted(told) == sorted(actions)
        self.told += len(told)

    def remember(self) -> None:
        """Note what every alias means now, to ask for it again later."""
        meant = {
            (asset, alias): asset.aliases.get(alias)
            for asset in self.model.assets
            for alias in {move.alias for move in asset.moves}
        }
        self.moments.append((timezone.now(), meant))

    # -- Why something must be refused -----------------------------------------------------------

    def lacking(
        self,
        who: str,
        right: Permission,
        place: str,
        *,
        hidden: type[DomainError] = NotFound,
    ) -> Refusals:
        """The refusal of whoever lacks a right; ``hidden`` where not even the place is seen."""
        if not self.model.may(who, Permission.VIEW, place):
            return [hidden]
        return [] if self.model.may(who, right, place) else [AccessDenied]

    def unmovable(self, who: str, place: str, alias: str, to: Version | str | None) -> Refusals:
        """Why somebody may not move an alias by hand onto a version (or one of that state)."""
        right = Permission.MOVE_PROTECTED_ALIAS if alias == PROTECTED else Permission.MOVE_ALIAS
        refusals = self.lacking(who, right, place, hidden=InvalidInput)
        state = to if isinstance(to, str) or to is None else to.state
        terms = self.model.terms.get(place) if alias == RULED else None
        if terms and terms.role and terms.role not in self.model.roles_of(who, place):
            refusals.append(AccessDenied)
        if terms and terms.state and state is not None and state != terms.state:
            refusals.append(Conflict)
        if state == WITHDRAWN:
            refusals.append(Conflict)
        return refusals


def mostly(*names: str) -> st.SearchStrategy[str]:
    """Mostly one of these people, sometimes anybody: who may do nothing shows little."""
    return st.sampled_from(names * 4 + PEOPLE)


def pick(items: Sequence[Item], index: int) -> Item:
    """One of the items, whatever the number; small numbers mean the newest."""
    return items[-1 - index % len(items)]


def spec_of(kind: str, content: int) -> dict[str, Any]:
    """One of few contents of a kind."""
    if kind == "dataset":
        return DATASET_SPEC | {"statistics": {"rows": content}}
    return MODEL_SPEC | {"license": ("MIT", "Apache-2.0", "BSD-3-Clause")[content]}
