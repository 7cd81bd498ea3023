"""Compare two complete scans: what became of every question that both, or one of them, put."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from audits.comparing import PASSING, Answer, Became, became, causes, order
from audits.models import Finding, Scan, ScanResult
from audits.queries.scope import results_of, scan_by_uuid
from core.errors import Conflict, InvalidInput, NotFound
from policies.models import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor

TOLD = ("identity", "workspace__slug", "subject", "policy", "state", "severity")
EXPORTED = 500
# The identity alone would do; the indexes begin with the workspace, which is a part of it.
SAME = Q(workspace=OuterRef("workspace"), identity=OuterRef("identity"))


@dataclass(frozen=True)
class Changed:
    """A question of which something became."""

    became: Became
    identity: str
    workspace: str
    subject: str
    policy: str
    severity: str


@dataclass(frozen=True)
class Side:
    """What one of the scans found, with its digests."""

    result: ScanResult
    answer: Answer
    snapshot_digest: str


@dataclass(frozen=True)
class Line:
    """A changed question with both sides, and what was different."""

    changed: Changed
    before: Side | None
    after: Side | None

    @property
    def sides(self) -> list[tuple[Side | None, str]]:
        """Return both sides under their names."""
        return [(self.before, "then"), (self.after, "now")]

    @property
    def causes(self) -> list[str]:
        """Return what may be why. Of what only one scan judged, what came or went."""
        before, after = self.before, self.after
        if before is None and after is not None:
            return ["newly_asked"]
        if before is not None and after is None:
            gone = before.result.resource is not None and before.result.resource.retired_at
            return ["retired" if gone else "no_longer_asked"]
        return causes(before.answer if before else None, after.answer if after else None)


@dataclass(frozen=True)
class Comparison:
    """All that changed between two scans in the workspaces that both cover, in one order.

    ``only_before`` and ``only_after`` are slugs of workspaces that only one covers, ``results``
    those of both scans.
    """

    before: Scan
    after: Scan
    workspaces: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    changes: tuple[Changed, ...]
    results: tuple[QuerySet[ScanResult], QuerySet[ScanResult]]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many questions became what."""
        found = Counter(each.became for each in self.changes)
        return {name.value: found[name] for name in Became}

    def chosen(self, *, change: str = "", workspace: str = "") -> list[Changed]:
        """Return the changes of one kind, or in one workspace."""
        return [
            each
            for each in self.changes
            if change in {"", each.became} and workspace in {"", each.workspace}
        ]


def comparison_of(actor: Actor, scan: UUID, other: UUID) -> Comparison:
    """Return the comparison of two complete scans, the earlier ``as_of`` first, in a constant
    number of queries.

    Raises NotFound for a missing or foreign ``scan``, InvalidInput for the ``other``, Conflict
    while one of them is not complete, Gone where the results of one were removed.
    """
    one = scan_by_uuid(actor, scan)
    try:
        two = scan_by_uuid(actor, other)
    except NotFound as error:
        raise InvalidInput.of("with", f"there is no scan {other}", denial=error.denial) from error
    for each in (one, two):
        if each.completed_at is None:
            raise Conflict(f"The scan {each.uuid} is not complete: it is {each.status}.")
    before, after = sorted((one, two), key=lambda each: (each.as_of, each.pk))
    first = {place.slug for place in before.workspaces.all()}
    last = {place.slug for place in after.workspaces.all()}
    common = tuple(sorted(first & last))
    results = (results_of(before), results_of(after))
    return Comparison(
        before,
        after,
        common,
        tuple(sorted(first - last)),
        tuple(sorted(last - first)),
        tuple(_changes(before, results, common)) if before != after else (),
        results,
    )


