"""A running service and the real OPAs that are registered with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.policies.fleet.opas import FleetOpa
from tests.support.client import Client
from tests.support.organisation import Organisation
from tests.support.service import Service

SEED = "from tests.policies.fleet.seed import seed; seed()"


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

    def discovered(self, opa: dict[str, Any]) -> dict[str, Any]:
        """The configuration that the OPA discovers."""
        path = f"/api/policies/opas/{opa['uuid']}/configuration/"
        found: dict[str, Any] = self.admin.request("GET", path).expect(200).json["discovered"]
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
