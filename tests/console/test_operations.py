from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import JournalEntry
from registry.models import Grant, Promotion
from registry.services import tokens
from tests import factories
from tests.console.pages import Scene, browser


def told(response: Any) -> str:
    """The page after the redirects."""
    return str(response.content.decode())


def newest_actions(count: int) -> list[str]:
    rows = JournalEntry.objects.order_by("-pk").values_list("action", flat=True)
    return list(rows[:count])


def test_a_promotion_is_asked_for_on_a_form(scene: Scene) -> None:
    version = factories.make_prompt(scene.source, actor=scene.author)
    form = reverse("admin:registry_assetversion_promote", args=[version.uuid])

    response = browser(scene.deployer).post(
        form, {"target": scene.target.slug, "alias": "", "reason": "Wanted now."}, follow=True
    )

    made = Promotion.objects.get(source_version=version)
    assert made.status == "awaiting_approval"
    assert response.redirect_chain[-1][0] == reverse(
        "admin:registry_promotion_change", args=[made.pk]
    )
    assert "it awaits approval" in told(response)


def test_a_form_offers_only_targets_that_the_user_may_promote_into(scene: Scene) -> None:
    form = reverse("admin:registry_assetversion_promote", args=[scene.version.uuid])

    shown = told(browser(scene.author).get(form))

    assert scene.target.slug not in shown


def test_a_target_that_was_not_offered_is_refused(scene: Scene) -> None:
    version = factories.make_prompt(scene.source, actor=scene.author)
    form = reverse("admin:registry_assetversion_promote", args=[version.uuid])

    response = browser(scene.author).post(
        form, {"target": scene.target.slug, "alias": "", "reason": "Wanted now."}
    )

    assert response.status_code == 200
    assert not Promotion.objects.filter(source_version=version).exists()


def test_an_approval_on_the_form_completes_the_promotion(scene: Scene) -> None:
    response = browser(scene.approver).post(
        scene.address("approve"),
        {"comment": "Read and tried.", "binding": scene.promotion.binding},
        follow=True,
    )

    scene.promotion.refresh_from_db()
    assert scene.promotion.status == "completed"
    assert "Approved, and promoted." in told(response)
    assert "registry.promotion.completed" in newest_actions(3)


def test_a_rejection_refuses_the_promotion(scene: Scene) -> None:
    browser(scene.approver).post(
        scene.address("reject"), {"comment": "Not yet.", "binding": scene.promotion.binding}
    )

    scene.promotion.refresh_from_db()
    assert scene.promotion.status == "refused"


def test_an_approval_of_something_else_than_was_shown_is_told_on_the_form(scene: Scene) -> None:
    response = browser(scene.approver).post(
        scene.address("approve"), {"comment": "", "binding": "sha256:" + "0" * 64}
    )

    scene.promotion.refresh_from_db()
    assert response.status_code == 200
    assert "not what you looked at any more" in told(response)
    assert scene.promotion.status == "awaiting_approval"
    assert not scene.promotion.approvals.exists()


def test_nobody_approves_their_own_request_superusers_included(scene: Scene) -> None:
    assert scene.deployer.user is not None
    scene.deployer.user.is_superuser = True
    scene.deployer.user.save()

    response = browser(scene.deployer).post(
        scene.address("approve"), {"comment": "", "binding": scene.promotion.binding}
    )

    scene.promotion.refresh_from_db()
    refusal = "Nobody decides on their own request, nor with a token that they issued for another"
    assert refusal in told(response)
    assert scene.promotion.status == "awaiting_approval"
    assert newest_actions(1) == ["core.access.denied"]


def test_a_member_without_the_right_is_told_so_and_journalled(scene: Scene) -> None:
    response = browser(scene.auditor).post(
        scene.address("approve"), {"comment": "", "binding": scene.promotion.binding}
    )

    assert "approve_promotion" in told(response)
    assert newest_actions(1) == ["core.access.denied"]


@pytest.mark.parametrize("verb", ["approve", "reject", "withdraw"])
def test_an_outsider_reaches_no_form(scene: Scene, verb: str) -> None:
    client = browser(scene.outsider)

    assert client.get(scene.address(verb)).status_code == 404
    assert client.post(scene.address(verb), {"comment": "", "binding": "x"}).status_code == 404


def test_the_requester_withdraws(scene: Scene) -> None:
    browser(scene.deployer).post(scene.address("withdraw"), {"reason": "A better one comes."})

    scene.promotion.refresh_from_db()
    assert scene.promotion.status == "withdrawn"


def test_a_look_at_a_form_changes_nothing(scene: Scene) -> None:
    before = JournalEntry.objects.count()
    client = browser(scene.approver)

    for verb in ("approve", "reject"):
        assert client.get(scene.address(verb)).status_code == 200

    assert JournalEntry.objects.count() == before


def test_a_form_needs_its_csrf_token(scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    assert scene.approver.user is not None
    client.force_login(scene.approver.user, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post(
        scene.address("approve"), {"comment": "", "binding": scene.promotion.binding}
    )

    assert response.status_code == 403


def test_a_workspace_admin_grants_and_ends_a_role(scene: Scene) -> None:
    keeper = factories.member(scene.target, "admin")
    assert scene.outsider.user is not None
    client = browser(keeper)

    client.post(
        reverse("admin:registry_grant_grant"),
        {
            "workspace": scene.target.slug,
            "role": "reader",
            "username": scene.outsider.user.username,
            "group": "",
            "reason": "",
        },
    )
    grant = Grant.objects.get(user=scene.outsider.user)
    assert browser(scene.outsider).get(scene.workspace_page).status_code == 200

    client.post(reverse("admin:registry_grant_end", args=[grant.uuid]), {"reason": "Moved on."})
    assert browser(scene.outsider).get(scene.workspace_page).status_code == 404


def test_a_member_cannot_grant(scene: Scene) -> None:
    response = browser(scene.deployer).get(reverse("admin:registry_grant_grant"))

    assert response.status_code == 403


def test_an_administrator_revokes_a_token(scene: Scene) -> None:
    assert scene.author.user is not None
    issued = tokens.issue(actor=scene.author, user=scene.author.user)
    address = reverse("admin:registry_token_revoke", args=[issued.token.uuid])

    assert browser(scene.author).post(address).status_code == 403
    browser(factories.make_admin()).post(address)

    issued.token.refresh_from_db()
    assert issued.token.revoked_at is not None


def test_an_administrator_makes_accounts_groups_and_switches_schedules(db: None) -> None:
    client = browser(factories.make_admin())

    client.post(
        reverse("admin:core_user_create"),
        {"username": "reviewer", "kind": "human", "full_name": ""},
    )
    client.post(reverse("admin:auth_group_create"), {"name": "reviewers"})

    assert newest_actions(2) == ["console.group.created", "console.account.created"]


@pytest.mark.parametrize(
    "name", ["admin:core_user_create", "admin:auth_group_create", "admin:registry_workspace_create"]
)
def test_nobody_else_does(scene: Scene, name: str) -> None:
    response = browser(scene.author).post(reverse(name), {"username": "x", "name": "x"})

    assert response.status_code == 403
