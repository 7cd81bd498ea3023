"""Export a version, import it elsewhere, and export it again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.canonical import sha256
from core.errors import AccessDenied, InvalidInput, Refused
from core.journal import decode
from core.models import JournalEntry
from core.tasks import claim_and_run
from registry.bundles.manifest import opened, write
from registry.bundles.signing import public_pem
from registry.models import Alias, AssetVersion, Workspace
from registry.queries.artifacts import stored_content
from registry.queries.blobs import store
from registry.queries.signatures import verified_signers
from registry.services import signatures, trusted_keys
from registry.services.bundles import exporting
from registry.services.bundles.exporting import export_bundle
from registry.services.bundles.importing import Imported, import_bundle
from registry.services.bundles.keys import signing_key
from tests.factories import (
    administrator,
    make_dataset,
    make_flow,
    make_model,
    make_prompt,
    make_upload,
    make_workspace,
    member,
    reference,
)
from tests.registry.signing.signer import Signer

pytestmark = pytest.mark.django_db
ED25519 = public_pem(Ed25519PrivateKey.generate())
ITEM = {"path": "w.bin", "uri": "s3://x/w.bin", "digest": "sha256:" + "0" * 64}


def a_flow(place: Workspace) -> AssetVersion:
    """A flow of a model with a remote artifact, an inner flow and a prompt."""
    model = make_model(place, name="chat", artifacts=[ITEM], trained_on=[make_dataset(place)])
    prompt = make_prompt(place, name="answer")
    inner = make_flow(place, [model], name="inner")
    return make_flow(place, [inner, prompt, model], name="desk", aliases=["candidate"])


def exported(version: AssetVersion, **options: Any) -> bytes:
    file = io.BytesIO()
    export_bundle(actor=administrator(), version=reference(version), file=file, **options)
    return file.getvalue()


def imported(data: bytes, place: Workspace, **options: Any) -> Imported:
    defaults: dict[str, Any] = {"actor": administrator(), "workspace": place.slug}
    return import_bundle(**(defaults | options), file=io.BytesIO(data))


def content(data: bytes) -> dict[str, bytes]:
    """Everything that is carried, without where it came from."""
    bundle = opened(io.BytesIO(data))
    return {name: bundle.read(name) for name in bundle.entries if name.startswith("content/")}


def test_export_import_export_gives_the_same_bytes() -> None:
    dev, other = make_workspace(), make_workspace()
    data = exported(a_flow(dev))

    done = imported(data, other)
    again = exported(done.versions[-1])

    assert content(again) == content(data)
    assert opened(io.BytesIO(again)).content_digest == done.content_digest
    assert all(done.is_new)
    assert {version.asset.workspace_id for version in done.versions} == {other.pk}


def test_an_export_is_the_same_bytes_each_time() -> None:
    flow = a_flow(make_workspace())

    assert exported(flow) == exported(flow)


def test_importing_twice_makes_nothing_new_and_moves_no_alias() -> None:
    data, other = exported(a_flow(make_workspace())), make_workspace()
    first = imported(data, other)
    count = AssetVersion.objects.count()

    second = imported(data, other)

    assert second.versions == first.versions
    assert not any(second.is_new)
    assert AssetVersion.objects.count() == count
    assert second.suggested_aliases == ("candidate",)
    assert not Alias.objects.filter(asset__workspace=other).exists()


def test_it_is_on_record_where_it_came_from() -> None:
    flow, other = a_flow(make_workspace()), make_workspace()

    done = imported(exported(flow), other)

    body = decode(JournalEntry.objects.get(action="registry.bundle.imported"))
    assert body["data"]["imported_from"].endswith(reference(flow))
    assert body["data"]["content_digest"] == done.content_digest
    assert len(body["data"]["versions"]) == 4
    assert JournalEntry.objects.filter(action="registry.bundle.exported").count() == 1
    root = AssetVersion.objects.select_related("origin").get(pk=done.versions[-1].pk)
    assert root.origin.source.endswith(reference(flow))


def test_only_keys_that_the_workspace_trusts_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    place, stranger = make_workspace(), Ed25519PrivateKey.generate()
    flow = a_flow(make_workspace())
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(exporting, "signing_key", lambda: stranger)
        data = exported(flow)

    with pytest.raises(InvalidInput, match="does not trust"):
        imported(data, place)
    assert not AssetVersion.objects.filter(asset__workspace=place).exists()
    trusted_keys.trust(
        actor=administrator(), workspace=place.slug, name="partner", pem=public_pem(stranger)
    )

    assert all(imported(data, place).is_new)


def test_a_key_for_bundles_does_not_disturb_signatures_of_models() -> None:
    place, signer = make_workspace(), Signer.make()
    for name, pem in (("bundles", ED25519), ("models", signer.pem)):
        trusted_keys.trust(actor=administrator(), workspace=place.slug, name=name, pem=pem)
    upload = make_upload(place, b"weights", actor=administrator())
    model = make_model(place, artifacts=[{"path": "w.bin", "upload": upload.uuid}])
    signed = signer.sign({"w.bin": sha256(b"weights")})
    signatures.add(actor=administrator(), version=model.uuid, bundle=signed)
    while claim_and_run():
        pass

    assert len(verified_signers(model)) == 1


def test_stored_bytes_go_along() -> None:
    dev, other = make_workspace(), make_workspace()
    upload = make_upload(dev, b"weights", actor=administrator())
    model = make_model(dev, artifacts=[{"path": "w.bin", "upload": upload.uuid}])

    done = imported(exported(model), other)

    artifact, blob = stored_content(administrator(), done.versions[-1].uuid, "w.bin")
    assert artifact.digest == sha256(b"weights")
    assert b"".join(store().read(blob.key)) == b"weights"


def test_a_changed_file_registers_nothing() -> None:
    data, place = bytearray(exported(a_flow(make_workspace()))), make_workspace()
    data[len(data) // 3] ^= 1

    with pytest.raises(InvalidInput, match="bundle"):
        imported(bytes(data), place)

    assert not AssetVersion.objects.filter(asset__workspace=place).exists()


def test_into_production_only_administrators_import() -> None:
    prod = make_workspace(stage="production")
    data = exported(a_flow(make_workspace()))

    with pytest.raises(AccessDenied, match="promote from there"):
        imported(data, prod, actor=member(prod, "author"))
    assert all(imported(data, prod).is_new)


def test_what_one_may_not_read_is_not_exported() -> None:
    hidden = make_model(make_workspace())
    dev = make_workspace()
    flow = make_flow(dev, [hidden])

    with pytest.raises(Refused):
        export_bundle(actor=member(dev, "reader"), version=reference(flow), file=io.BytesIO())


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (exporting.MEMBERS, b"[" * 100_000),
        (exporting.MEMBERS, b"no JSON"),
        (exporting.MEMBERS, b"[]"),
        (exporting.MEMBERS, b'{"kind":"model"}'),
        (exporting.MEMBERS, b"[1]"),
        (exporting.ORIGIN, b"[]"),
        (exporting.ORIGIN, b"\xff"),
        (exporting.ORIGIN, b'{"members":[]}'),
    ],
)
def test_what_is_signed_may_still_be_nonsense(name: str, body: bytes) -> None:
    dev, other = make_workspace(), make_workspace()
    bundle = opened(io.BytesIO(exported(make_dataset(dev))))
    carried = [each for each in bundle.entries if each.startswith(("content/", "origin/"))]
    parts = [(each, [body if each == name else bundle.read(each)]) for each in carried]
    file = io.BytesIO()
    write(file, parts, key=signing_key())

    with pytest.raises(InvalidInput):
        imported(file.getvalue(), other)

    assert not AssetVersion.objects.filter(asset__workspace=other).exists()
