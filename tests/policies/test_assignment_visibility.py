"""Who sees assignments that hold wider than one workspace, and how much of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from core.actors import Actor
from policies.models import Assignment
from policies.services import assignments
from policies.services.terms import Terms
from tests.console.pages import browser
from tests.factories import (
    administrator,
    grant,
    make_actor,
    make_workspace,
    member,
    token_client,
)
from tests.policies.estate import assign, make_policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
API = "/api/policies/assignments/"
SCOPES = ("organisation", "stage/production", "stage/staging", "workspace/other")


@pytest.fixture
def everywhere() -> dict[str, Assignment]:
    """An assignment of every scope, by its scope; the wide ones leave out ``dev`` and ``other``."""
    make_workspace("dev")
    other = make_workspace("other", stage="staging")
    made = {}
    for scope in SCOPES[:-1]:
        terms = Terms(effect="audit", message="secret", excluded=["other", "dev"])
        made[scope] = assignments.assign(
            actor=administrator(), scope=scope, policy=make_policy().reference, terms=terms
        )
    return made | {"workspace/other": assign(make_policy(), other)}


def listed(actor: Actor, **limits: Any) -> dict[str, list[str]]:
    """What the list shows: the excluded workspaces by scope."""
    rows = token_client(actor, **limits).get(API).data["results"]
    return {row["scope"]: row["excluded"] for row in rows}


def test_an_outsider_sees_no_assignment(everywhere: dict[str, Assignment]) -> None:
    outsider = make_actor()

    assert listed(outsider) == {}
    for assignment in everywhere.values():
        answer = token_client(outsider).get(f"{API}{assignment.uuid}/")
        assert answer.status_code == 404
        page = reverse("admin:console_policy_assignment", args=[assignment.uuid])
        assert browser(outsider).get(page).status_code == 404
    shown = browser(outsider).get(reverse("admin:console_policy_assignments"))
    assert shown.status_code == 200
    assert "stage/production" not in shown.content.decode()


def test_a_member_sees_what_reaches_as_far_as_their_workspaces(
    everywhere: dict[str, Assignment],
) -> None:
    reader = member(make_workspace(stage="production"), "reader")

    assert listed(reader) == {"organisation": [], "stage/production": []}
    client = token_client(reader)
    seen = {scope: client.get(f"{API}{each.uuid}/") for scope, each in everywhere.items()}
    assert {scope: answer.status_code for scope, answer in seen.items()} == {
        "organisation": 200,
        "stage/production": 200,
        "stage/staging": 404,
        "workspace/other": 404,
    }
    assert seen["organisation"].data["excluded"] == []


def test_excluded_workspaces_are_named_to_those_who_see_them(
    everywhere: dict[str, Assignment],
) -> None:
    other = everywhere["workspace/other"].workspace
    assert other is not None
    reader = member(make_workspace(stage="production"), "reader")
    grant(reader, other, "reader")
    page = reverse("admin:console_policy_assignment", args=[everywhere["organisation"].uuid])

    assert listed(reader) == {
        "organisation": ["other"],
        "stage/production": ["other"],
        "stage/staging": ["other"],
        "workspace/other": [],
    }
    assert listed(administrator())["organisation"] == ["dev", "other"]
    assert "dev, other" in browser(administrator()).get(page).content.decode()
    shown = browser(reader).get(page).content.decode()
    assert "other" in shown
    assert "dev, other" not in shown


def test_a_narrowed_token_of_an_administrator_sees_what_it_reaches(
    everywhere: dict[str, Assignment],
) -> None:
    prod = make_workspace(stage="production")

    assert set(listed(administrator())) == set(SCOPES)
    assert listed(administrator(), workspaces=[]) == {}
    assert listed(administrator(), scopes=["view_trail"]) == {}
    assert listed(administrator(), workspaces=[prod.slug]) == {
        "organisation": [],
        "stage/production": [],
    }
