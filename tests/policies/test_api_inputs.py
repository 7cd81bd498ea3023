"""What the REST API of policies refuses, naming the field and leaving nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from policies.models import Resource, Snapshot
from registry.models import Workspace
from tests.factories import (
    administrator,
    make_workspace,
    token_client,
)
from tests.policies.estate import (
    OPEN,
    WORKSPACE_TYPE,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
API = "/api/policies"
LISTS = (
    "policies",
    "versions",
    "sets",
    "assignments",
    "exemptions",
    "resources",
    "snapshots",
    "decisions",
)


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


@pytest.fixture
def admin() -> APIClient:
    return token_client(administrator())


def snapshot_body(**changes: Any) -> dict[str, Any]:
    return {
        "workspace": "prod",
        "source": "acme",
        "type": WORKSPACE_TYPE,
        "external_id": "acme-1",
        "document": OPEN,
        "provenance": "observed",
    } | changes


def post(client: APIClient, path: str, body: dict[str, Any], *, status: int = 201) -> Any:
    answer = client.post(f"{API}/{path}/", body)
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"document": []}, "document"),
        ({"document": "{}"}, "document"),
        ({"document": {"n": 2**60}}, ""),
        ({"type": ""}, "type"),
        ({"type": "x" * 201}, "type"),
        ({"type": "naïve"}, "type"),
        ({"external_id": " padded "}, "external_id"),
        ({"external_id": "line\nbreak"}, "external_id"),
        ({"external_id": 5}, "external_id"),
        ({"source": "x" * 101}, "source"),
        ({"provenance": "rumoured"}, "provenance"),
        ({"observed_at": "yesterday"}, "observed_at"),
        ({"observed_at": "2999-01-01T00:00:00Z"}, "observed_at"),
        ({"workspace": "nowhere"}, "workspace"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_snapshot_that_is_none_is_refused_and_leaves_nothing(
    prod: Workspace, admin: APIClient, changes: dict[str, Any], field: str
) -> None:
    problem = post(admin, "snapshots", snapshot_body(**changes), status=400)

    assert not field or problem["errors"][0]["field"] == field
    assert not Snapshot.objects.exists()
    assert not Resource.objects.exists()


def test_what_json_cannot_hold_safely_is_refused(prod: Workspace, admin: APIClient) -> None:
    nested = '{"a":' * 70 + "1" + "}" * 70
    for document, status in (
        ('{"a": "\\u0000"}', 400),
        ('{"a": "\\ud800"}', 400),
        ('{"a": 1, "a": 2}', 400),
        ('{"a": NaN}', 400),
        ('{"a": 1e999}', 400),
        (nested, 400),
        ('{"a": "' + "x" * (1024 * 1024) + '"}', 413),
        ('{"a": "' + "x" * settings.MAX_BODY_BYTES + '"}', 413),
    ):
        body = (
            '{"workspace":"prod","source":"acme","type":"t","external_id":"1","document":'
            f"{document}}}"
        )
        answer = admin.post(f"{API}/snapshots/", body, content_type="application/json")
        assert answer.status_code == status, document[:80]
        assert answer["Content-Type"] == "application/problem+json"
    assert not Resource.objects.exists()


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("policies", {"name": "p", "source": "package p"}, "source"),
        ("policies", {"name": "p"}, "source"),
        ("policies", {"name": "P!", "source": "package p"}, "name"),
        ("sets", {"name": "s", "title": "S", "members": []}, "members"),
        ("sets", {"name": "s", "title": "S", "members": [{"policy": "none"}]}, "members[0].policy"),
        ("sets", {"name": "s", "title": "S", "members": [{"policy": "a/0"}]}, "members[0].policy"),
        ("assignments", {"scope": "organisation", "effect": "deny"}, "policy"),
        ("assignments", {"scope": "organisation", "policy": "x", "effect": "deny"}, "policy"),
        ("assignments", {"scope": "organisation", "set": "x/y", "effect": "deny"}, "set"),
        ("assignments", {"scope": "organisation", "policy": "x", "effect": "remediate"}, "effect"),
        ("exemptions", {"workspace": "prod"}, "assignment"),
    ],
)
def test_bad_bodies_name_the_field(
    admin: APIClient, path: str, body: dict[str, Any], field: str
) -> None:
    problem = post(admin, path, body, status=400)

    assert field in {each["field"] for each in problem["errors"]}
