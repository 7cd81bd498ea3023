"""What a report says, as data: built once from a scan, then rendered in every format.

Everything here is plain and frozen, holds no floats and depends on stored facts only, so that the
same scan gives the same bytes whenever and wherever it is rendered. Results are sequences that may
lie in a file: a scan has more of them than fit into memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.controls import Control
from audits.reports.coverage import QUIET, Coverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audits.reports.bases import BasisFacts
    from audits.reports.breached import BreachReport
    from audits.reports.catalogues import CatalogueReport
    from audits.reports.checkpoints import CheckpointFacts
    from audits.reports.coverage import PlaceCoverage
    from audits.reports.excerpts import LineageFacts
    from audits.reports.followed import FollowUp

SCHEMA = "urn:muniment:assessment:1"
METHOD = (
    "Full population: every policy that was assigned to a workspace in scope was evaluated for"
    " every subject of that workspace that it judges; nothing was sampled. A subject that could"
    " not be evaluated counts as unknown or error, never as passed."
)


@dataclass(frozen=True)
class Person:
    """An account; the service itself has no uuid."""

    uuid: str | None
    kind: str
    username: str


@dataclass(frozen=True)
class Place:
    """A workspace in scope."""

    uuid: str
    slug: str
    stage: str


@dataclass(frozen=True)
class ScanFacts:
    """The scan that the report rests on. Times are ISO 8601 in UTC; ``digest`` covers its complete
    result set, ``journal_head`` is the last place in the journal that it could know of."""

    uuid: str
    scope: str
    workspaces: tuple[Place, ...]
    as_of: str
    completed_at: str
    requested_by: Person
    digest: str
    journal_head: int | None


@dataclass(frozen=True)
class Tool:
    """What evaluated: the installation, and product and Rego engines as ``name version``."""

    instance: str
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The decision behind a result; replaying the input through the policy gives it again.

    ``engine`` is empty where none was asked; ``snapshot_digest`` is None where no configuration
    was judged, and ``provenance`` (declared or observed) then empty.
    """

    decision: str
    engine: str
    policy_digest: str
    bundle_digest: str
    input_digest: str
    snapshot_digest: str | None
    provenance: str
    observed_at: str | None
    evaluated_at: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a policy did not pass: a message, and where in the document."""

    message: str
    path: str


@dataclass(frozen=True, slots=True)
class Result:
    """One policy on one subject under one assignment. ``underlying`` is the state that an
    exemption covers; ``exemption`` names it. ``identity`` is the same for the same question in
    every scan."""

    identity: str
    workspace: str
    assignment: str
    effect: str
    is_enforced: bool
    subject: str
    subject_kind: str
    state: str
    underlying: str | None
    exemption: str | None
    reasons: tuple[Reason, ...]
    evidence: Evidence
    first_failed_at: str | None


@dataclass(frozen=True)
class PolicyReport:
    """A policy version with its whole population, in all and by workspace."""

    name: str
    version: int
    digest: str
    title: str
    description: str
    severity: str
    remediation: str
    controls: tuple[str, ...]
    checked_by: str
    coverage: Coverage
    workspaces: tuple[PlaceCoverage, ...]
    results: Sequence[Result]


@dataclass(frozen=True)
class ControlReport:
    """A control of a framework and what the policies that support it found.

    It tells of the policies only: whether a control is met also needs what no policy can see.
    """

    reference: str
    framework: str
    control: str
    policies: tuple[str, ...]
    coverage: Coverage
    verdict: str
    title: str = ""


@dataclass(frozen=True)
class ExceptionReport:
    """An exemption that was valid at the time of the scan."""

    uuid: str
    workspace: str
    assignment: str
    reference_ids: tuple[str, ...]
    subject: str
    category: str
    reason: str
    ticket: str
    owner: Person
    requested_by: Person
    approved_by: Person
    valid_from: str
    expires_at: str
    results_covered: int


@dataclass(frozen=True)
class ApprovalReport:
    """One person's consent to a promotion."""

    uuid: str
    by: Person
    at: str


@dataclass(frozen=True)
class InventoryItem:
    """What a protected alias pointed at, and how that version came into the workspace.

    ``evidence`` is what the gates' verdicts rest on, as they named it. Without a promotion the
    version was registered in the workspace itself.
    """

    reference: str
    version: str
    kind: str
    digest: str
    moved_at: str
    moved_by: Person
    promotion: str | None
    requested_by: Person | None
    provenance_digest: str | None
    approvals: tuple[ApprovalReport, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """The whole report. ``checkpoint`` is None where the log holds none that covers the scan.

    ``passes`` are "listed", or of a large population "counted": then only its CSV has a row for
    each, and every other form tells how many there are of each policy in each workspace.
    """

    title: str
    basis: BasisFacts
    scan: ScanFacts
    tool: Tool
    method: str
    coverage: Coverage
    controls: tuple[ControlReport, ...]
    policies: tuple[PolicyReport, ...]
    exceptions: tuple[ExceptionReport, ...]
    inventory: tuple[InventoryItem, ...]
    breaches: tuple[BreachReport, ...]
    catalogues: tuple[CatalogueReport, ...] = ()
    checkpoint: CheckpointFacts | None = None
    lineage: LineageFacts | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    passes: str = "listed"
    schema: str = SCHEMA

    def listed(self, policy: PolicyReport) -> Iterator[Result]:
        """Return the results of one of its policies that are told one by one."""
        if self.passes == "listed":
            return iter(policy.results)
        return (result for result in policy.results if result.state not in QUIET)

    def unlisted(self, policy: PolicyReport) -> int:
        """Return how many results of the policy are counted only."""
        if self.passes == "listed":
            return 0
        return sum(policy.coverage.by_state[state] for state in QUIET)


def controls_of(policies: Iterable[PolicyReport]) -> tuple[ControlReport, ...]:
    """Return a report per control that any of ``policies`` supports, as people number them."""
    supported: dict[str, list[PolicyReport]] = {}
    for policy in policies:
        for reference in policy.controls:
            supported.setdefault(reference, []).append(policy)
    return tuple(
        _control(reference, supported[reference])
        for reference in sorted(supported, key=lambda reference: Control.parse(reference).order)
    )


def _control(reference: str, supporting: list[PolicyReport]) -> ControlReport:
    control = Control.parse(reference)
    coverage = Coverage.joined(policy.coverage for policy in supporting)
    return ControlReport(
        reference=reference,
        framework=control.framework,
        control=control.name,
        policies=tuple(sorted(f"{policy.name}/{policy.version}" for policy in supporting)),
        coverage=coverage,
        verdict=coverage.verdict,
    )
