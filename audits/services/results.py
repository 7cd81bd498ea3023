"""The results of a workspace: gathered while it is scanned, and written all at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audits.models import ResultState, ScanResult
from audits.queries.population import Identities
from core.bulk_rows import insert_values, make_row
from core.canonical import sha256

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from audits.models import ScanWorkspace
    from policies.models import Assignment, Exemption, PolicyVersion, Resource
    from policies.services.evaluation import Assessment

COLUMNS = (
    "scan",
    "workspace",
    "assignment",
    "reference_id",
    "policy_version",
    "identity",
    "subject",
    "resource",
    "decision",
    "exemption",
    "state",
    "underlying",
    "severity",
)
IDENTITY, STATE, UNDERLYING = map(COLUMNS.index, ("identity", "state", "underlying"))
COVERED = frozenset({ResultState.EXEMPT.value, ResultState.CONFLICT.value})


@dataclass
class Results:
    """Every result of one unit of a scan, without the documents that were judged.

    ``rules`` counts them by policy, severity and state.
    """

    unit: ScanWorkspace
    rules: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _identities: Identities = field(default_factory=Identities)
    _versions: dict[int, PolicyVersion] = field(default_factory=dict)
    _assignments: dict[int, Assignment] = field(default_factory=dict)
    _resources: dict[int | None, Resource | None] = field(default_factory=lambda: {None: None})
    _exemptions: dict[int | None, Exemption | None] = field(default_factory=lambda: {None: None})

    def add(self, assessments: Iterable[Assessment]) -> None:
        """Take what was said about some of the unit's questions."""
        for each in assessments:
            question, decision, state = each.question, each.decision, str(each.state)
            rule, version, snapshot = question.rule, question.rule.policy_version, question.snapshot
            exemption = each.exemption if state == ResultState.EXEMPT else None
            resource = snapshot.resource_id if snapshot else None
            identity = self._identities.of(question)
            self._versions[version.pk], self._assignments[rule.assignment.pk] = (
                version,
                rule.assignment,
            )
            if snapshot and resource not in self._resources:
                self._resources[resource] = snapshot.resource
            if exemption:
                self._exemptions[exemption.pk] = exemption
            self._rows.append(
                (
                    self.unit.scan_id,
                    self.unit.workspace_id,
                    rule.assignment.pk,
                    rule.reference_id,
                    version.pk,
                    identity,
                    question.subject,
                    resource,
                    decision.pk,
                    exemption.pk if exemption else None,
                    state,
                    decision.state if state in COVERED else "",
                    version.severity,
                )
            )
            self._lines.append(
                f'["{identity}","{state}","{decision.uuid_text}","{decision.input_id}",'
                f'"{version.digest}","{exemption.uuid if exemption else ""}"]'
            )
            self.rules[version.policy.name, version.severity, state] += 1

    @property
    def digest(self) -> str:
        """Return the digest over the results: question, state, and the decision with its bytes. It
        is that of the canonical JSON of their sorted list."""
        return sha256(f"[{','.join(sorted(self._lines))}]".encode())

    def write(self) -> list[int]:
        """Write all rows, in the caller's transaction; return their ids, for `rows`."""
        return insert_values(ScanResult, COLUMNS, self._rows)

    def rows(self, ids: list[int], *, followed: Container[str]) -> list[ScanResult]:
        """Return, of the rows that were written under ``ids``, those that matter to findings: what
        fails, exempt or not, and what a finding follows, by its identity."""
        return [
            self._row(number, row)
            for number, row in zip(ids, self._rows, strict=True)
            if (row[UNDERLYING] or row[STATE]) == ResultState.FAIL or row[IDENTITY] in followed
        ]

    def _row(self, number: int, row: tuple[Any, ...]) -> ScanResult:
        told = dict(zip(COLUMNS, row, strict=True))
        related = {
            "scan": self.unit.scan,
            "workspace": self.unit.workspace,
            "assignment": self._assignments[told.pop("assignment")],
            "policy_version": self._versions[told.pop("policy_version")],
            "resource": self._resources[told.pop("resource")],
            "exemption": self._exemptions[told.pop("exemption")],
        }
        del told["scan"], told["workspace"]
        decision = told.pop("decision")
        result = make_row(ScanResult, {**told, "id": number, "decision_id": decision}, related)
        result._state.adding = False  # noqa: SLF001 - as the ORM says of a row that is stored
        return result
