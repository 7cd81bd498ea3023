"""The results of a workspace: gathered while it is scanned, and written all at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from audits.models import ResultState, ScanResult
from audits.queries.population import Identities
from core.bulk_rows import insert_values
from core.canonical import sha256

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from audits.models import ScanWorkspace
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
IDENTITY, SUBJECT, RESOURCE = map(COLUMNS.index, ("identity", "subject", "resource"))
STATE, UNDERLYING = map(COLUMNS.index, ("state", "underlying"))
FAIL = ResultState.FAIL.value
EXEMPT = ResultState.EXEMPT.value
COVERED = frozenset({EXEMPT, ResultState.CONFLICT.value})


class RuleColumns(NamedTuple):
    """What every result of a rule has: columns, the digest of its policy, and how it is counted."""

    assignment: int
    reference_id: str
    policy_version: int
    severity: str
    digest: str
    policy: int
    policy_name: str


class Seen(NamedTuple):
    """A stored result that matters to findings; ``verdict`` is the state under an exemption."""

    pk: int
    rule: RuleColumns
    identity: str
    subject: str
    resource: int | None
    state: str
    verdict: str


@dataclass
class Results:
    """Every result of one unit of a scan, without the documents that were judged."""

    unit: ScanWorkspace
    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _of: list[RuleColumns] = field(default_factory=list)
    _counts: Counter[tuple[int, str]] = field(default_factory=Counter)
    _identities: Identities = field(default_factory=Identities)
    _rules: dict[int, tuple[Rule, RuleColumns]] = field(default_factory=dict)

    def add(self, assessments: Iterable[Assessment]) -> None:
        """Take what was said about some of the unit's questions."""
        scan, workspace = self.unit.scan_id, self.unit.workspace_id
        rows, lines, of = self._rows, self._lines, self._of
        identity_of, told_of, counts = self._identities.of, self._told, self._counts
        for each in assessments:
            question, decision, state = each.question, each.decision, each.state
            told, snapshot = told_of(question.rule), question.snapshot
            exemption = each.exemption if state == EXEMPT else None
            identity = identity_of(question)
            rows.append(
                (
                    scan,
                    workspace,
                    told.assignment,
                    told.reference_id,
                    told.policy_version,
                    identity,
                    question.subject,
                    None if snapshot is None else snapshot.resource_id,
                    decision.pk,
                    None if exemption is None else exemption.pk,
                    state,
                    decision.state if state in COVERED else "",
                    told.severity,
                )
            )
            lines.append(
                f'["{identity}","{state}","{decision.uuid_text}","{decision.evaluation.input_id}",'
                f'"{told.digest}","{exemption.uuid if exemption else ""}"]'
            )
            of.append(told)
            counts[id(told), state] += 1

    def _told(self, rule: Rule) -> RuleColumns:
        known = self._rules.get(id(rule))
        if known is None:
            version = rule.policy_version
            of = RuleColumns(
                rule.assignment.pk,
                rule.reference_id,
                version.pk,
                version.severity,
                version.digest,
                version.policy_id,
                version.policy.name,
            )
            known = self._rules[id(rule)] = rule, of
        return known[1]

    @property
    def rules(self) -> Counter[tuple[str, str, str]]:
        """Return how many results there are by policy, severity and state."""
        counts: Counter[tuple[str, str, str]] = Counter()
        of = {id(told): told for _, told in self._rules.values()}
        for (key, state), number in self._counts.items():
            told = of[key]
            counts[told.policy_name, told.severity, state] += number
        return counts

    @property
    def digest(self) -> str:
        """Return the digest over the results: question, state, and the decision with its bytes. It
        is that of the canonical JSON of their sorted list."""
        return sha256(f"[{','.join(sorted(self._lines))}]".encode())

    def write(self) -> list[int]:
        """Write all rows, in the caller's transaction; return their ids, for `seen`."""
        return insert_values(ScanResult, COLUMNS, self._rows)

    def seen(self, ids: list[int], *, followed: Container[str]) -> list[Seen]:
        """Return, of the rows that were written under ``ids``, those that matter to findings: what
        fails, exempt or not, and what a finding follows, by its identity."""
        return [
            Seen(
                pk,
                of,
                row[IDENTITY],
                row[SUBJECT],
                row[RESOURCE],
                row[STATE],
                row[UNDERLYING] or row[STATE],
            )
            for pk, row, of in zip(ids, self._rows, self._of, strict=True)
            if (row[UNDERLYING] or row[STATE]) == FAIL or row[IDENTITY] in followed
        ]
