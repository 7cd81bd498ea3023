"""Take serving windows in, in batches, each window once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.canonical import canonical_digest
from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.tasks import enqueue
from registry import access
from registry.events import WindowsReported
from registry.models import Deployment, ServingWindow, WindowBlock, WindowQuality
from registry.models.serving import MAX_SOURCE, NANO
from registry.permissions import Permission
from registry.queries.deployments import deployment_by_uuid, serving_number
from registry.services.serving.drafts import (
    MAX_LENGTH,
    CheckedWindow,
    WindowDraft,
    checked_window,
)
from registry.services.serving.members import Members

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor

    _Key = tuple[int, datetime, datetime]

MAX_WINDOWS = 1_000
THRESHOLDS_TASK = "registry.evaluate_thresholds"


@dataclass(frozen=True)
class Taken:
    """How many of a batch were new, and how many had been told before just so."""

    recorded: int
    repeated: int


def report(*, actor: Actor, deployment: UUID, source: str, windows: Sequence[WindowDraft]) -> Taken:
    """Record up to 1,000 windows that ``source`` counted, all of them or none.

    A window is identified by source, version, start and end. Telling it again changes nothing;
    telling it otherwise is a Conflict, and so is a window that overlaps another one of its source
    and version. One journal entry covers what is new. Thresholds are held
    against it by a task. Needs report_serving. Raises InvalidInput.
    """
    found = deployment_by_uuid(actor, deployment, permission=Permission.REPORT_SERVING)
    if actor.user is None:
        raise InvalidInput("Windows need a person or a service account to report them.")
    check_batch(source, len(windows), field="windows", most=MAX_WINDOWS)
    members = Members(found)
    checked = [
        checked_window(draft, members=members, path=f"windows[{index}]")
        for index, draft in enumerate(windows)
    ]
    with transaction.atomic():
        # Batches of one deployment queue, so that two that overlap cannot both write.
        Deployment.objects.select_for_update(no_key=True).get(pk=found.pk)
        new = _new(checked, deployment=found, source=source)
        if new:
            _write(new, deployment=found, source=source, actor=actor)
            publish(
                _event(new, deployment=found, source=source, repeated=len(checked) - len(new)),
                actor=actor,
                roles=access.roles(actor, found.workspace_id),
            )
            enqueue(
                THRESHOLDS_TASK,
                {"deployment": str(found.uuid)},
                workspace=found.workspace.uuid,
                dedupe_key=str(found.uuid),
            )
    return Taken(recorded=len(new), repeated=len(checked) - len(new))


def check_batch(source: str, size: int, *, field: str, most: int) -> None:
    """Return for a batch of a size that is taken, from a source with a plain name."""
    if not 1 <= len(source) <= MAX_SOURCE or not source.isprintable():
        raise InvalidInput.of("source", f"must have 1 to {MAX_SOURCE} printable characters")
    if not 1 <= size <= most:
        raise InvalidInput.of(field, f"there must be 1 to {most}")


def _new(
    checked: Sequence[CheckedWindow], *, deployment: Deployment, source: str
) -> list[CheckedWindow]:
    """Return the windows that are not there; raises Conflict for one that is there otherwise, and
    for one that counts again what another of its source and version counted."""
    first = min(window.columns["start"] for window in checked)
    last = max(window.columns["end"] for window in checked)
    known = {
        (version, start, end): digest
        for version, start, end, digest in ServingWindow.objects.filter(
            deployment=deployment,
            source=source,
            # No window is longer: what began before that is over.
            start__range=(first - MAX_LENGTH, last),
            end__gt=first,
        ).values_list("version_id", "start", "end", "digest")
    }
    new: dict[_Key, CheckedWindow] = {}
    for index, window in enumerate(checked):
        digest = window.columns["digest"]
        twin = new.get(window.key)
        told = twin.columns["digest"] if twin else known.get(window.key)
        if told is None:
            new[window.key] = window
        elif told != digest:
            raise Conflict(
                f"windows[{index}]: {source} told this window of this version otherwise before.",
                extra={"window": index},
            )
    _require_apart(checked, new=new, known=known, source=source)
    return list(new.values())


def _require_apart(
    checked: Sequence[CheckedWindow],
    *,
    new: Mapping[_Key, CheckedWindow],
    known: Iterable[_Key],
    source: str,
) -> None:
    """Return if no new window overlaps another one of its version: the requests in both would be
    counted, paid and blamed twice."""
    ordered = sorted({*known, *new})
    for _, group in groupby(ordered, key=lambda key: key[0]):
        before: _Key | None = None
        for key in group:
            if before is not None and key[1] < before[2] and (key in new or before in new):
                late = key if key in new else before
                index = next(i for i, window in enumerate(checked) if window.key == late)
                other = before if late == key else key
                raise Conflict(
                    f"windows[{index}]: {source} told of {other[1].isoformat()} to"
                    f" {other[2].isoformat()} of this version, which overlaps it.",
                    extra={"window": index},
                )
            before = key if before is None or key[2] > before[2] else before


def _write(
    new: Sequence[CheckedWindow], *, deployment: Deployment, source: str, actor: Actor
) -> None:
    rows = ServingWindow.objects.bulk_create(
        [
            ServingWindow(
                deployment=deployment, source=source, reported_by=actor.user, **window.columns
            )
            for window in new
        ],
        batch_size=500,
    )
    WindowBlock.objects.bulk_create(
        [
            WindowBlock(window=row, **block)
            for row, window in zip(rows, new, strict=True)
            for block in window.blocks
        ],
        batch_size=500,
    )
    WindowQuality.objects.bulk_create(
        [
            WindowQuality(window=row, **quality)
            for row, window in zip(rows, new, strict=True)
            for quality in window.qualities
        ],
        batch_size=500,
    )


def _event(
    new: Sequence[CheckedWindow], *, deployment: Deployment, source: str, repeated: int
) -> WindowsReported:
    columns = [window.columns for window in new]
    return WindowsReported(
        subject=deployment.reference,
        workspace=deployment.workspace.uuid,
        digest=canonical_digest([each["digest"] for each in columns]),
        deployment=str(deployment.uuid),
        source=source,
        count=len(new),
        repeated=repeated,
        requests=sum(each["requests"] for each in columns),
        first_start=min(each["start"] for each in columns).isoformat(),
        last_end=max(each["end"] for each in columns).isoformat(),
        versions=sorted({str(each["version"].uuid) for each in columns}),
        revision=serving_number(deployment),
        **{
            name: sum(each[name] for each in columns)
            for name in ("errors", "tokens_in", "tokens_out")
        },
        costs=_costs(columns),
        blocks=sum(block["count"] for window in new for block in window.blocks),
    )


def _costs(columns: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the exact sum of each currency; no number of the journal is a fraction."""
    sums: dict[str, int] = {}
    for each in columns:
        if each["cost_nano"] is not None:
            sums[each["currency"]] = sums.get(each["currency"], 0) + each["cost_nano"]
    return [
        {"currency": currency, "cost": str(Decimal(nano) / NANO)}
        for currency, nano in sorted(sums.items())
    ]
