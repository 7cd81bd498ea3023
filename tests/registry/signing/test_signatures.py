"""Signatures of models: what verifies, what does not, and whom a workspace trusts."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed448

from core.canonical import sha256
from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.journal import decode
from core.models import JournalEntry
from core.tasks import claim_and_run
from registry.models import AssetVersion, ModelSignature, Workspace
from registry.queries.signatures import verified_signers
from registry.services import signatures, trusted_keys
from registry.signing.bundles import read_key
from registry.signing.verifying import FAILED, UNTRUSTED, VERIFIED, Outcome, verify
from tests.factories import (
    administrator,
    make_model,
    make_upload,
    make_workspace,
    member,
    token_client,
)
from tests.registry.conftest import Team
from tests.registry.signing.signer import Signer, statement

FILES = {"config.json": sha256(b"{}"), "weights/w.bin": sha256(b"weights")}
SIGNER = Signer.make()


def outcome(bundle: str, *, files: dict[str, str] | None = None) -> Outcome:
    return verify(bundle, keys=[read_key(SIGNER.pem)], artifacts=FILES if files is None else files)


def test_what_the_holder_of_a_trusted_key_signed_is_verified() -> None:
    assert outcome(SIGNER.sign(FILES)) == Outcome(VERIFIED, "", SIGNER.fingerprint)


DIFFERENT: dict[str, dict[str, str]] = {
    "other bytes": FILES | {"config.json": sha256(b"[]")},
    "a file too many": FILES | {"backdoor.py": sha256(b"import os")},
    "a file too few": {"config.json": FILES["config.json"]},
    "a file by another name": {"config.json": FILES["config.json"], "w.bin": sha256(b"weights")},
    "no files": {},
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_signature_is_for_exactly_the_files_that_were_signed(name: str) -> None:
    found = outcome(SIGNER.sign(FILES), files=DIFFERENT[name])

    assert (found.status, found.signer) == (FAILED, SIGNER.fingerprint)
    assert found.reason


def test_what_the_signer_left_out_may_be_there() -> None:
    assert outcome(SIGNER.sign(FILES), files=FILES | {"model.sig": sha256(b"")}).status == VERIFIED


def test_a_signature_by_somebody_else_is_untrusted() -> None:
    assert outcome(Signer.make().sign(FILES)).status == UNTRUSTED


def tampered(path: tuple[str | int, ...], value: object) -> str:
    """A true signature of which one member was changed afterwards."""
    bundle = json.loads(SIGNER.sign(FILES))
    place = bundle
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(bundle)


PAYLOAD = base64.b64encode(json.dumps(statement({"w": sha256(b"evil")})).encode()).decode()
FALSE: dict[str, str] = {
    "another payload": tampered(("dsseEnvelope", "payload"), PAYLOAD),
    "another signature": tampered(("dsseEnvelope", "signatures", 0, "sig"), "AAAA"),
    "no signature": tampered(("dsseEnvelope", "signatures"), []),
    "two signatures": tampered(("dsseEnvelope", "signatures"), [{"sig": ""}, {"sig": ""}]),
    "another type": tampered(("dsseEnvelope", "payloadType"), "text/plain"),
    "another bundle": tampered(("mediaType",), "application/json"),
    "a certificate": tampered(("verificationMaterial",), {"certificate": {}}),
    "no base64": tampered(("dsseEnvelope", "payload"), "%%%"),
    "no JSON": "nonsense",
    "a list": "[]",
    "null": "null",
    "nested beyond reason": "[" * 100_000,
    "another statement": SIGNER.sign(FILES, _type="https://in-toto.io/Statement/v0.1"),
    "another predicate": SIGNER.sign(FILES, predicateType="https://slsa.dev/provenance/v1"),
    "another subject": SIGNER.sign(FILES, subject=[{"digest": {"sha256": "00" * 32}}]),
    "a payload that is no object": SIGNER.sign_payload(b"[]"),
    "a key that stands twice": SIGNER.sign_payload(b'{"_type": 1, "_type": 2}'),
}


@pytest.mark.parametrize("name", FALSE)
def test_no_false_signature_is_verified(name: str) -> None:
    assert outcome(FALSE[name]).status != VERIFIED


def signed_version(workspace: Workspace) -> AssetVersion:
    contents = {"config.json": b"{}", "weights/w.bin": b"weights"}
    items = [
        {"path": path, "upload": make_upload(workspace, content).uuid}
        for path, content in contents.items()
    ]
    return make_model(workspace, artifacts=items)


def trust(workspace: Workspace, **changes: Any) -> Any:
    options: dict[str, Any] = {"actor": administrator(), "name": "releases", "pem": SIGNER.pem}
    return trusted_keys.trust(workspace=workspace.slug, **(options | changes))


def work() -> None:
    while claim_and_run():
        pass


@pytest.mark.django_db
def test_a_signature_counts_once_its_key_is_trusted_and_as_long_as_it_is() -> None:
    workspace = make_workspace()
    version = signed_version(workspace)
    signatures.add(actor=administrator(), version=version.uuid, bundle=SIGNER.sign(FILES))
    work()
    before = verified_signers(version)
    key = trust(workspace)
    work()
    during = verified_signers(version)
    trusted_keys.distrust(actor=administrator(), key=key.uuid, reason="lost")

    assert (before, during, verified_signers(version)) == ([], [SIGNER.fingerprint], [])
    told = JournalEntry.objects.filter(action="registry.signature.verified").order_by("id")
    assert [decode(entry)["data"]["status"] for entry in told] == ["untrusted", "verified"]


@pytest.mark.django_db
def test_a_signature_is_shown_with_what_came_out() -> None:
    workspace = make_workspace()
    version = signed_version(workspace)
    trust(workspace)
    client = token_client(member(workspace, "author"))
    address = f"/api/registry/versions/{version.uuid}/signatures/"
    bundle = SIGNER.sign(FILES)

    added = [client.post(address, {"bundle": bundle}) for _ in range(2)]
    work()
    shown = client.get(address).json()["results"]

    assert [answer.status_code for answer in added] == [202, 202]
    assert added[0].json()["verification"] is None
    assert len(shown) == 1
    assert shown[0]["bundle"] == bundle
    assert shown[0]["verification"]["status"] == "verified"
    assert shown[0]["verification"]["signer"] == SIGNER.fingerprint


@pytest.mark.django_db
def test_a_promotion_takes_signatures_along_and_the_target_trusts_whom_it_trusts(
    team: Team,
) -> None:
    version = signed_version(team.dev)
    trust(team.dev)
    signatures.add(actor=administrator(), version=version.uuid, bundle=SIGNER.sign(FILES))
    work()

    copy = team.promote(version).target_version
    assert copy is not None
    work()
    untrusted = verified_signers(copy)
    trust(team.prod)
    work()

    assert (untrusted, verified_signers(copy)) == ([], [SIGNER.fingerprint])


@pytest.mark.django_db
def test_bad_keys_and_signatures_are_told_with_their_field() -> None:
    workspace = make_workspace()
    version = signed_version(workspace)
    other = ed448.Ed448PrivateKey.generate().public_key()
    pem = other.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()

    for changes, field in (({"pem": "x"}, "pem"), ({"pem": pem}, "pem"), ({"name": ""}, "name")):
        with pytest.raises(InvalidInput) as caught:
            trust(workspace, **changes)
        assert caught.value.errors[0].field == field
    with pytest.raises(InvalidInput) as caught:
        signatures.add(actor=administrator(), version=version.uuid, bundle="{}")
    assert caught.value.errors[0].field == "bundle"
    assert not ModelSignature.objects.exists()


@pytest.mark.django_db
def test_whom_a_workspace_trusts_is_its_administrators_to_say() -> None:
    workspace = make_workspace()
    author, stranger = member(workspace, "author"), member(make_workspace(), "admin")
    key = trust(workspace)

    with pytest.raises(AccessDenied):
        trust(workspace, actor=author, name="mine")
    with pytest.raises(AccessDenied):
        trusted_keys.distrust(actor=author, key=key.uuid)
    with pytest.raises(NotFound) as caught:
        trusted_keys.distrust(actor=stranger, key=key.uuid)
    assert caught.value.denial is not None
    with pytest.raises(Conflict):
        trust(workspace, name="again")
    trusted_keys.distrust(actor=administrator(), key=key.uuid)
    with pytest.raises(Conflict):
        trusted_keys.distrust(actor=administrator(), key=key.uuid)
    assert trust(workspace).valid_to is None
