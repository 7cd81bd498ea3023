"""A bundle goes from one running installation to another."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import MakeService
from tests.support.client import Client
from tests.support.organisation import Organisation
from tests.support.processes import wait_until
from tests.support.service import Service

pytestmark = pytest.mark.slow
BUNDLES = "/api/registry/bundles/"
MODEL = {
    "workspace": "assist-dev",
    "kind": "model",
    "name": "sphinx",
    "spec": {"source": {"type": "artifact"}, "task": "text-generation", "license": "Apache-2.0"},
    "aliases": ["best"],
}
WEIGHTS = bytes(range(256)) * 4096


def started(service: Service) -> dict[str, str]:
    service.start_web()
    service.start_worker()
    return Organisation.found(service).tokens


def uploaded(client: Client, data: bytes) -> str:
    begun = client.post("/api/registry/uploads/", {"workspace": "assist-dev"}).expect(201)
    uuid: str = begun.json["uuid"]
    address = f"/api/registry/uploads/{uuid}/content/"
    client.request("PUT", address, body=data).expect(200)
    return uuid


def ended(client: Client, verb: str, **body: Any) -> dict[str, Any]:
    asked = client.post(f"{BUNDLES}{verb}/", body).expect(202).json
    address = f"{BUNDLES}{asked['uuid']}/"
    states = {"succeeded", "failed"}
    wait_until(lambda: client.get(address).json["state"] in states, what=f"the {verb}")
    found: dict[str, Any] = client.get(address).expect(200).json
    return found


def test_a_version_goes_to_another_installation_once_and_only_under_a_trusted_key(
    make_service: MakeService,
) -> None:
    here, there = make_service(), make_service(database="postgres", instance="there")
    sender = here.client(token=started(here)["author"])
    tokens = started(there)
    receiver, chief = (
        there.client(token=tokens["author"]),
        there.client(token=tokens["administrator"]),
    )
    artifact = {"path": "w.bin", "upload": uploaded(sender, WEIGHTS)}
    registered = sender.post("/api/registry/versions/", MODEL | {"artifacts": [artifact]})
    exported = ended(sender, "export", version="assist-dev/model/sphinx@best")
    data = sender.get(f"{BUNDLES}{exported['uuid']}/content/").expect(200).body

    untrusted = ended(receiver, "import", upload=uploaded(receiver, data))
    key = sender.get(f"{BUNDLES}key/").expect(200).json
    chief.post(
        "/api/registry/trusted-keys/",
        {"workspace": "assist-dev", "name": "the sender", "pem": key["pem"]},
    ).expect(201)
    first = ended(receiver, "import", upload=uploaded(receiver, data))
    second = ended(receiver, "import", upload=uploaded(receiver, data))

    assert untrusted["state"] == "failed"
    assert key["fingerprint"] in untrusted["error"]
    [made], [again] = first["result"]["versions"], second["result"]["versions"]
    assert (made["is_new"], again["is_new"]) == (True, False)
    assert first["result"]["aliases_left"] == ["best"]
    version = receiver.get(f"/api/registry/versions/{made['uuid']}/").expect(200).json
    assert version["digest"] == registered.expect(201).json["digest"]
    assert version["aliases"] == []
    assert version["provenance"]["imported"]["instance"] == "localhost"
    content = receiver.get(f"/api/registry/versions/{made['uuid']}/artifacts/w.bin/content/")
    assert content.expect(200).body == WEIGHTS