def _changes(
    before: Scan,
    results: tuple[QuerySet[ScanResult], QuerySet[ScanResult]],
    places: Sequence[str],
) -> list[Changed]:
    """Only what does not pass in one of them is read with its twin in the other, and what has no
    twin; the rest, nearly all of a scan, stays in the database."""
    older, newer = (_rows(each, places) for each in results)
    failed = Finding.objects.filter(SAME, first_seen_at__lt=before.as_of)
    told: dict[str, Changed] = {}

    def tell(row: Mapping[str, Any], was: Answer | None, now: Answer | None) -> None:
        what = became(was, now, failed_earlier=bool(row.get("failed_earlier")))
        if what is not None and row["identity"] not in told:
            told[row["identity"]] = Changed(
                what,
                row["identity"],
                row["workspace__slug"],
                row["subject"],
                row["policy"],
                row["severity"],
            )

    failing = newer.exclude(state__in=PASSING).annotate(failed_earlier=Exists(failed))
    for row in _with_twin(failing, older):
        tell(row, _twin(row), _own(row))
    for row in _with_twin(older.exclude(state__in=PASSING), newer):
        tell(row, _own(row), _twin(row))
    for row in newer.filter(~_has_twin(older), state__in=PASSING).values(*TOLD):
        tell(row, None, _own(row))
    for row in older.filter(~_has_twin(newer), state__in=PASSING).values(*TOLD):
        tell(row, _own(row), None)
    return sorted(
        told.values(),
        key=lambda each: order(
            each.became, each.severity, each.workspace, each.subject, each.policy, each.identity
        ),
    )


def _rows(results: QuerySet[ScanResult], places: Sequence[str]) -> QuerySet[ScanResult]:
    found = results.filter(workspace__slug__in=places).order_by()
    return found.annotate(policy=F("policy_version__policy__name"))


def _with_twin(
    rows: QuerySet[ScanResult], others: QuerySet[ScanResult]
) -> QuerySet[ScanResult, dict[str, Any]]:
    twin = others.filter(SAME)
    more = {"failed_earlier"} & set(rows.query.annotations)
    found: QuerySet[ScanResult, dict[str, Any]] = rows.annotate(
        twin_state=Subquery(twin.values("state")[:1]),
        twin_severity=Subquery(twin.values("severity")[:1]),
    ).values(*TOLD, "twin_state", "twin_severity", *more)
    return found


def _has_twin(others: QuerySet[ScanResult]) -> Exists:
    return Exists(others.filter(SAME))


def _own(row: Mapping[str, Any]) -> Answer:
    return Answer(row["state"], row["severity"])


def _twin(row: Mapping[str, Any]) -> Answer | None:
    return Answer(row["twin_state"], row["twin_severity"]) if row["twin_state"] else None


def lines_of(comparison: Comparison, changes: Sequence[Changed]) -> list[Line]:
    """Return some of the changes with both sides, in three queries."""
    wanted = [each.identity for each in changes]
    places = {each.workspace for each in changes}
    sides = [
        {
            row.identity: row
            for row in results.filter(workspace__slug__in=places, identity__in=wanted)
        }
        for results in comparison.results
    ]
    digests = _digests(row for side in sides for row in side.values())
    older, newer = (
        {identity: _side(row, digests) for identity, row in side.items()} for side in sides
    )
    return [Line(each, older.get(each.identity), newer.get(each.identity)) for each in changes]


def every_line(comparison: Comparison, changes: Sequence[Changed]) -> Iterator[Line]:
    """Yield all of ``changes`` with both sides, some hundreds at a time."""
    for start in range(0, len(changes), EXPORTED):
        yield from lines_of(comparison, changes[start : start + EXPORTED])


def _digests(rows: Iterator[ScanResult]) -> dict[int, str]:
    keys = {row.decision.snapshot_id for row in rows if row.decision.snapshot_id}
    found = Snapshot.objects.filter(pk__in=keys).values_list("pk", "digest")
    return dict(found)


def _side(row: ScanResult, digests: Mapping[int, str]) -> Side:
    decision = row.decision
    digest = digests.get(decision.snapshot_id or 0, "")
    answer = Answer(
        state=row.state,
        severity=row.severity,
        policy=row.policy_version.digest,
        configuration=digest,
        exemption=str(row.exemption.uuid) if row.exemption else "",
        engine=f"{decision.engine} {decision.engine_version}".strip(),
    )
    return Side(row, answer, digest)
