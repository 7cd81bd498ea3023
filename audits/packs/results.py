"""What a scan found: every result that is told of, and every finding as it was then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.db.models import OuterRef, Q, Subquery

from audits.models import Finding, ResultState
from audits.packs.archive import Part, gathered
from audits.packs.journal import LINES
from audits.reports.moments import moment
from audits.reports.order import by_identity
from core.canonical import canonical_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from audits.models import Scan, ScanResult
    from audits.packs.extent import Extent
    from registry.models import Workspace

AT_ONCE = 1_000
RESULT = (
    "identity",
    "state",
    "decision__uuid",
    "decision__evaluation__input_id",
    "policy_version__digest",
    "exemption__uuid",
    "underlying",
    "subject",
    "policy_version__policy__name",
    "policy_version__number",
    "severity",
    "assignment__uuid",
    "reference_id",
)


# What the digest over a workspace's results covers of each, in its order.
COVERED = (
    "identity",
    "state",
    "decision__uuid",
    "decision__evaluation__input_id",
    "policy_version__digest",
    "exemption__uuid",
)


def result_parts(extent: Extent, counts: dict[str, int]) -> Iterator[Part]:
    """Yield the files where there is a scan, and count their lines in ``counts``."""
    if extent.basis.scan is None:
        return
    lines = _counted(_results(extent), counts, "results")
    yield Part("results.ndjson", LINES, gathered(lines))
    lines = _counted(_findings(extent, extent.basis.scan), counts, "findings")
    yield Part("findings.ndjson", LINES, gathered(lines))
    if extent.basis.is_narrowed:
        for place in extent.basis.workspaces:
            yield Part(f"covered/{place.slug}.ndjson", LINES, gathered(_covered(extent, place)))


def _counted(lines: Iterator[bytes], counts: dict[str, int], name: str) -> Iterator[bytes]:
    counts[name] = 0
    for line in lines:
        counts[name] += 1
        yield line


def _results(extent: Extent) -> Iterator[bytes]:
    """One workspace after the other, in the order in which its digest covers them: so a reader
    can hold them against the digest that the journal has."""
    for place in extent.basis.workspaces:
        rows = extent.results().filter(workspace=place)
        for row in _in_order(rows, RESULT):
            yield _line(_result(place.slug, row))


def _in_order(rows: QuerySet[ScanResult], columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield those columns of ``rows`` by identity, some at a time."""
    keys = by_identity(rows)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        told = rows.order_by().filter(pk__in=some).values_list("pk", *columns)
        found = {key: row for key, *row in told}
        yield from (tuple(found[key]) for key in some)


def _result(workspace: str, row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "workspace": workspace,
        "identity": row[0],
        "state": row[1],
        "underlying": row[6] or None,
        "exemption": row[5],
        "subject": row[7],
        "policy": f"{row[8]}/{row[9]}",
        "policy_digest": row[4],
        "severity": row[10],
        "assignment": row[11],
        "reference_id": row[12],
        "decision": row[2],
        "input_digest": row[3],
    }


def _covered(extent: Extent, place: Workspace) -> Iterator[bytes]:
    """Every result in the workspace as its digest covers it, which tells nothing of the others but
    that they are there: so a reader can hold the few that are told of against the journal."""
    for row in _in_order(extent.covered().filter(workspace=place), COVERED):
        yield canonical_texts([str(each or "") for each in row]) + b"\n"


def _findings(extent: Extent, scan: Scan) -> Iterator[bytes]:
    """What failed, exempt or not, and the breaches and drift that the journal told of by then."""
    failed = Q(state=ResultState.FAIL) | Q(underlying=ResultState.FAIL)
    for place in extent.basis.workspaces:
        known = Finding.objects.filter(
            workspace=place, identity=OuterRef("identity"), first_seen_at__lte=scan.as_of
        )
        rows = extent.results().filter(failed, workspace=place)
        rows = rows.annotate(
            finding=Subquery(known.values("uuid")[:1]),
            first_seen_at=Subquery(known.values("first_seen_at")[:1]),
        )
        columns = (*RESULT, "finding", "first_seen_at", "decision__findings")
        for row in _in_order(rows, columns):
            yield _line(_finding(place.slug, row))
    for breach in extent.breaches:
        yield _line(msgspec.to_builtins(breach))


def _finding(workspace: str, row: tuple[Any, ...]) -> dict[str, Any]:
    *result, finding, first_seen_at, reasons = row
    told = _result(workspace, tuple(result))
    del told["input_digest"], told["policy_digest"], told["underlying"]
    told["state"] = "exempt" if told["state"] == ResultState.EXEMPT else "open"
    return told | {
        "origin": "policy",
        "finding": finding,
        "first_seen_at": moment(first_seen_at) if first_seen_at else None,
        "reasons": reasons,
    }


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"
