"""The REST API of policies."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from policies.models import Decision, PolicyVersion
from registry.models import Workspace
from tests.factories import (
    administrator,
    make_prompt,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.policies.estate import (
    CLOSED,
    CLOSED_FIXTURES,
    CLOSED_RULE,
    OPEN,
    SUNSET_RULE,
    TICKET_RULE,
    WORKSPACE_TYPE,
    assign,
    make_policy,
    mark_checked,
    promote,
    source,
    submit,
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


def policy_body() -> dict[str, Any]:
    text = source(CLOSED_RULE, package="closed", kinds=(f"configuration/{WORKSPACE_TYPE}",))
    return {"name": "closed", "source": text, "fixtures": CLOSED_FIXTURES}


def post(client: APIClient, path: str, body: dict[str, Any], *, status: int = 201) -> Any:
    answer = client.post(f"{API}/{path}/", body)
    assert answer.status_code == status, answer.content
    return answer.json()


def get(client: APIClient, path: str, **query: Any) -> Any:
    answer = client.get(f"{API}/{path}/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_from_a_text_to_a_refusal_and_its_evidence(prod: Workspace, admin: APIClient) -> None:
    version = post(admin, "policies", policy_body())
    assert (version["ref"], version["is_checked"]) == ("closed/1", False)
    mark_checked_by_uuid(version["uuid"])
    chosen = post(
        admin, "sets", {"name": "base", "title": "Base", "members": [{"policy": "closed"}]}
    )
    assert chosen["members"][0]["policy"] == "closed/1"
    assignment = post(
        admin, "assignments", {"scope": "stage/production", "set": "base", "effect": "deny"}
    )
    assert (assignment["set"], assignment["scope"]) == ("base/1", "stage/production")
    deployer = member(prod, "deployer")
    client = token_client(deployer)
    post(client, "snapshots", snapshot_body())
    dev = make_workspace("dev")
    version_ref = reference(make_prompt(dev, name="answer"))

    body = {"source": version_ref, "target": "prod", "reason": "T-1"}
    refused = token_client(administrator()).post("/api/registry/promotions/", body)

    assert refused.status_code == 409
    problem = refused.json()
    assert problem["title"] == "A gate refused"
    (verdict,) = [each for each in problem["verdicts"] if each["gate"] == "policies"]
    decision = get(client, f"decisions/{verdict['evidence'][0]}")
    assert decision["reference_id"] == "closed"
    assert decision["findings"] == [{"path": "properties.public", "msg": "it is open"}]
    assert decision["input"]["configuration"] == OPEN
    auditor = token_client(member(prod, "auditor"))
    replayed = post(auditor, f"decisions/{decision['uuid']}/replay", {}, status=200)
    assert (replayed["is_same"], replayed["state"]) == (True, "fail")

    post(client, "snapshots", snapshot_body(document=CLOSED))
    completed = token_client(administrator()).post("/api/registry/promotions/", body)
    assert completed.status_code == 201
    ended = post(admin, f"assignments/{assignment['uuid']}/end", {"reason": "over"}, status=200)
    assert ended["valid_to"] is not None


def mark_checked_by_uuid(uuid: str) -> None:
    """Mark the version as OPA's check would."""
    mark_checked(PolicyVersion.objects.get(uuid=uuid))


def test_parameters_of_an_assignment_are_answered_as_json(admin: APIClient) -> None:
    policy = make_policy(SUNSET_RULE, kinds=("promotion",), parameters=("sunset",))
    body = {"scope": "organisation", "effect": "audit", "policy": policy.reference}
    parameters = {"sunset": ["a", {"b": True}]}

    made = post(admin, "assignments", body | {"parameters": parameters})

    assert made["parameters"] == parameters
    assert get(admin, "assignments")["results"][0]["parameters"] == parameters


def test_an_exemption_over_http(prod: Workspace, admin: APIClient) -> None:
    assignment = assign(make_policy(), prod)
    deployer = token_client(member(prod, "deployer"))
    body = {
        "assignment": str(assignment.uuid),
        "workspace": "prod",
        "category": "mitigated",
        "reason": "A firewall stands in front.",
        "expires_at": "2027-06-01T00:00:00Z",
    }
    asked = post(deployer, "exemptions", body)
    assert asked["status"] == "requested"
    assert post(deployer, f"exemptions/{asked['uuid']}/grant", {}, status=403)["title"]

    granted = post(admin, f"exemptions/{asked['uuid']}/grant", {}, status=200)

    assert (granted["status"], granted["approved_by"]) == ("granted", "the-administrator")
    assert post(admin, f"exemptions/{asked['uuid']}/end", {}, status=200)["status"] == "ended"


