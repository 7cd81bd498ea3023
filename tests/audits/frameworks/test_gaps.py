"""What speaks for each control, what scans found, and what nothing speaks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from audits.services.frameworks import import_catalog
from policies.services import attestations
from tests.audits.conftest import House
from tests.audits.estate import lived_in, scan
from tests.audits.frameworks.catalogs import a_catalog
from tests.factories import make_model
from tests.policies.estate import CLOSED, OPEN, assign, make_policy, submit

pytestmark = pytest.mark.django_db
FRAMEWORKS = "/api/audits/frameworks/"
# What the policies of tests name.
REFERENCE = "test/control-1"


@pytest.fixture(autouse=True)
def framework(house: House) -> None:
    catalog = a_catalog() | {"controls": [{"id": "control-1", "title": "Closed"}]}
    import_catalog(actor=house.admin, name="test", document={"catalog": catalog})


@pytest.fixture
def reader(house: House) -> APIClient:
    return house.client(house.member("reads", prod="reader"))


@pytest.fixture
def admin(house: House) -> APIClient:
    return house.client(house.admin)


def get(client: APIClient, path: str = "", **query: Any) -> Any:
    answer = client.get(f"{FRAMEWORKS}{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def control(client: APIClient, reference: str, **query: Any) -> Any:
    name = reference.partition("/")[0]
    return next(
        each
        for each in get(client, f"{name}/gaps/", **query)["results"]
        if each["control"] == reference
    )


def test_every_framework_cites_its_source_and_counts_bare_ids_apart(reader: APIClient) -> None:
    found = {each["framework"]["name"]: each for each in get(reader)["results"]}

    assert {"eu-ai-act", "nist-ai-rmf", "iso-42001", "soc2"} <= set(found)
    assert all(each["framework"]["source_uri"] for each in found.values())
    for each in found.values():
        counts = each["coverage"]
        levels = ("automatic", "manual", "statement", "record", "none")
        assert sum(counts[level] for level in levels) == counts["controls"]
    assert found["nist-ai-rmf"]["coverage"]["controls"] == 72
    iso = found["iso-42001"]["coverage"]
    assert (iso["controls"], iso["unverified"]) == (38, 0)
    assert found["mcsb"]["coverage"]["unverified"] > 0
    assert found["mcsb"]["coverage"]["covered_percent"] is None
    assert "Official Journal" in found["eu-ai-act"]["framework"]["caution"]


def test_a_rule_in_force_speaks_for_its_control_and_a_scan_tells_its_state(
    house: House, reader: APIClient
) -> None:
    assign(make_policy(), house.prod, "audit")
    submit(house.prod, OPEN, external_id="open")
    submit(house.prod, CLOSED, external_id="closed")
    scan(house, "audit-prod")

    found = control(reader, REFERENCE, workspace="audit-prod")

    assert found["level"] == "automatic"
    assert found["automatic"][0]["workspaces"] == ["audit-prod"]
    assert (found["results"]["fail"], found["results"]["pass"]) == (1, 1)
    assert (found["verdict"], found["open_findings"]) == ("fail", 1)
    assert not found["is_gap"]


def test_a_manual_rule_speaks_for_a_control_once_a_person_attests_it(
    house: House, admin: APIClient
) -> None:
    version = make_policy()
    held = assign(version, house.prod, "manual")

    before = control(admin, REFERENCE, workspace="audit-prod")
    said = attestations.attest(
        actor=house.admin,
        about=attestations.About(assignment=held.uuid, workspace="audit-prod"),
        statement=attestations.Statement(
            state="compliant", expires_at=timezone.now() + timedelta(days=30)
        ),
    )
    after = control(admin, REFERENCE, workspace="audit-prod")

    assert before["level"] == "none"
    assert before["missing"] == "A manual rule holds, and nobody attests it."
    assert after["level"] == "manual"
    (told,) = after["attestations"]
    assert (told["uuid"], told["attested_by"]) == (str(said.uuid), said.attested_by.username)
    assert told["expires_at"]


def test_records_of_the_registry_are_evidence_where_there_are_any(
    house: House, reader: APIClient
) -> None:
    before = control(reader, "nist-ai-rmf/govern-1.6")
    make_model(house.prod, name="known")
    after = control(reader, "nist-ai-rmf/govern-1.6")

    assert (before["level"], before["is_gap"]) == ("none", True)
    assert before["missing"] == "The registry would keep records of it, and has none yet."
    assert (after["level"], after["records"][0]["kind"]) == ("record", "inventory")
    assert after["records"][0]["reason"]


def test_a_past_moment_is_answered_as_it_was(house: House, reader: APIClient) -> None:
    assign(make_policy(), house.prod, "audit")
    submit(house.prod, OPEN, external_id="open")
    scan(house, "audit-prod")
    moment = timezone.now().isoformat()
    submit(house.prod, CLOSED, external_id="open")
    scan(house, "audit-prod")

    then = control(reader, REFERENCE, workspace="audit-prod", at=moment)
    now = control(reader, REFERENCE, workspace="audit-prod")
    long_ago = control(reader, "eu-ai-act/art-12.1", at="2020-01-01T00:00:00Z")

    assert (then["verdict"], now["verdict"]) == ("fail", "pass")
    assert (then["open_findings"], now["open_findings"]) == (None, 0)
    assert (long_ago["level"], long_ago["results"]) == ("none", {})


def test_gaps_can_be_asked_for_alone(reader: APIClient) -> None:
    found = get(reader, "iso-42001/gaps/", level="none")

    assert found["results"]
    assert all(each["is_gap"] or not each["is_verified"] for each in found["results"])


def test_what_a_reader_does_not_see_tells_nothing(house: House, reader: APIClient) -> None:
    lived_in(house)

    mine = control(reader, REFERENCE)
    answer = reader.get(f"{FRAMEWORKS}eu-ai-act/gaps/", {"workspace": "audit-dev"})

    assert all(each["workspaces"] == ["audit-prod"] for each in mine["automatic"])
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "workspace"
    assert reader.get(f"{FRAMEWORKS}unheard-of/gaps/").status_code == 404


def test_the_number_of_queries_does_not_grow(house: House, admin: APIClient) -> None:
    lived_in(house)
    get(admin)
    with CaptureQueriesContext(connection) as few:
        get(admin)
    assign(make_policy(), house.dev, "audit")
    assign(make_policy(), house.prod, "warn")
    scan(house)

    with CaptureQueriesContext(connection) as more:
        get(admin)

    assert len(more) == len(few)
