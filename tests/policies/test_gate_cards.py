"""The policy gate judges the card as it stands, and its verdict falls when the card changes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from policies.gate import PolicyGate
from policies.packs.catalog import shipped
from registry.gates.base import Proposal
from registry.models import AssetVersion, Promotion, Workspace
from registry.queries.closure import closure_of
from registry.services import cards
from tests.factories import administrator, make_model, make_workspace, reference
from tests.policies.estate import assign, mark_checked, promote, store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
WHOLE = {"intended_use": "Support.", "limitations": "Old.", "human_oversight": "Agents read."}


@pytest.fixture
def prod() -> Workspace:
    prod = make_workspace("prod", stage="production")
    source = next(
        each.module.source for each in shipped() if each.name.endswith("model_card_complete")
    )
    policy = store("cards", source)
    mark_checked(policy)
    assign(policy, prod)
    return prod


@pytest.fixture
def model() -> AssetVersion:
    return make_model(make_workspace("dev"))


def test_a_card_beside_the_version_is_what_counts(prod: Workspace, model: AssetVersion) -> None:
    cards.write(actor=administrator(), version=model.uuid, fields={"intended_use": "Support."})
    before = promote(reference(model), prod)

    cards.write(actor=administrator(), version=model.uuid, fields=WHOLE)

    assert before.status == Promotion.Status.REFUSED
    assert promote(reference(model), prod).status == Promotion.Status.COMPLETED


def test_the_verdict_falls_when_the_card_changes(prod: Workspace, model: AssetVersion) -> None:
    cards.write(actor=administrator(), version=model.uuid, fields=WHOLE)
    proposal = Proposal(
        promotion=model.uuid,
        version=model,
        target=prod,
        alias="",
        reason="T-1",
        closure=closure_of(model, actor=administrator()),
        requested_by=administrator(),
        reviewed_at=timezone.now(),
    )
    verdict = PolicyGate().review(proposal)
    assert PolicyGate().still_stands(proposal, verdict)

    cards.write(actor=administrator(), version=model.uuid, fields={**WHOLE, "limitations": "None."})

    assert not PolicyGate().still_stands(proposal, verdict)
