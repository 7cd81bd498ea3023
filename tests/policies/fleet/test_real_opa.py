"""A real OPA that knows an address, a token and a discovery name does the rest by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policies.bundles import signatures
from tests.policies.fleet.opas import FleetOpa
from tests.support.client import Client
from tests.support.organisation import Organisation
from tests.support.processes import wait_until
from tests.support.service import Service

pytestmark = [pytest.mark.opa, pytest.mark.slow]

SEED = "from tests.policies.fleet.seed import seed; seed()"
THREE = {"configuration": {"things": [1, 2, 3]}}


class Fleet:
    """A running service with policies, to which OPAs can be registered."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service, self.folder = service, folder
        service.settings |= {"MUNIMENT_OPA_POLL_SECONDS": "1"}
        service.start_web()
        self.organisation = Organisation.found(service)
        self.admin: Client = self.organisation.client("administrator")
        self.names: dict[str, str] = json.loads(service.manage("shell", "-v0", "-c", SEED))
        self.opas: list[FleetOpa] = []

    def assign(self, **parameters: Any) -> str:
        body = {
            "scope": "workspace/assist-prod",
            "policy": self.names["policy"],
            "effect": "deny",
            "is_enforced": True,
            "parameters": parameters,
        }
        answer = self.admin.request("POST", "/api/policies/assignments/", json_body=body)
        identity: str = answer.expect(201).json["uuid"]
        return identity

    def register(self, **given: Any) -> dict[str, Any]:
        body = {"name": "edge", "workspace": "assist-prod", "labels": {"region": "eu"}, **given}
        answer = self.admin.request("POST", "/api/policies/opas/", json_body=body)
        found: dict[str, Any] = answer.expect(201).json
        return found

    def start(self, opa: dict[str, Any], **changes: Any) -> FleetOpa:
        path = f"/api/policies/opas/{opa['uuid']}/configuration/"
        configuration = self.admin.request("GET", path).expect(200).json["start"]
        configuration["services"]["muniment"]["url"] = f"{self.service.base_url}/opa"
        configuration = {
            name: part for name, part in (configuration | changes).items() if part is not None
        }
        process = FleetOpa.start(self.folder, configuration, token=opa["token"])
        self.opas.append(process)
        return process

    def instances(self, opa: dict[str, Any]) -> list[dict[str, Any]]:
        """The processes of the OPA as the service knows them."""
        path = f"/api/policies/opas/{opa['uuid']}/"
        found: list[dict[str, Any]] = self.admin.request("GET", path).expect(200).json["instances"]
        return found

    def decisions(self) -> list[dict[str, Any]]:
        answer = self.admin.request("GET", "/api/policies/fleet-decisions/").expect(200)
        found: list[dict[str, Any]] = answer.json["results"]
        return found


