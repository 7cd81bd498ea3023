"""An organisation brings its own framework, maps policies to it and states how it is met."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from audits.models import ControlStatement, OwnFrameworkVersion
from core.canonical import canonical_digest
from tests.audits.conftest import House
from tests.audits.estate import journalled
from tests.audits.frameworks.catalogs import a_catalog, document
from tests.policies.estate import assign, make_policy

pytestmark = pytest.mark.django_db
FRAMEWORKS = "/api/audits/frameworks/"
MAPPINGS = "/api/audits/control-mappings/"
STATEMENTS = "/api/audits/control-statements/"


@pytest.fixture
def admin(house: House) -> APIClient:
    return house.client(house.admin)


@pytest.fixture
def reader(house: House) -> APIClient:
    return house.client(house.member("reads", prod="reader"))


def brought(client: APIClient, catalog: Any = None, name: str = "house") -> Any:
    body = {"name": name, "catalog": catalog or a_catalog(), "reason": "T-1"}
    return client.post(FRAMEWORKS, body)


def later(**more: Any) -> dict[str, Any]:
    return {"expires_at": (timezone.now() + timedelta(days=30)).isoformat(), **more}


def standing(client: APIClient, name: str, **query: Any) -> Any:
    found = client.get(f"{FRAMEWORKS}house/gaps/", query).json()["results"]
    return next(each for each in found if each["name"] == name)


def test_a_catalog_becomes_a_framework_that_goes_out_as_it_came(
    admin: APIClient, reader: APIClient
) -> None:
    answer = brought(admin)

    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["name"], made["number"], made["controls"]) == ("house", 1, 4)
    assert made["digest"] == canonical_digest(document())
    assert reader.get(f"{FRAMEWORKS}house/catalog/").json() == document()
    told = reader.get(f"{FRAMEWORKS}house/").json()
    assert (told["version"], told["is_shipped"]) == (1, False)
    assert told["source_uri"] == "https://rules.example/ai"
    (entry,) = journalled("audits.framework.imported")
    assert entry.subject_digest == made["digest"]


def test_yaml_is_taken_like_json(admin: APIClient) -> None:
    text = """
name: house
catalog:
  uuid: 0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d
  metadata:
    title: House
    last-modified: "2026-01-02T03:04:05Z"
    version: "1"
    oscal-version: 1.2.1
  controls:
    - {id: hr-1, title: Models are signed}
