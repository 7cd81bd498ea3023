"""Assignments, exemptions, attestations and what-ifs as people do them in the console."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actors import Actor
from core.tasks import claim_and_run
from policies.models import Assignment, Attestation, Decision, Exemption, PolicyVersion, WhatIf
from registry.models import Workspace
from tests import factories
from tests.console.pages import browser
from tests.policies import estate

LISTED = reverse("admin:console_policy_assignments")
ASSIGN = reverse("admin:console_policy_assign")
EXEMPTIONS = reverse("admin:console_exemptions")
WHAT_IFS = reverse("admin:console_what_ifs")


@pytest.fixture
def prod(db: None) -> Workspace:
    return factories.make_workspace("prod", stage="production")


@pytest.fixture
def policy(prod: Workspace, without_opa: None) -> PolicyVersion:
    return estate.make_policy()


@pytest.fixture
def without_opa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_OPA", "/nonexistent/opa")


@pytest.fixture
def keeper(prod: Workspace) -> Actor:
    return factories.member(prod, "admin")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def terms(policy: PolicyVersion, **changes: Any) -> dict[str, Any]:
    return {
        "scope": "workspace/prod",
        "of": f"policy:{policy.reference}",
        "effect": "warn",
        "is_enforced": "on",
        "percent": "100",
        **changes,
    }


def one(name: str, uuid: Any) -> str:
    return reverse(f"admin:console_{name}", args=[uuid])


def until(days: int) -> str:
    return f"{timezone.now() + timedelta(days=days):%Y-%m-%d}"


def test_an_assignment_is_made_rolled_out_and_ended(policy: PolicyVersion, keeper: Actor) -> None:
    client = browser(keeper)
    form = terms(policy, tags="env: [prod]", kinds="model, Acme/computes", excluded="")

    made = client.post(ASSIGN, form)

    held = Assignment.objects.get()
    assert made.headers["Location"] == one("policy_assignment", held.uuid)
    assert (held.tags, held.kinds) == ({"env": ["prod"]}, ["Acme/computes", "model"])
    client.post(one("policy_enforcement", held.uuid), {"is_enforced": "on", "percent": "30"})
    page = text(client, one("policy_assignment", held.uuid))
    assert "In 30 % of the workspaces" in page
    assert "prod" in page
    assert policy.reference in text(client, LISTED)
    client.post(one("policy_end", held.uuid), {"reason": "over"})
    assert policy.reference not in text(client, LISTED)
    assert policy.reference in text(client, f"{LISTED}?state=ended")


def test_what_cannot_be_assigned_is_told_at_its_field(policy: PolicyVersion, keeper: Actor) -> None:
    answer = browser(keeper).post(ASSIGN, terms(policy, overrides="a: deny"))

    assert answer.status_code == 200
    assert "are for the members of a set" in answer.content.decode()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("role", ["reader", "author", "approver", "deployer", "auditor"])
def test_who_may_not_assign_sees_and_is_offered_nothing_to_change(
    policy: PolicyVersion, prod: Workspace, role: str
) -> None:
    held = estate.assign(policy, prod)
    client = browser(factories.member(prod, role))

    page = text(client, one("policy_assignment", held.uuid))

    assert one("policy_enforcement", held.uuid) not in page
    assert ASSIGN not in text(client, LISTED)
    assert client.get(ASSIGN).status_code == 403
    client.post(one("policy_end", held.uuid), {"reason": ""})
    held.refresh_from_db()
    assert held.valid_to is None


def test_a_stranger_finds_nothing(policy: PolicyVersion, prod: Workspace) -> None:
    held = estate.assign(policy, prod)
    client = browser(factories.make_actor())

    assert client.get(one("policy_assignment", held.uuid)).status_code == 404
    assert client.get(one("policy_exempt", held.uuid)).status_code == 404
    assert policy.reference not in text(client, LISTED)


def test_an_exemption_is_asked_for_granted_by_another_and_ended(
    policy: PolicyVersion, prod: Workspace, keeper: Actor
) -> None:
    held = estate.assign(policy, prod)
    resource = estate.submit(prod, estate.OPEN).resource
    asker = factories.member(prod, "deployer")
    form = {
        "workspace": "prod",
        "resource": str(resource.uuid),
        "category": "waiver",
        "reason": "Until spring.",
        "expires_at": until(30),
        "ticket": "T-7",
    }

    browser(asker).post(one("policy_exempt", held.uuid), form)

    asked = Exemption.objects.get()
    assert (asked.resource, asked.owner, asked.ticket) == (resource, asker.user, "T-7")
    grant = one("exemption_grant", asked.uuid)
    assert grant not in text(browser(asker), EXEMPTIONS)
    assert grant in text(browser(keeper), EXEMPTIONS)
    assert grant in text(browser(keeper), reverse("admin:console_inbox"))
    browser(keeper).post(grant, {"reason": ""})
    asked.refresh_from_db()
    assert asked.status == "granted"
    assert "Until spring." in text(browser(asker), f"{EXEMPTIONS}?status=granted")
    browser(keeper).post(one("exemption_end", asked.uuid), {"reason": ""})
    assert "Until spring." in text(browser(asker), f"{EXEMPTIONS}?status=ended")
    assert "Until spring." not in text(browser(asker), EXEMPTIONS)


def test_an_exemption_that_nobody_needs_any_more_says_so(
    policy: PolicyVersion, prod: Workspace, keeper: Actor
) -> None:
    held = estate.assign(policy, prod)
    estate.exempt(
        held,
        prod,
        asked_by=factories.member(prod, "deployer"),
        expires_at=timezone.now() + timedelta(days=5),
    )
    estate.submit(prod, estate.CLOSED)
    estate.promote(factories.reference(factories.make_model(factories.make_workspace())), prod)

    page = text(browser(keeper), EXEMPTIONS)

    assert "no longer needed" in page
    assert "expires in" in page


def test_a_manual_rule_is_attested_with_a_file_and_addresses(
    policy: PolicyVersion, prod: Workspace, keeper: Actor
) -> None:
    held = estate.assign(policy, prod, "manual")
    client = browser(keeper)
    form = {
        "workspace": "prod",
        "reference_id": "",
        "state": "compliant",
        "comments": "Looked at it.",
        "expires_at": until(30),
        "file": SimpleUploadedFile("minutes.pdf", b"%PDF the minutes", "application/pdf"),
        "addresses": "The ticket https://tickets.example/7",
    }

    assert 'enctype="multipart/form-data"' in text(client, one("policy_attest", held.uuid))
    client.post(one("policy_attest", held.uuid), form)

    made = Attestation.objects.get()
    titles = {each.title: each for each in made.evidence.all()}
    assert set(titles) == {"minutes.pdf", "The ticket"}
    assert titles["minutes.pdf"].blob is not None
    assert titles["The ticket"].uri == "https://tickets.example/7"
    page = text(client, one("policy_assignment", held.uuid))
    assert "Looked at it." in page
    client.post(one("attestation_end", made.uuid), {"reason": ""})
    made.refresh_from_db()
    assert made.ended_by == keeper.user


def test_an_address_without_title_is_told(
    policy: PolicyVersion, prod: Workspace, keeper: Actor
) -> None:
    held = estate.assign(policy, prod, "manual")
    form = {
        "workspace": "prod",
        "state": "compliant",
        "expires_at": until(30),
        "addresses": "https://tickets.example/7",
    }

    answer = browser(keeper).post(one("policy_attest", held.uuid), form)

    assert "is no title and address" in answer.content.decode()
    assert not Attestation.objects.exists()


def test_a_decision_shows_what_would_mend_it(prod: Workspace, without_opa: None) -> None:
    estate.assign(estate.proposing(value=False), prod, "modify")
    estate.submit(prod, estate.OPEN)
    version = factories.make_model(factories.make_workspace())
    estate.promote(factories.reference(version), prod)
    decision = Decision.objects.get()

    address = reverse("admin:policies_decision_change", args=[decision.pk])
    page = text(browser(factories.member(prod, "reader")), address)

    assert "<del>-    &quot;public&quot;: true</del>" in page
    assert "<ins>+    &quot;public&quot;: false</ins>" in page


def test_what_if_from_the_question_to_the_assignment(
    policy: PolicyVersion, prod: Workspace, keeper: Actor
) -> None:
    estate.submit(prod, estate.OPEN)
    client = browser(keeper)

    client.post(reverse("admin:console_what_if_ask"), terms(policy, effect="deny"))

    asked = WhatIf.objects.get()
    waiting = text(client, one("what_if", asked.uuid))
    assert 'http-equiv="refresh"' in waiting
    while claim_and_run():
        pass
    page = text(client, one("what_if", asked.uuid))
    assert 'http-equiv="refresh"' not in page
    assert "it is open" in page
    assert one("what_if_assign", asked.uuid) in page
    assert "it is open" not in text(client, f"{one('what_if', asked.uuid)}?would=warn")
    assert policy.reference in text(client, WHAT_IFS)
    client.post(one("what_if_assign", asked.uuid), {"reason": "as asked"})
    assert Assignment.objects.get().uuid == asked.uuid
    assert one("policy_assignment", asked.uuid) in text(client, one("what_if", asked.uuid))


def test_a_what_if_is_its_askers_own(policy: PolicyVersion, prod: Workspace, keeper: Actor) -> None:
    browser(keeper).post(reverse("admin:console_what_if_ask"), terms(policy))
    asked = WhatIf.objects.get()

    other = browser(factories.member(prod, "admin"))

    assert other.get(one("what_if", asked.uuid)).status_code == 404
    assert policy.reference not in text(other, WHAT_IFS)
