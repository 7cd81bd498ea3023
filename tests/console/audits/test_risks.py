"""The pages of the risk register."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import RiskLink, RiskRevision
from audits.services import risks
from registry.models import Workspace
from tests.console.pages import browser
from tests.factories import administrator, make_workspace, member

pytestmark = pytest.mark.django_db


def shown(client: Client, name: str, *args: Any, **asked: str) -> str:
    answer = client.get(reverse(f"admin:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def a_risk(prod: Workspace, **said: Any) -> RiskRevision:
    terms: dict[str, Any] = {
        "title": "It leaks",
        "category": "privacy",
        "inherent_likelihood": 4,
        "inherent_impact": 5,
        "review_on": timezone.now().date() + timedelta(days=30),
    }
    return risks.create(
        actor=administrator(), terms=risks.RiskTerms(**(terms | said)), workspace=prod.slug
    )


def test_the_register_has_a_heat_map_that_leads_to_its_risks(
    admin: Client, prod: Workspace
) -> None:
    a_risk(prod)
    a_risk(prod, title="Slow", inherent_likelihood=1, inherent_impact=1)

    text = shown(admin, "console_risks")
    cell = shown(admin, "console_risks", cell="4x5")

    assert "cell=4x5" in text
    assert "Slow" in text
    assert "It leaks" in cell
    assert "Slow" not in cell
    assert shown(admin, "console_risks", cell="9x9", state="nonsense", after="x")


def test_a_risk_is_added_revised_reviewed_linked_and_shown_with_its_history(
    admin: Client, prod: Workspace
) -> None:
    day = (timezone.now().date() + timedelta(days=60)).isoformat()
    said = {
        "title": "It leaks",
        "category": "privacy",
        "inherent_likelihood": "4",
        "inherent_impact": "5",
        "review_on": day,
        "workspace": "prod",
    }
    added = admin.post(reverse("admin:console_risk_create"), said)
    assert added.status_code == 302, added.content
    uuid = RiskRevision.objects.get().risk.uuid

    more = {"residual_likelihood": "2", "residual_impact": "2", "treatment": "reduce"}
    more |= {"treatment_reason": "masked", "state": "treated", "tag": tag(admin, uuid)}
    revised = admin.post(address("revise", uuid), said | more)
    stale = admin.post(address("revise", uuid), said | more | {"title": "Mine"})
    linked = admin.post(address("link", uuid), {"kind": "control", "target": "eu-ai-act/art-9.1"})
    text = shown(admin, "console_risk", uuid)

    assert (revised.status_code, linked.status_code) == (302, 302), revised.content
    assert "It changed since you looked" in stale.content.decode()
    assert "likelihood after treatment" in text
    assert "eu-ai-act/art-9.1" in text
    assert "●" in text
    ended = reverse("admin:console_risk_unlink", args=[uuid, RiskLink.objects.get().uuid])
    assert admin.post(ended, {"reason": "over"}).status_code == 302


def address(verb: str, uuid: UUID) -> str:
    return reverse(f"admin:console_risk_{verb}", args=[uuid])


def tag(client: Client, uuid: UUID) -> str:
    """The tag that the form carries."""
    text = client.get(address("revise", uuid)).content.decode()
    return text.partition('name="tag" value="')[2].partition('"')[0]


def test_only_another_person_is_offered_to_accept_a_risk(prod: Workspace) -> None:
    owner, other = member(prod, "deployer", username="owns"), member(prod, "auditor")
    risk = a_risk(prod, owner="owns", treatment="accept", treatment_reason="It is small.").risk
    accept = address("accept", risk.uuid)

    mine = shown(browser(owner), "console_risk", risk.uuid)
    theirs = shown(browser(other), "console_risk", risk.uuid)

    assert accept not in mine
    assert accept in theirs


def test_a_reader_sees_risks_and_changes_none(reader: Client, prod: Workspace) -> None:
    risk = a_risk(prod).risk
    elsewhere = a_risk(make_workspace("elsewhere")).risk

    text = shown(reader, "console_risk", risk.uuid)

    assert address("revise", risk.uuid) not in text
    assert reader.get(reverse("admin:console_risk", args=[elsewhere.uuid])).status_code == 404
    posted = reader.post(address("review", risk.uuid), {"review_on": "2099-01-01", "tag": "x"})
    assert posted.status_code == 200
    assert RiskRevision.objects.filter(risk=risk).count() == 1
