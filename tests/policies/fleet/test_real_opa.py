"""A real OPA that knows an address, a token and a discovery name does the rest by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from policies.bundles import signatures
from tests.policies.fleet.asking import FAULTS, asked_without_pause
from tests.policies.fleet.installation import Fleet
from tests.policies.fleet.opas import FleetOpa
from tests.support.processes import wait_until

pytestmark = [pytest.mark.opa, pytest.mark.slow]

THREE = {"configuration": {"things": [1, 2, 3]}}


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


@pytest.mark.parametrize(
    ("fleet", "is_signed", "kind"),
    [({}, True, "snapshot"), ({}, False, "snapshot"), ({"opa_deltas": "on"}, False, "delta")],
    indirect=["fleet"],
    ids=["signed", "unsigned", "delta"],
)
def test_changed_parameters_reach_it(fleet: Fleet, is_signed: bool, kind: str) -> None:
    first = fleet.assign(most=3)
    opa = fleet.start(fleet.register(is_signed=is_signed))
    opa.wait_for_bundle()
    assert set(opa.ask("muniment_fleet/verdicts", THREE)) == {first}

    second = fleet.assign(most=2)

    # While OPA activates a delta it answers undefined, or without some of the rules.
    def states() -> dict[str, str]:
        verdicts = opa.ask("muniment_fleet/verdicts", THREE) or {}
        return {rule: verdict["state"] for rule, verdict in verdicts.items()}

    eventually(lambda: states() == {first: "pass", second: "fail"}, "the parameters")
    eventually(lambda: opa.ask("muniment_fleet/refusals", THREE) == [second], "the refusal")
    eventually(lambda: opa.bundle_type() == kind, f"its status about a {kind}")


def test_no_answer_is_wrong_while_changed_parameters_arrive(fleet: Fleet) -> None:
    first = fleet.assign(most=3)
    opas = []
    for name, is_signed in {"signed": True, "unsigned": False}.items():
        registered = fleet.register(name=name, is_signed=is_signed)
        # Ten thousand decisions would be logged, which is not what this is about.
        found = fleet.discovered(registered) | {"decision_logs": None}
        opas.append(fleet.start(registered, discovery=None, **found))
        opas[-1].wait_for_bundle()

    with (
        asked_without_pause(opas[0], THREE, rule=first, askers=1) as of_signed,
        asked_without_pause(opas[1], THREE, rule=first, askers=3) as of_unsigned,
    ):
        for number in range(2, 10):
            fleet.assign(most=number + 2)
            for opa in opas:
                reached = partial(_has_rules, opa, number)
                eventually(reached, f"assignment {number}")

    for opa, counts in zip(opas, (of_signed, of_unsigned), strict=True):
        print(", ".join(f"{what} {counts[what]:,}" for what in ("asked", *FAULTS)))
        assert counts["asked"] > 1_000
        assert {what: counts[what] for what in FAULTS} == dict.fromkeys(FAULTS, 0)
        assert opa.bundle_type() == "snapshot"


def _has_rules(opa: FleetOpa, number: int) -> bool:
    return len(opa.ask("muniment_fleet/verdicts", THREE) or {}) == number


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