"""

    answer = admin.post(FRAMEWORKS, text, content_type="application/yaml")

    assert answer.status_code == 201, answer.content


def test_a_large_catalog_is_taken_compressed(admin: APIClient) -> None:
    catalog = a_catalog()
    prose = "It is long. " * 1_000
    catalog["controls"] = [
        {"id": f"c-{n}", "title": "x", "parts": [{"name": "statement", "prose": prose}]}
        for n in range(300)
    ]
    body = json.dumps({"name": "large", "catalog": catalog}).encode()
    assert len(body) > 3 * 1024 * 1024

    def send(sent: bytes, **headers: str) -> int:
        answer = admin.post(FRAMEWORKS, sent, content_type="application/json", headers=headers)
        code: int = answer.status_code
        return code

    bomb = gzip.compress(b" " * (17 * 1024 * 1024))
    assert send(body) == 413
    assert send(gzip.compress(body), **{"Content-Encoding": "gzip"}) == 201
    assert send(bomb, **{"Content-Encoding": "gzip"}) == 413
    assert send(body[:1_000], **{"Content-Encoding": "gzip"}) == 400


def test_the_same_name_again_is_the_next_version_and_tells_what_changed(
    admin: APIClient, reader: APIClient
) -> None:
    brought(admin)
    changed = a_catalog()
    changed["controls"][0]["title"] = "Everybody is trained twice"
    changed["controls"].append({"id": "hr-11", "title": "New"})

    second = brought(admin, changed).json()
    again = brought(admin, changed)
    found = reader.get(f"{FRAMEWORKS}house/diff/", {"before": 1, "after": 2}).json()

    assert second["number"] == 2
    assert again.status_code == 409
    assert [each["name"] for each in found["added"]] == ["hr-11"]
    assert found["changed"][0]["changed"] == ["title"]
    assert reader.get(f"{FRAMEWORKS}house/", {"version": 1}).json()["version"] == 1
    versions = reader.get(f"{FRAMEWORKS}house/versions/").json()
    assert [each["number"] for each in versions] == [2, 1]
    assert len(journalled("audits.framework.imported")) == 2


def test_what_is_wrong_with_a_catalog_is_told_and_nothing_is_kept(
    admin: APIClient, reader: APIClient
) -> None:
    wrong = a_catalog()
    wrong["controls"][0]["id"] = "hr 9"

    answer = brought(admin, wrong)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "catalog.controls[0].id"
    assert brought(admin, name="eu-ai-act").json()["errors"][0]["field"] == "name"
    assert brought(admin, name="A/B").status_code == 400
    assert brought(reader).status_code == 403
    assert not OwnFrameworkVersion.objects.exists()


def test_a_version_is_never_changed(admin: APIClient) -> None:
    brought(admin)

    with pytest.raises(IntegrityError), transaction.atomic():
        OwnFrameworkVersion.objects.update(title="Another")


def test_a_policy_is_mapped_to_a_control_that_it_does_not_name(
    house: House, admin: APIClient, reader: APIClient
) -> None:
    brought(admin)
    policy = make_policy()
    assign(policy, house.prod, "audit")
    body = {"control": "house/hr-1", "policy": policy.policy.name, "reason": "It signs."}

    before = standing(reader, "hr-1")
    made = admin.post(MAPPINGS, body)
    twice = admin.post(MAPPINGS, body)
    mapped = standing(reader, "hr-1")
    ended = admin.post(f"{MAPPINGS}{made.json()['uuid']}/end/", {"reason": "no more"})

    assert (made.status_code, twice.status_code, ended.status_code) == (201, 409, 200)
    assert (before["level"], mapped["level"]) == ("none", "automatic")
    assert mapped["automatic"][0]["is_mapped"]
    assert standing(reader, "hr-1")["level"] == "none"
    assert admin.post(f"{MAPPINGS}{made.json()['uuid']}/end/", {}).status_code == 409
    assert reader.post(MAPPINGS, body).status_code == 403
    assert admin.post(MAPPINGS, body | {"control": "house/none"}).status_code == 400
    assert journalled("audits.control_mapping.made")
    assert journalled("audits.control_mapping.ended")


def test_a_person_states_how_a_control_is_met_until_a_day(
    house: House, admin: APIClient, reader: APIClient
) -> None:
    brought(admin)
    local = house.client(house.member("runs-prod", prod="admin"))
    body = later(control="house/hr-9", workspace="audit-prod", state="partial", text="In spring.")

    first = local.post(STATEMENTS, body)
    second = local.post(STATEMENTS, body | {"state": "implemented", "text": "All are."})
    found = standing(reader, "hr-9", workspace="audit-prod")

    assert (first.status_code, second.status_code) == (201, 201), first.content
    assert found["level"] == "statement"
    (told,) = found["statements"]
    assert (told["state"], told["stated_by"]) == ("implemented", "runs-prod")
    assert ControlStatement.objects.filter(valid_to__isnull=True).count() == 1
    assert local.post(STATEMENTS, body | {"workspace": ""}).status_code == 403
    assert reader.post(STATEMENTS, body).status_code == 403
    assert local.post(STATEMENTS, body | {"evidence_uri": "file:///etc"}).status_code == 400
    ended = local.post(f"{STATEMENTS}{second.json()['uuid']}/end/", {"reason": "left"})
    assert ended.json()["status"] == "ended"
    assert standing(reader, "hr-9", workspace="audit-prod")["is_gap"]


def test_what_is_stated_not_to_apply_is_left_out_of_the_share(admin: APIClient) -> None:
    brought(admin)
    body = later(control="house/hr-9", state="not_applicable", text="Nobody works here.")

    before = admin.get(f"{FRAMEWORKS}house/gaps/").json()["coverage"]
    admin.post(STATEMENTS, body)
    after = admin.get(f"{FRAMEWORKS}house/gaps/").json()["coverage"]

    assert (before["controls"], before["withdrawn"]) == (3, 1)
    assert (after["controls"], after["not_applicable"]) == (2, 1)


def test_a_statement_of_a_foreign_workspace_is_not_there(house: House, admin: APIClient) -> None:
    brought(admin)
    body = later(control="house/hr-9", workspace="audit-dev", state="partial", text="x")
    uuid = admin.post(STATEMENTS, body).json()["uuid"]
    reader = house.client(house.member("reads-prod", prod="reader"))

    assert reader.get(f"{STATEMENTS}{uuid}/").status_code == 404
    assert reader.post(f"{STATEMENTS}{uuid}/end/", {}).status_code == 404
    assert reader.get(STATEMENTS).json()["results"] == []
