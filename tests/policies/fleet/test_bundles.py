"""What an OPA is given: signed or not, whole or the changes, and only to itself."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from core.models import JournalEntry
from policies.bundles import fleet
from policies.engines.base import Module
from policies.engines.opa_process import run_opa
from policies.models import OpaRevision
from policies.services.fleet import opas
from policies.services.fleet.bundles import signing_key
from registry.models import Workspace
from tests.factories import administrator, as_actor, make_user, make_workspace, token_client
from tests.policies.estate import CLOSED_RULE, assign, make_policy, source, store
from tests.policies.fleet.estate import client_of, files_of, register
from tests.policies.fleet.seed import LIMIT_RULE
from tests.support.opa import opa_binary

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Workspace:
    return make_workspace("fleet-prod", stage="production")


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_the_signature_covers_every_file_and_is_by_our_key(place: Workspace) -> None:
    assign(make_policy(), place)
    issued = register(place)

    answer = client_of(issued).get(f"/opa/bundles/{issued.opa.name}")

    files = files_of(answer.content)
    (token,) = json.loads(files[".signatures.json"])["signatures"]
    header, payload, signature = token.split(".")
    raw = decoded(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = signing_key().public_key()
    key.verify(
        encode_dss_signature(r, s), f"{header}.{payload}".encode(), ec.ECDSA(hashes.SHA256())
    )
    named = {each["name"]: each["hash"] for each in json.loads(decoded(payload))["files"]}
    assert set(named) == set(files) - {".signatures.json"}
    (rego,) = [path for path in files if path.endswith(".rego") and "fleet" not in path]
    assert named[rego] == hashlib.sha256(files[rego]).hexdigest()
    assert json.loads(decoded(header))["alg"] == "ES256"
    configuration = opas.configuration_of(actor=administrator(), opa=issued.opa.uuid)
    told = configuration["discovered"]["keys"][json.loads(decoded(header))["kid"]]
    assert serialization.load_pem_public_key(told["key"].encode()) == key


def test_the_manifest_says_what_the_bundle_owns_and_is(place: Workspace) -> None:
    policy = make_policy()
    issued = register(place, f"policy/{policy.reference}")

    answer = client_of(issued).get(f"/opa/bundles/{issued.opa.name}/unsigned")

    manifest = json.loads(files_of(answer.content)[".manifest"])
    assert manifest["rego_version"] == 1
    assert manifest["roots"] == ["muniment_fleet", policy.module.package]
    assert manifest["revision"].endswith(f" policy/{policy.reference}")
    assert manifest["metadata"]["policies"] == {policy.reference: policy.digest}
    assert answer.headers["Content-Type"] == "application/gzip"


def test_what_is_known_is_not_sent_again(place: Workspace) -> None:
    assign(make_policy(), place)
    issued = register(place)
    client, path = client_of(issued), f"/opa/bundles/{issued.opa.name}"
    etag = client.get(path).headers["ETag"]

    again = client.get(path, HTTP_IF_NONE_MATCH=etag)

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assign(make_policy(), place)
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 200


@pytest.mark.usefixtures("with_deltas")
def test_changed_parameters_are_sent_as_a_delta_to_whoever_takes_one(place: Workspace) -> None:
    policy = make_policy(LIMIT_RULE, parameters=("most",))
    assign(policy, place, parameters={"most": 3})
    issued = register(place)
    client, path = client_of(issued), f"/opa/bundles/{issued.opa.name}/unsigned"
    prefer: dict[str, Any] = {"HTTP_PREFER": "modes=snapshot,delta"}
    first = client.get(path, **prefer)
    assert "data.json" in files_of(first.content)
    etag = first.headers["ETag"]
    assign(policy, place, parameters={"most": 2})

    delta = files_of(client.get(path, HTTP_IF_NONE_MATCH=etag, **prefer).content)
    whole = files_of(client.get(path, HTTP_IF_NONE_MATCH=etag).content)

    assert set(delta) == {".manifest", "patch.json"}
    (operation,) = json.loads(delta["patch.json"])["data"]
    assert operation["op"] == "upsert"
    assert operation["path"] == f"/muniment_fleet/rules/{policy.reference.replace('/', '@')}"
    assert [rule["parameters"] for rule in operation["value"]] == [{"most": 3}, {"most": 2}]
    assert "data.json" in whole


def test_without_the_setting_the_bundle_comes_whole_to_whoever_takes_deltas(
    place: Workspace,
) -> None:
    policy = make_policy(LIMIT_RULE, parameters=("most",))
    assign(policy, place, parameters={"most": 3})
    issued = register(place, is_signed=False)
    client, path = client_of(issued), f"/opa/bundles/{issued.opa.name}/unsigned"
    prefer: dict[str, Any] = {"HTTP_PREFER": "modes=snapshot,delta"}
    etag = client.get(path, **prefer).headers["ETag"]
    assign(policy, place, parameters={"most": 2})

    answer = client.get(path, HTTP_IF_NONE_MATCH=etag, **prefer)

    files = files_of(answer.content)
    assert "patch.json" not in files
    assert f"{policy.module.package}.rego" in files
    (rules,) = json.loads(files["data.json"])["muniment_fleet"]["rules"].values()
    assert [rule["parameters"] for rule in rules] == [{"most": 3}, {"most": 2}]
    assert answer.headers["ETag"] != etag


@pytest.mark.usefixtures("with_deltas")
def test_a_new_policy_is_never_a_delta(place: Workspace) -> None:
    assign(make_policy(), place)
    issued = register(place)
    client, path = client_of(issued), f"/opa/bundles/{issued.opa.name}/unsigned"
    etag = client.get(path).headers["ETag"]
    assign(make_policy(), place)

    answer = client.get(path, HTTP_IF_NONE_MATCH=etag, HTTP_PREFER="modes=snapshot,delta")

    assert "data.json" in files_of(answer.content)


def test_two_versions_of_a_policy_lie_side_by_side(place: Workspace) -> None:
    first = make_policy()
    changed = first.source.replace("it is open", "it is wide open")
    second = store(first.policy.name, changed)
    issued = register(place, f"policy/{first.reference}", f"policy/{second.reference}")

    answer = client_of(issued).get(f"/opa/bundles/{issued.opa.name}/unsigned")

    files = files_of(answer.content)
    package = first.module.package
    assert files[f"{package}.rego"].decode() == second.source
    mounted = [path for path in files if path.startswith("muniment_mounts/")]
    assert len(mounted) == 1
    assert files[mounted[0]].decode() != first.source


@pytest.mark.opa
@pytest.mark.parametrize("names", [("a-inner", "z-outer"), ("z-inner", "a-outer")])
def test_opa_takes_a_bundle_in_which_a_package_is_the_place_of_a_rule(
    place: Workspace, tmp_path: Path, names: tuple[str, str]
) -> None:
    for name, package in zip(names, ("acme.net.verdict", "acme.net"), strict=True):
        text = source(CLOSED_RULE, package=package, kinds=("configuration",))
        assign(store(name, text), place, "audit")
    issued = register(place)

    answer = client_of(issued).get(f"/opa/bundles/{issued.opa.name}/unsigned")

    (tmp_path / "bundle.tar.gz").write_bytes(answer.content)
    checked = run_opa(
        opa_binary(), ["check", "--bundle", str(tmp_path / "bundle.tar.gz")], seconds=30
    )
    assert checked.returncode == 0, checked.stderr
    assert sum(path.startswith("muniment_mounts/") for path in files_of(answer.content)) == 1


def test_what_was_stored_in_a_package_of_opas_own_acts_on_no_opa() -> None:
    text = source(CLOSED_RULE, package="system.log", kinds=("configuration",))

    (found,) = fleet.placed([("masks", 1, Module("masks.rego", text))])

    assert found.path.startswith("muniment_mounts/")


def test_an_opa_gets_its_own_bundle_alone_and_nobody_else_gets_it(place: Workspace) -> None:
    issued, other = register(place), register(place)
    path = f"/opa/bundles/{issued.opa.name}"

    assert client_of(other).get(path).status_code == 403
    assert token_client(administrator()).get(path).status_code == 403
    assert token_client(as_actor(make_user())).get(path).status_code == 403
    assert client_of(issued).get(path).status_code == 200
    assert client_of(issued).post(path).status_code == 405


def test_the_token_of_an_opa_opens_nothing_else(place: Workspace) -> None:
    client = client_of(register(place))

    for path in ("registry/workspaces/", "policies/opas/", "policies/fleet-decisions/"):
        assert client.get(f"/api/{path}").json()["results"] == []


def test_the_first_pull_of_each_content_is_evidence(place: Workspace) -> None:
    policy = make_policy()
    assign(policy, place)
    issued = register(place)
    client = client_of(issued)
    for _ in range(2):
        client.get(f"/opa/bundles/{issued.opa.name}")

    revision = OpaRevision.objects.get()
    assert revision.policies == {policy.reference: policy.digest}
    entry = JournalEntry.objects.get(action="policies.opa.pulled")
    assert (entry.subject_digest, entry.actor) == (revision.digest, issued.opa.user.uuid)


def test_discovery_is_the_configuration_and_may_be_signed(place: Workspace) -> None:
    issued = register(place, labels={"region": "eu"})
    client, path = client_of(issued), f"/opa/discovery/{issued.opa.name}"

    plain = client.get(path)
    signed = files_of(client.get(f"{path}/signed").content)

    found = json.loads(files_of(plain.content)["data.json"])
    assert found["labels"] == {"region": "eu", "muniment_opa": issued.opa.name}
    assert found["bundles"]["muniment"]["resource"] == f"bundles/{issued.opa.name}"
    assert found["bundles"]["muniment"]["signing"]["keyid"] in found["keys"]
    assert found["decision_logs"]["service"] == found["status"]["service"] == "muniment"
    assert ".signatures.json" in signed
    assert client.get(path, HTTP_IF_NONE_MATCH=plain.headers["ETag"]).status_code == 304
