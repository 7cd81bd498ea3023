"""The coverage of frameworks over HTTP, by the policies that ship."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from policies.models import PolicyVersion
from policies.services import packs
from registry.models import Workspace
from tests.factories import administrator, make_workspace, member, token_client
from tests.policies.estate import assign
from tests.support.sharing import shared_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
COVERAGE = "/api/policies/coverage/"


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
def reader(prod: Workspace) -> APIClient:
    return token_client(member(prod, "reader"))


def get(client: APIClient, path: str = "", **query: Any) -> Any:
    answer = client.get(f"{COVERAGE}{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def control(client: APIClient, reference: str, **query: Any) -> Any:
    found = get(client, f"{reference.partition('/')[0]}/", **query)["results"]
    return next(each for each in found if each["control"] == reference)


def newest(name: str) -> PolicyVersion:
    return PolicyVersion.objects.select_related("policy").get(policy__name=name)


def test_every_framework_tells_how_many_controls_are_automatic_manual_and_none(
    reader: APIClient,
) -> None:
    found = {each["framework"]: each for each in get(reader)["results"]}

    assert {"eu-ai-act", "nist-ai-rmf", "iso-42001", "soc2"} <= set(found)
    for each in found.values():
        counts = each["available"]
        assert sum(counts[level] for level in ("automatic", "manual", "none")) == each["controls"]
        assert each["assigned"]["none"] == each["controls"]
        assert (counts["none_percent"] is not None) is each["is_complete"]
    assert found["iso-42001"]["available"]["manual"] > 0
    assert found["iso-42001"]["available"]["automatic"] > 0


def test_a_control_names_the_rules_and_the_records_behind_it(reader: APIClient) -> None:
    logs = control(reader, "eu-ai-act/art-12.1")
    literacy = control(reader, "eu-ai-act/art-4")
    declaration = control(reader, "eu-ai-act/art-47")

    assert "azure_search.diagnostic_logs" in logs["automatic"]
    assert (literacy["level"], literacy["manual"]) == ("manual", ["governance.ai_literacy"])
    assert (declaration["level"], declaration["automatic"]) == ("none", [])


def test_what_is_assigned_in_a_workspace_counts_there(reader: APIClient, prod: Workspace) -> None:
    assign(newest("promotion.scan_clean"), prod)
    assign(newest("governance.ai_literacy"), prod, effect="audit")

    (found,) = get(reader, workspace="prod", framework="eu-ai-act")["results"]

    assert (found["assigned"]["automatic"], found["assigned"]["manual"]) == (1, 1)
    assert control(reader, "eu-ai-act/art-15.5", workspace="prod")["assigned"] == "automatic"
    assert control(reader, "eu-ai-act/art-4", workspace="prod")["assigned"] == "manual"
    assert control(reader, "eu-ai-act/art-4")["assigned"] == "none"


def test_a_rule_that_people_attest_is_manual_where_it_is_assigned(
    reader: APIClient, prod: Workspace
) -> None:
    assign(newest("promotion.scan_clean"), prod, effect="manual")

    (found,) = get(reader, workspace="prod", framework="eu-ai-act")["results"]
    security = control(reader, "eu-ai-act/art-15.5", workspace="prod")

    assert (found["assigned"]["automatic"], found["assigned"]["manual"]) == (0, 1)
    assert (security["level"], security["assigned"]) == ("automatic", "manual")


def test_a_framework_or_workspace_that_there_is_none_of_is_refused(reader: APIClient) -> None:
    make_workspace("elsewhere")

    for query in ({"framework": "unheard-of"}, {"workspace": "elsewhere"}, {"workspace": "none"}):
        answer = reader.get(COVERAGE, query)
        assert answer.status_code == 400, query
        assert answer.json()["errors"][0]["field"] == next(iter(query))
    assert reader.get(f"{COVERAGE}unheard-of/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_assignments(
    reader: APIClient, prod: Workspace
) -> None:
    assign(newest("promotion.scan_clean"), prod)
    get(reader, workspace="prod")
    with CaptureQueriesContext(
        connection,
    ) as few:
        get(reader, workspace="prod")
    for name in ("promotion.signed", "promotion.card_accepted", "governance.roles"):
        assign(newest(name), prod, effect="audit")

    with CaptureQueriesContext(connection) as more:
        get(reader, workspace="prod")

    assert len(more) == len(few)
