"""The results of a workspace: gathered while it is scanned, and written all at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from audits.models import ResultState, ScanResult
from audits.queries.population import Identities
from core.bulk_rows import insert_values, make_row
from core.canonical import sha256

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from audits.models import ScanWorkspace
    from policies.models import Exemption, Resource, Snapshot
    from policies.queries.assignments import Rule
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
EXEMPT = ResultState.EXEMPT.value
COVERED = frozenset({EXEMPT, ResultState.CONFLICT.value})


class _Of(NamedTuple):
    """What every result of a rule has: columns, the digest of its policy, and how it is counted."""

    assignment: int
    reference_id: str
    policy_version: int
    severity: str
    digest: str
    policy: str


@dataclass
class Results:
    """Every result of one unit of a scan, without the documents that were judged."""

    unit: ScanWorkspace
    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _counts: Counter[tuple[_Of, str]] = field(default_factory=Counter)
    _identities: Identities = field(default_factory=Identities)
    _rules: dict[int, tuple[Rule, _Of]] = field(default_factory=dict)
    _resources: dict[int | None, Resource | None] = field(default_factory=lambda: {None: None})
    _exemptions: dict[int | None, Exemption | None] = field(default_factory=lambda: {None: None})

    def add(self, assessments: Iterable[Assessment]) -> None:
        """Take what was said about some of the unit's questions."""
        scan, workspace = self.unit.scan_id, self.unit.workspace_id
        rows, lines, counts = self._rows, self._lines, self._counts
        for each in assessments:
            question, decision, state = each.question, each.decision, each.state
            told = self._told(question.rule)
            exemption = each.exemption if state == EXEMPT else None
            identity = self._identities.of(question)
            rows.append(
                (
                    scan,
                    workspace,
                    told.assignment,
                    told.reference_id,
                    told.policy_version,
                    identity,
                    question.subject,
                    self._resource(question.snapshot),
                    decision.pk,
                    self._exemption(exemption) if exemption else None,
                    state,
                    decision.state if state in COVERED else "",
                    told.severity,
                )
            )
            lines.append(
                f'["{identity}","{state}","{decision.uuid_text}","{decision.evaluation.input_id}",'
                f'"{told.digest}","{exemption.uuid if exemption else ""}"]'
            )
            counts[told, state] += 1

    def _told(self, rule: Rule) -> _Of:
        known = self._rules.get(id(rule))
        if known is None:
            version = rule.policy_version
            of = _Of(
                rule.assignment.pk,
                rule.reference_id,
                version.pk,
                version.severity,
                version.digest,
                version.policy.name,
            )
            known = self._rules[id(rule)] = rule, of
        return known[1]

    def _resource(self, snapshot: Snapshot | None) -> int | None:
        if snapshot is None:
            return None
        key: int = snapshot.resource_id
        if key not in self._resources:
            self._resources[key] = snapshot.resource
        return key

    def _exemption(self, exemption: Exemption) -> int:
        self._exemptions[exemption.pk] = exemption
        return exemption.pk

    @property
    def rules(self) -> Counter[tuple[str, str, str]]:
        """Return how many results there are by policy, severity and state."""
        counts: Counter[tuple[str, str, str]] = Counter()
        for (told, state), number in self._counts.items():
            counts[told.policy, told.severity, state] += number
        return counts

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
        rules = [rule for rule, _ in self._rules.values()]
        known: dict[str, Mapping[Any, Any]] = {
            "assignment": {rule.assignment.pk: rule.assignment for rule in rules},
            "policy_version": {rule.policy_version.pk: rule.policy_version for rule in rules},
            "resource": self._resources,
            "exemption": self._exemptions,
        }
        return [
            self._row(number, row, known)
            for number, row in zip(ids, self._rows, strict=True)
            if (row[UNDERLYING] or row[STATE]) == ResultState.FAIL or row[IDENTITY] in followed
        ]

    def _row(
        self, number: int, row: tuple[Any, ...], known: Mapping[str, Mapping[Any, Any]]
    ) -> ScanResult:
        told = dict(zip(COLUMNS, row, strict=True))
        related = {name: rows[told.pop(name)] for name, rows in known.items()}
        related |= {"scan": self.unit.scan, "workspace": self.unit.workspace}
        del told["scan"], told["workspace"]
        decision = told.pop("decision")
        result = make_row(ScanResult, {**told, "id": number, "decision_id": decision}, related)
        result._state.adding = False  # noqa: SLF001 - as the ORM says of a row that is stored
        return result
