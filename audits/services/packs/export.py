"""Make a pack in this process and write it to a file: for operators, where no worker runs too."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.utils import timezone

from audits.models import EvidencePack
from audits.services.packs.request import request
from audits.services.transparency import integration
from core import consumers, sequencer, tasks
from core.errors import Conflict, InvalidInput
from core.models import Task
from registry.queries.blobs import store_at_hand

if TYPE_CHECKING:
    from pathlib import Path

    from audits.services.report_bases import Asked
    from core.actors import Actor

PAUSE = 0.5
OPEN = (Task.State.QUEUED, Task.State.RUNNING)


def export_pack(
    file: Path,
    *,
    actor: Actor,
    asked: Asked,
) -> EvidencePack:
    """Ask for a pack, do its scan, its log and itself, and write its bytes to a new file.

    Reads the log's key, as a worker does. What a worker has taken is waited for. Raises as
    `request` does, InvalidInput for a file that is there, Conflict where the pack failed.
    """
    if file.exists():
        raise InvalidInput.of("file", f"{file} is there already")
    begun = request(actor=actor, asked=asked)
    while (pack := _again(begun)).completed_at is None:
        if pack.status == "failed":
            raise Conflict(f"The pack could not be made: {_reason(pack)}")
        if not _step(pack):
            time.sleep(PAUSE)
    assert pack.blob is not None  # a constraint of the table
    with store_at_hand() as store, file.open("xb") as target:
        for chunk in store.read(pack.blob.key):
            target.write(chunk)
    return pack


def _again(pack: EvidencePack) -> EvidencePack:
    return EvidencePack.objects.select_related("scan__task", "task", "blob").get(pk=pack.pk)


def _step(pack: EvidencePack) -> bool:
    """Do what is to be done next, and tell whether anything was."""
    while (
        sequencer.sequence_pending()
        or integration.integrate(at_once=True)
        or consumers.drain_all()  # a pack waits for the lineage of its time
    ):
        pass
    waiting = pack.task or (pack.scan.task if pack.scan else None)
    if waiting is None or waiting.state not in OPEN:
        return False
    if waiting.run_after > timezone.now():
        return False
    return tasks.claim_and_run(task_uuid=waiting.uuid)


def _reason(pack: EvidencePack) -> str:
    task = pack.task or (pack.scan.task if pack.scan else None)
    return task.error.strip().rpartition("\n")[2] if task else "it has no task"
