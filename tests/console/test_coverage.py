"""The page of what policies cover of laws and standards."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from policies.models import PolicyVersion
from policies.services import packs
from registry.models import Workspace
from tests.console.pages import browser
from tests.factories import administrator, make_workspace, member
from tests.policies.estate import assign
from tests.support.sharing import shared_rows

pytestmark = pytest.mark.django_db


def furnish() -> Workspace:
    packs.install(actor=administrator())
    return make_workspace("prod", stage="production")


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Workspace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MUNIMENT_OPA", "/nonexistent/opa")
        with shared_rows(furnish, django_db_blocker) as made:
            yield made


@pytest.fixture
def prod(furnished: Workspace, db: None) -> Workspace:
    return copy.copy(furnished)


@pytest.fixture
def client(prod: Workspace) -> Client:
    return browser(member(prod, "reader"))


def shown(client: Client, **asked: str) -> str:
    answer = client.get(reverse("admin:console_coverage"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_framework_is_shown_with_its_counts(client: Client) -> None:
    text = shown(client)

    assert all(name in text for name in ("EU AI Act", "NIST AI RMF", "ISO/IEC 42001", "SOC 2"))
    assert "art-15.5" not in text


def test_a_framework_shows_what_covers_each_control(client: Client) -> None:
    text = shown(client, framework="eu-ai-act")

    assert "governance.ai_literacy" in text
    assert "azure_search.diagnostic_logs" in text


def test_controls_can_be_narrowed_to_what_nothing_covers(client: Client) -> None:
    text = shown(client, framework="eu-ai-act", level="none")

    assert "EU declaration of conformity" in text
    assert "governance.ai_literacy" not in text


def test_with_a_workspace_only_what_is_assigned_there_covers(
    client: Client, prod: Workspace
) -> None:
    policy = PolicyVersion.objects.select_related("policy").get(
        policy__name="governance.ai_literacy"
    )
    assign(policy, prod, effect="audit")

    text = shown(client, framework="eu-ai-act", level="manual", workspace="prod")

    assert "AI literacy" in text
    assert "governance.prohibited_practices" not in text


@pytest.mark.parametrize("asked", [{"framework": "unheard-of"}, {"workspace": "elsewhere"}])
def test_what_there_is_none_of_is_not_found(client: Client, asked: dict[str, str]) -> None:
    make_workspace("elsewhere")

    assert client.get(reverse("admin:console_coverage"), asked).status_code == 404