@pytest.fixture
def fleet(make_service: Callable[..., Service], tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(make_service(), tmp_path)
    yield fleet
    for opa in fleet.opas:
        opa.stop()


def eventually(condition: Callable[[], bool], what: str) -> None:
    wait_until(condition, what=what, seconds=60)


def test_discovery_alone_leads_to_our_answers_and_back(fleet: Fleet) -> None:
    rule = fleet.assign(most=3)
    registered = fleet.register()
    opa = fleet.start(registered)
    opa.wait_for_bundle()

    assert opa.ask("muniment_fleet/verdicts", THREE) == {rule: {"state": "pass", "findings": []}}
    assert opa.ask("muniment_fleet/allow", {"configuration": {"things": [1] * 4}}) is False
    eventually(lambda: len(fleet.decisions()) == 2, "its log")
    revision = fleet.decisions()[0]["revision"]
    assert revision.endswith(" assigned/assist-prod")
    eventually(
        lambda: [each["revision"] for each in fleet.instances(registered)] == [revision],
        "the revision in its status",
    )
    (instance,) = fleet.instances(registered)
    assert instance["problems"] == []
    assert instance["labels"]["region"] == "eu"
    assert instance["labels"]["muniment_opa"] == "edge"
    assert not instance["is_stale"]


def test_what_it_pulls_follows_a_change_of_its_set(fleet: Fleet) -> None:
    registered = fleet.register(sources=["set/limits/1"])
    opa = fleet.start(registered)
    opa.wait_for_bundle()
    assert list(opa.ask("muniment_fleet/verdicts", THREE)) == [f"{fleet.names['policy']}/1"]

    path = f"/api/policies/opas/{registered['uuid']}/sources/"
    fleet.admin.request("POST", path, json_body={"sources": ["set/limits/2"]}).expect(200)

    other = [f"{fleet.names['other']}/1"]
    eventually(lambda: list(opa.ask("muniment_fleet/verdicts", THREE) or {}) == other, "the set")


@pytest.mark.parametrize("is_signed", [True, False], ids=["snapshot", "delta"])
def test_changed_parameters_reach_it(fleet: Fleet, is_signed: bool) -> None:
    first = fleet.assign(most=3)
    opa = fleet.start(fleet.register(is_signed=is_signed))
    opa.wait_for_bundle()
    assert set(opa.ask("muniment_fleet/verdicts", THREE)) == {first}

    second = fleet.assign(most=2)

    eventually(lambda: len(opa.ask("muniment_fleet/verdicts", THREE)) == 2, "the parameters")
    answers = opa.ask("muniment_fleet/verdicts", THREE)
    assert (answers[first]["state"], answers[second]["state"]) == ("pass", "fail")
    assert opa.ask("muniment_fleet/refusals", THREE) == [second]


def test_secrets_and_masked_places_never_leave_it(fleet: Fleet) -> None:
    registered = fleet.register(masks=["/input/configuration/things/*"])
    opa = fleet.start(registered)
    opa.wait_for_bundle()
    asked = {"configuration": {"things": ["Ada", "Eva"], "api_key": "never tell"}}

    assert opa.ask("muniment_fleet/allow", asked) is True

    eventually(lambda: len(fleet.decisions()) == 1, "its log")
    address = f"/api/policies/fleet-decisions/{fleet.decisions()[0]['uuid']}/"
    told = fleet.admin.request("GET", address).expect(200).json["event"]
    hidden = "[redacted]"
    assert told["input"] == {"configuration": {"things": [hidden, hidden], "api_key": hidden}}
    places = ("things/0", "things/1", "api_key")
    assert sorted(told["masked"]) == sorted(f"/input/configuration/{each}" for each in places)
    path = f"/api/policies/opas/{registered['uuid']}/masks/"
    fleet.admin.request("POST", path, json_body={"masks": ["/input"]}).expect(200)

    def inputs() -> list[Any]:
        opa.ask("muniment_fleet/allow", asked)
        newest = f"/api/policies/fleet-decisions/{fleet.decisions()[0]['uuid']}/"
        return [fleet.admin.request("GET", newest).expect(200).json["event"]["input"]]

    eventually(lambda: inputs() == [hidden], "the new masks")


def test_another_key_than_ours_is_told_in_its_status(fleet: Fleet) -> None:
    fleet.assign(most=3)
    registered = fleet.register()
    wrong = signatures.public_pem(signatures.read_key(signatures.new_key()))
    bundle = {
        "service": "muniment",
        "resource": f"bundles/{registered['name']}",
        "polling": {"min_delay_seconds": 1, "max_delay_seconds": 2},
        "signing": {"keyid": "wrong"},
    }
    opa = fleet.start(
        registered,
        discovery=None,
        keys={"wrong": {"algorithm": "ES256", "key": wrong}},
        bundles={"muniment": bundle},
        status={"service": "muniment"},
    )

    eventually(lambda: any(each["problems"] for each in fleet.instances(registered)), "its problem")

    (instance,) = fleet.instances(registered)
    assert "bundle muniment" in instance["problems"][0]
    assert instance["revision"] == ""
    assert opa.ask("muniment_fleet/verdicts", THREE) is None
    told = fleet.admin.request("GET", "/api/policies/opa-changes/").expect(200).json["results"]
    assert told[0]["problems"] == instance["problems"]


def test_a_revoked_token_opens_nothing_and_a_new_one_does(fleet: Fleet) -> None:
    fleet.assign(most=3)
    registered = fleet.register()
    fleet.start(registered).wait_for_bundle()
    path = f"/api/policies/opas/{registered['uuid']}"
    fleet.admin.request("POST", f"{path}/retire/", json_body={"reason": "gone"}).expect(200)

    client = fleet.service.client(token=registered["token"])
    for address in (f"bundles/{registered['name']}", f"discovery/{registered['name']}"):
        client.request("GET", f"/opa/{address}").expect(401)
    client.request("POST", "/opa/logs", json_body=[]).expect(401)


def test_logs_that_met_no_server_come_later_and_once(fleet: Fleet) -> None:
    fleet.assign(most=3)
    opa = fleet.start(fleet.register())
    opa.wait_for_bundle()
    opa.ask("muniment_fleet/verdicts", THREE)
    eventually(lambda: len(fleet.decisions()) == 1, "the first log")

    fleet.service.kill("web-1")
    for _ in range(5):
        opa.ask("muniment_fleet/verdicts", THREE)
    fleet.service.restart("web-1")
    fleet.service.wait_ready()
    fleet.admin = fleet.organisation.client("administrator")

    eventually(lambda: len(fleet.decisions()) == 6, "the logs of the outage")
    assert len({each["decision_id"] for each in fleet.decisions()}) == 6
