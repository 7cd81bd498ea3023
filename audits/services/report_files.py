"""Keep the files of a report: small ones in its table, large ones in the store."""

from __future__ import annotations

import hashlib
import tempfile
from typing import TYPE_CHECKING, BinaryIO, cast

from django.conf import settings
from django.db import transaction

from audits.models import ReportFile
from audits.packs.archive import chunks_of, gathered
from registry.services import stored_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from audits.models import Report

IN_TABLE = 1024 * 1024


def keep(
    report: Report,
    name: str,
    pieces: Iterable[bytes],
    *,
    told: Callable[[int], None],
    fence: Callable[[], None],
) -> None:
    """Write the file of one format and put it on record; bytes and row come about together.

    Of a large one never more than a piece is in memory. ``told`` hears its size so far; ``fence``
    is called in the transaction, and raises where somebody else has the task. Raises Unavailable
    where the store is away.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_TABLE, dir=str(settings.DATA_DIR)) as spool:
        file, hashed, size = cast("BinaryIO", spool), hashlib.sha256(), 0
        for piece in gathered(pieces):
            file.write(piece)
            hashed.update(piece)
            size += len(piece)
            told(size)
        is_large = size > IN_TABLE
        stored = stored_bytes.put(_told(chunks_of(file), told, size)) if is_large else None
        body = None if is_large else b"".join(chunks_of(file))
    try:
        with transaction.atomic():
            fence()
            blob = stored_bytes.hold(stored) if stored else None
            digest = f"sha256:{hashed.hexdigest()}"
            ReportFile.objects.create(
                report=report, format=name, digest=digest, size=size, body=body, blob=blob
            )
    except BaseException:
        if stored:
            stored_bytes.discard(stored)
        raise
    if stored and blob and blob.key != stored.key:  # equal bytes were there before
        stored_bytes.discard(stored)


def _told(chunks: Iterable[bytes], told: Callable[[int], None], size: int) -> Iterator[bytes]:
    for chunk in chunks:
        told(size)
        yield chunk
