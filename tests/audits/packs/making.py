"""Packs for tests, made as a worker makes them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from audits.models import EvidencePack
from audits.packs.archive import Part, Writer
from audits.packs.manifest import manifest_bytes, signature_of
from audits.packs.signing import pack_signer
from audits.services.packs.request import request
from audits.services.report_bases import Asked
from audits.services.transparency import keys
from audits.verifier import muniment_verify as verifier
from core import consumers
from core.models import Task
from registry.queries.blobs import store
from tests.audits.conftest import finish_tasks
from tests.audits.transparency.growing import grow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tests.audits.conftest import House


def let_wait_end() -> None:
    """Let a second pass for tasks that wait for one."""
    Task.objects.filter(state=Task.State.QUEUED).update(run_after=timezone.now())


def work() -> None:
    """Do all background work, the log's too, until nothing is left."""
    for _ in range(4):
        finish_tasks()
        grow()
        while consumers.drain_all():
            pass
        let_wait_end()
    finish_tasks()


def pack_of(house: House, **basis: Any) -> EvidencePack:
    """A completed pack by the administrator."""
    asked = request(actor=house.admin, asked=Asked(**basis))
    work()
    done = EvidencePack.objects.select_related("task", "blob").get(pk=asked.pk)
    assert done.status == "completed", (done.task, done.task and done.task.error)
    return done


def bytes_of(pack: EvidencePack) -> bytes:
    """What a download answers."""
    assert pack.blob is not None
    return b"".join(store().read(pack.blob.key))


def members_of(content: bytes) -> dict[str, bytes]:
    """The files of a pack by path."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def signed_again(
    content: bytes,
    changed: Mapping[str, bytes],
    *,
    without: Sequence[str] = (),
    claim: Callable[[dict[str, Any]], None] | None = None,
) -> bytes:
    """The pack with other bytes in some of its files, none of those ``without``, and a manifest in
    which ``claim`` changed something, as who stole the pack's key would sign it."""
    members = {**members_of(content), **changed}
    claims = json.loads(members.pop("manifest.json"))
    for name in ("manifest.sig", *without):
        del members[name]
    types = {each["path"]: each["media_type"] for each in claims.pop("files")}
    types = dict.fromkeys(members, "application/x-ndjson") | types
    if claim is not None:
        claim(claims)
    file = io.BytesIO()
    writer = Writer(file, limit=10**9)
    written = [writer.write(Part(name, types[name], [body])) for name, body in members.items()]
    manifest = manifest_bytes(claims, written)
    note = signature_of(manifest, origin=keys.origin(), signer=pack_signer())
    writer.write(Part("manifest.json", "application/json", [manifest]))
    writer.write(Part("manifest.sig", "text/plain", [note]))
    writer.close()
    return file.getvalue()


def verified(content: bytes, folder: Path) -> int:
    """What the verifier says to who has the log's key."""
    path = folder / "pack.zip"
    path.write_bytes(content)
    return verifier.main([str(path), "--key", keys.log_signer().verifier.encoded()])


def lines_of(text: bytes) -> list[dict[str, Any]]:
    """Each line as JSON."""
    return [json.loads(line) for line in text.splitlines()]
