"""A team that promotes from a development into a production workspace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from core.actors import Actor
from registry.gates import base as gates
from registry.gates.approvals import ApprovalGate
from registry.gates.closure import ClosureGate
from registry.gates.lifecycle import LifecycleGate
from registry.gates.rules import RuleGate
from registry.models import Approval, AssetVersion, Promotion, Workspace
from registry.services.promotions import decide, request
from tests.factories import (
    grant,
    make_dataset,
    make_flow,
    make_model,
    make_prompt,
    make_workspace,
    member,
    reference,
)


@dataclass(frozen=True)
class Team:
    """Two workspaces and who works in them."""

    dev: Workspace
    prod: Workspace
    author: Actor
    deployer: Actor

    def approver(self) -> Actor:
        """One more person who may approve promotions into production."""
        return member(self.prod, "approver")

    def flow(self, **options: Any) -> AssetVersion:
        """A flow of a model, trained on a dataset, and a prompt."""
        model = make_model(self.dev, trained_on=[make_dataset(self.dev)])
        return make_flow(self.dev, [model, make_prompt(self.dev)], **options)

    def promote(self, version: AssetVersion, **options: Any) -> Promotion:
        """Ask for ``version`` to come into production, as the deployer."""
        defaults: dict[str, Any] = {
            "actor": self.deployer,
            "target": self.prod.slug,
            "reason": "release",
        }
        return request.promote(source=reference(version), **(defaults | options))

    def approve(self, promotion: Promotion, *, by: Actor, **options: Any) -> Promotion:
        """Let ``by`` approve what there is now, or do what ``decision`` says."""
        options.setdefault("decision", Approval.Decision.APPROVED)
        shown = Promotion.objects.values_list("binding", flat=True).get(pk=promotion.pk)
        options.setdefault("binding", shown)
        return decide.decide(actor=by, promotion=promotion.uuid, **options)


def make_team(*, required_approvals: int = 0) -> Team:
    """A team whose production asks for that many approvals."""
    dev = make_workspace()
    prod = make_workspace(stage="production", required_approvals=required_approvals)
    deployer = member(prod, "deployer")
    grant(deployer, dev, "reader")
    return Team(dev=dev, prod=prod, author=member(dev, "author"), deployer=deployer)


@pytest.fixture
def team(db: None) -> Team:
    return make_team()


@pytest.fixture
def careful_team(db: None) -> Team:
    return make_team(required_approvals=1)


@pytest.fixture(autouse=True, scope="module")
def own_gates() -> Iterator[None]:
    """The registry's gates alone: those of the apps above have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            gates,
            "installed",
            lambda: (ClosureGate(), LifecycleGate(), ApprovalGate(), RuleGate()),
        )
        yield
