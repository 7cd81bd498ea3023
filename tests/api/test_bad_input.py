"""Bad input: a clear problem document, and nothing half-written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from core.models import PersonalDatum
from registry.models import Token
from registry.services import tokens
from tests.api.world import World
from tests.factories import MODEL_SPEC, bearer, make_admin

pytestmark = pytest.mark.django_db

VERSIONS = "/api/registry/versions/"
PROMOTIONS = "/api/registry/promotions/"
DIGEST = "sha256:" + "a" * 64
# What every request may leave: the sign of life of a token, and no more.
UNCOUNTED = {Token, PersonalDatum}


def rows() -> dict[str, int]:
    """How many rows each of our tables has."""
    ours = ("core", "registry", "policies", "lineage", "audits")
    models = [model for app in ours for model in apps.get_app_config(app).get_models()]
    return {
        model._meta.label: model._default_manager.count()
        for model in models
        if model not in UNCOUNTED
    }


@dataclass(frozen=True)
class Case:
    """``field`` and ``reason`` are what the problem document must say."""

    name: str
    address: str
    body: Any
    status: int
    field: str
    reason: str


def draft(**changes: Any) -> dict[str, Any]:
    """A registration that would succeed, but for ``changes``."""
    good = {"workspace": "matrix-dev", "kind": "model", "name": "bad", "spec": MODEL_SPEC}
    return good | changes


def wish(**changes: Any) -> dict[str, Any]:
    """A promotion that would succeed, but for ``changes``."""
    good = {"source": "matrix-dev/model/base/1", "target": "matrix-prod", "reason": "why"}
    return good | changes


def linked(to: Any) -> dict[str, Any]:
    return draft(links=[{"role": "trained_on", "to": to}])


def with_artifact(**changes: Any) -> dict[str, Any]:
    return draft(artifacts=[{"path": "w", "uri": "s3://b/w", "digest": DIGEST} | changes])


CASES = [
    Case("an unknown kind", VERSIONS, draft(kind="sculpture"), 400, "kind", "must be one of"),
    Case("no spec", VERSIONS, {"workspace": "matrix-dev"}, 400, "kind", "required"),
    Case("a spec that is a list", VERSIONS, draft(spec=[]), 400, "spec", "dictionary"),
    Case(
        "a spec against its schema", VERSIONS, draft(spec={"task": 1}), 400, "spec", "required"
    ),
    Case("a deep error in a spec", VERSIONS, draft(spec=MODEL_SPEC | {"parameters": "many"}), 400,
         "spec.parameters", "integer"),
    Case("a dangling link", VERSIONS, linked("matrix-dev/dataset/none/1"), 400, "links[0].to",
         "there is no version"),
    Case("a malformed link", VERSIONS, linked("nonsense"), 400, "links[0].to", "not of the form"),
    Case("a link of a wrong type", VERSIONS, linked(7), 400, "links[0].to", "must be a string"),
    Case("an unknown alias in a link", VERSIONS, linked("matrix-dev/dataset/tickets@best"), 400,
         "links[0].to", "there is no version"),
    Case("a bad digest", VERSIONS, with_artifact(digest="sha256:xyz"), 400,
         "artifacts[0].digest", "64 lower-case"),
    Case("a negative size", VERSIONS, with_artifact(size=-1), 400, "artifacts[0].size", "0"),
    Case("a size beyond numbers", VERSIONS, with_artifact(size=2**53), 400,
         "artifacts[0].size", "less than or equal"),
    Case("a metric that is no number", VERSIONS, draft(metrics=[{"name": "a", "value": "1"}]),
         400, "metrics[0].value", "must be a number"),
    Case("a typing error in a field", VERSIONS, draft(alaises=["a"]), 400, "alaises",
         "is not known here"),
    Case("a number as a name", VERSIONS, draft(name=5), 400, "name", "must be a string"),
    Case("a name that hides its direction", VERSIONS, draft(name="a\u202eb"), 400, "name",
         "control characters"),
    Case("a NUL character", VERSIONS, draft(name="a\x00b"), 400, "name", "NUL"),
    Case("a NUL deep in a spec", VERSIONS, draft(spec={"card": {"summary": "\x00"}}), 400,
         "spec.card.summary", "NUL"),
    Case("an alias that is a number", VERSIONS, draft(aliases=["a", "12"]), 400, "aliases[1]",
         "must not be a number"),
    Case("an unknown workspace", VERSIONS, draft(workspace="nowhere"), 400, "workspace",
         "there is no workspace"),
    Case("an unknown alias", PROMOTIONS, wish(source="matrix-dev/model/base@best"), 400, "source",
         "there is no version"),
    Case("a source without version", PROMOTIONS, wish(source="matrix-dev/model/base"), 400,
         "source", "must name a version"),
    Case("another installation", PROMOTIONS, wish(source="muniment://x/matrix-dev/model/base/1"),
         400, "source", "another installation"),
    Case("the same workspace", PROMOTIONS, wish(target="matrix-dev"), 400, "target",
         "is the workspace that the version is in"),
    Case("no reason", PROMOTIONS, wish(reason=""), 400, "reason", "blank"),
    Case("an unknown role", "/api/registry/members/",
         {"workspace": "matrix-dev", "role": "king", "username": "the-newcomer"}, 400, "role",
         "not a valid choice"),
    Case("an unknown user", "/api/registry/members/",
         {"workspace": "matrix-dev", "role": "reader", "username": "nobody"}, 400, "username",
         "there is no user"),
    Case("a missing version", "/api/registry/aliases/",
         {"asset": "matrix-dev/model/base", "alias": "a", "to": 9}, 400, "to", "has no version 9"),
    Case("a missing asset", "/api/registry/aliases/",
         {"asset": "matrix-dev/model/none", "alias": "a", "to": 1}, 400, "asset",
         "there is no asset"),
    Case("a huge number", "/api/registry/aliases/",
         {"asset": "matrix-dev/model/base", "alias": "a", "to": 10**30}, 400, "to", "less than"),
    Case("a bad slug", "/api/registry/workspaces/",
         {"slug": "Not A Slug", "title": "x", "stage": "staging"}, 400, "slug", "a-z"),
    Case("an unknown scope", "/api/registry/tokens/", {"scopes": ["fly"]}, 400, "scopes[0]",
         "not a valid choice"),
    Case("an expiry in the past", "/api/registry/tokens/",
         {"expires_at": "2020-01-01T00:00:00Z"}, 400, "expires_at", "in the past"),
]  # fmt: skip


def fault(case: Case, world: World) -> str:
    """What is wrong with the answer to a case, empty when nothing is."""
    answer = world.clients["administrator"].post(case.address, case.body, format="json")
    problem = answer.json()
    told = {item["field"]: item["reason"] for item in problem.get("errors", ())}
    is_right = (
        answer.status_code == case.status
        and answer["Content-Type"] == "application/problem+json"
        and problem["type"] == "urn:muniment:problem:invalid-input"
        and case.reason in told.get(case.field, "")
        and case.field in problem["detail"]
    )
    return "" if is_right else f"{answer.status_code} {problem}"


def test_it_is_told_by_field_and_reason_and_no_row_is_written(world: World) -> None:
    before = rows()

    wrong = {case.name: found for case in CASES if (found := fault(case, world))}

    assert wrong == {}
    assert rows() == before


RAW = [
    ("no JSON", b"{", 400, "not JSON"),
    ("two values for one key", b'{"kind": "model", "kind": "prompt"}', 400, "stands twice"),
    ("not a number", b'{"spec": {"a": NaN}}', 400, "NaN"),
    ("half of a surrogate pair", b'{"name": "\\ud800"}', 400, "surrogate"),
    ("other bytes than UTF-8", b'{"name": "\xff"}', 400, "UTF-8"),
    ("a list", b"[]", 400, "dictionary"),
    ("nothing", b"", 400, ""),
    ("a million brackets", b"[" * 1_000_000, 400, "nested"),
    ("a number of many digits", b'{"spec": {"a": ' + b"9" * 5_000 + b"}}", 400, "digits"),
    ("a 10 MB string", b'{"name": "' + b"x" * 10_000_000 + b'"}', 413, "the limit is"),
]


def test_a_body_that_is_no_document_of_ours_is_refused(world: World) -> None:
    before = rows()
    client = world.clients["author"]

    for name, raw, status, reason in RAW:
        answer = client.post(VERSIONS, raw, content_type="application/json")

        assert answer.status_code == status, name
        assert answer["Content-Type"] == "application/problem+json", name
        assert reason in answer.json()["detail"], name
    assert rows() == before


def test_a_body_of_another_media_type_is_refused(world: World) -> None:
    answer = world.clients["author"].post(VERSIONS, "a=b", content_type="text/plain")

    assert answer.status_code == 415
    assert answer["Content-Type"] == "application/problem+json"


def test_a_method_that_an_address_lacks_is_refused_with_those_it_has(
    world: World,
) -> None:
    answer = world.clients["author"].put(VERSIONS, {}, format="json")

    assert answer.status_code == 405
    assert "POST" in answer["Allow"]
    assert answer["Content-Type"] == "application/problem+json"


def test_a_page_that_no_list_gave_out_is_refused(world: World) -> None:
    for query in ("cursor=nonsense", "cursor=cD14", "limit=0", "limit=many", "limit=-1"):
        answer = world.clients["reader"].get(f"{VERSIONS}?{query}")

        assert answer.status_code == 400, query
        assert answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_a_cursor_beyond_all_rows_is_an_empty_page(world: World) -> None:
    # "p=" and a number larger than any database column.
    answer = world.clients["reader"].get(f"{VERSIONS}?cursor=cD0tOTk5OTk5OTk5OTk5OTk5OTk5OTk5")

    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_a_second_request_in_flight_is_a_conflict_that_names_the_first(world: World) -> None:
    before = rows()
    body = wish(alias="waiting")

    answer = world.clients["deployer"].post(PROMOTIONS, body, format="json")

    assert answer.status_code == 409
    assert answer.json()["promotion"] == str(world.at["promotion"])
    assert rows() == before


def test_wrong_expired_revoked_and_malformed_tokens_are_answered_alike(world: World) -> None:
    admin = make_admin()
    assert admin.user is not None
    soon = timezone.now() + timedelta(minutes=1)
    good, revoked, expired = (
        tokens.issue(actor=admin, user=admin.user, expires_at=soon) for _ in range(3)
    )
    tokens.revoke(actor=admin, token_uuid=revoked.token.uuid)
    past = Token(
        user=admin.user,
        prefix="0123456789ab",
        secret_digest=expired.token.secret_digest,
        expires_at=timezone.now() - timedelta(seconds=1),
    )
    past.save()
    dead = [
        good.text[:-1],
        revoked.text,
        expired.text.replace(expired.token.prefix, past.prefix),
        "",
        "nonsense",
    ]

    answers = [bearer(text).get(VERSIONS, headers={"X-Request-Id": "r"}) for text in dead]

    assert bearer(good.text).get(VERSIONS).status_code == 200
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer["WWW-Authenticate"] for answer in answers} == {"Bearer"}


def test_a_session_writes_only_with_its_csrf_token(world: World) -> None:
    client = APIClient(enforce_csrf_checks=True)
    user = world.actors["author"].user
    assert user is not None
    client.force_login(user)

    assert client.get(VERSIONS).status_code == 200
    refused = client.post(VERSIONS, draft(), format="json")

    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"


def test_a_refusal_is_answered_with_every_verdict_and_stays_on_record(world: World) -> None:
    body = draft(name="answer", kind="prompt", spec={"type": "text", "template": "x"})
    body["workspace"] = "matrix-prod"
    admin = world.clients["administrator"]
    admin.post(VERSIONS, body, format="json")
    admin.post(VERSIONS, draft(name="answer"), format="json")

    answer = admin.post(PROMOTIONS, wish(source="matrix-dev/model/answer/1"), format="json")

    problem = answer.json()
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["status"] == "refused"
    assert problem["type"] == "urn:muniment:problem:refused"
    gates = {verdict["gate"]: verdict for verdict in problem["verdicts"]}
    assert gates["closure"]["reasons"][0]["code"] == "name_taken"
    assert len(gates) == len(settings.PROMOTION_GATES)
    stored = admin.get(f"{PROMOTIONS}{problem['uuid']}/").json()
    assert (stored["status"], stored["verdicts"]) == ("refused", problem["verdicts"])