def test_the_document_of_a_promotion_is_for_those_who_read_the_trail(prod: Workspace) -> None:
    assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod)
    promote(reference(make_prompt(make_workspace("dev"))), prod, reason="because")
    path = f"decisions/{Decision.objects.get().uuid}"

    reader = get(token_client(member(prod, "reader")), path)
    auditor = get(token_client(member(prod, "auditor")), path)

    assert reader["input"] is None
    assert auditor["input"]["reason"] == "because"
    assert reader["input_digest"] == auditor["input_digest"]


def test_a_foreign_workspace_shows_nothing(prod: Workspace) -> None:
    assignment = assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod)
    snapshot = submit(prod, OPEN)
    promote(reference(make_prompt(make_workspace("dev"))), prod, reason="because")
    decision = Decision.objects.get()
    stranger = token_client(member(make_workspace("other"), "admin"))

    for name in ("assignments", "exemptions", "resources", "snapshots", "decisions"):
        assert get(stranger, name) == {"results": [], "next": None}
    for path in (
        f"assignments/{assignment.uuid}",
        f"resources/{snapshot.resource.uuid}",
        f"snapshots/{snapshot.uuid}",
        f"decisions/{decision.uuid}",
    ):
        assert stranger.get(f"{API}/{path}/").status_code == 404
    assert post(stranger, f"assignments/{assignment.uuid}/end", {}, status=404)
    assert post(stranger, f"resources/{snapshot.resource.uuid}/retire", {}, status=404)
    assert post(stranger, f"decisions/{decision.uuid}/replay", {}, status=404)
    assert post(stranger, "snapshots", snapshot_body(), status=400)["errors"] == [
        {"field": "workspace", "reason": "there is no workspace 'prod'"}
    ]


@pytest.mark.parametrize("name", LISTS)
def test_nobody_reads_without_a_login(name: str) -> None:
    assert APIClient().get(f"{API}/{name}/").status_code == 401


def test_roles_do_what_they_are_for(prod: Workspace) -> None:
    clients = {
        role: token_client(member(prod, role))
        for role in ("reader", "author", "approver", "deployer", "auditor", "admin")
    }

    def statuses(path: str, body: dict[str, Any]) -> dict[str, int]:
        return {
            role: client.post(f"{API}/{path}/", body).status_code
            for role, client in clients.items()
        }

    policy = make_policy()
    assignment = {"scope": "workspace/prod", "policy": policy.reference, "effect": "audit"}
    submits = statuses("snapshots", snapshot_body())
    assigns = statuses("assignments", assignment)
    writes = statuses("policies", {"name": "p", "source": "package p"})

    assert submits == {
        "reader": 403,
        "author": 403,
        "approver": 403,
        "deployer": 201,
        "auditor": 403,
        "admin": 201,
    }
    assert assigns == dict.fromkeys(clients, 403) | {"admin": 201}
    assert writes == dict.fromkeys(clients, 403)


def test_lists_cost_the_same_at_any_length(
    prod: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = token_client(member(prod, "auditor"))

    def grow(count: int) -> None:
        ref = reference(make_prompt(make_workspace()))
        for index in range(count):
            assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod, "audit")
            submit(prod, OPEN, external_id=f"{ref}-{index}")
        promote(ref, prod)

    grow(1)
    costs = {name: queries_of(client, name) for name in LISTS}
    grow(5)

    for name, cost in costs.items():
        with django_assert_num_queries(cost):
            get(client, name)


def queries_of(client: APIClient, name: str) -> int:
    get(client, name)
    with CaptureQueriesContext(connection) as captured:
        get(client, name)
    return len(captured)


def test_lists_are_filtered(prod: Workspace, admin: APIClient) -> None:
    first, second = make_policy(), make_policy(checked=False)
    assign(first, prod)
    submit(prod, OPEN)
    submit(make_workspace("other"), CLOSED, provenance="declared")

    def found(path: str, **query: Any) -> int:
        return len(get(admin, path, **query)["results"])

    assert found("versions", policy=first.policy.name) == 1
    assert found("versions", is_checked="true") == 1
    assert found("versions", is_checked="false") == 1
    assert found("policies", search="policy") == 2
    assert found("assignments", in_force="true") == 1
    assert found("assignments", in_force="false") == 0
    assert found("assignments", policy=second.policy.name) == 0
    assert found("resources", workspace="prod") == 1
    assert found("resources", type=WORKSPACE_TYPE.lower()) == 2
    assert found("snapshots", provenance="declared") == 1
    assert found("resources", is_retired="true") == 0
