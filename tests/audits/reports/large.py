"""An assessment of any size, without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from audits.queries.frameworks import SHIPPED, framework
from audits.reports.assessment import (
    METHOD,
    ApprovalReport,
    Assessment,
    Evidence,
    ExceptionReport,
    InventoryItem,
    Person,
    Place,
    PolicyReport,
    Reason,
    Result,
    ScanFacts,
    Tool,
    controls_of,
)
from audits.reports.bases import BasisFacts
from audits.reports.catalogues import with_catalogues
from audits.reports.checkpoints import CheckpointFacts
from audits.reports.coverage import Coverage, passes_of, place_coverages
from audits.reports.excerpts import EdgeFacts, LineageFacts, NodeFacts
from audits.reports.spool import Spool

AT = "2026-11-27T12:00:00.000000Z"
ANNA, BEN = Person("01a2", "human", "anna"), Person("01a3", "human", "ben")
CONTROLS = ("eu-ai-act/art-15.5", "soc2/cc6.1", "nist-ai-rmf/measure-2.7", "eu-ai-act/art-10.2")
STATES = ("pass", "pass", "fail", "pass", "exempt", "pass", "unknown", "pass", "error", "pass")
TITLES = (
    "Public network access is closed",
    "Data is encrypted with keys of the customer",
    "Diagnostic logs are kept",
    "Local authentication is off",
    "Models in production have an evaluation that passed within ninety days",
)
SEVERITIES = ("critical", "high", "medium", "low", "high")


def result(policy: int, number: int) -> Result:
    state = STATES[(number * 7 + policy) % len(STATES)]
    loud = state not in {"pass", "not_applicable"}
    return Result(
        identity=f"sha256:{policy:032d}{number:032d}",
        workspace="assist-prod" if number % 3 else "assist-dev",
        assignment=f"assignment-{policy}",
        effect="audit",
        is_enforced=True,
        subject=f"azure/Microsoft.MachineLearningServices/workspaces/estate-{number:05d}",
        subject_kind="configuration/Microsoft.MachineLearningServices/workspaces",
        state=state,
        underlying="fail" if state == "exempt" else None,
        exemption="exemption-1" if state == "exempt" else None,
        reasons=(Reason("publicNetworkAccess is Enabled", "properties.publicNetworkAccess"),)
        if loud
        else (),
        evidence=Evidence(
            decision=f"01a21d1f-5e8f-7233-{policy:04d}-{number:012d}",
            engine="regopy 1.5.0" if state != "unknown" else "",
            policy_digest=f"sha256:{policy:064d}",
            bundle_digest=f"sha256:{policy + 100:064d}",
            input_digest=f"sha256:{number:064d}",
            snapshot_digest=f"sha256:{number + 7:064d}" if state != "unknown" else None,
            provenance="observed" if state != "unknown" else "",
            observed_at=AT if state != "unknown" else None,
            evaluated_at=AT,
        ),
        first_failed_at=AT if state == "fail" else None,
    )


def by_place(results: Iterable[Result]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for each in results:
        counts.setdefault(each.workspace, Counter())[each.state] += 1
    return counts


def assessment(size: int) -> Assessment:
    """One with ``size`` results of five policies."""
    share, spool = size // len(TITLES), Spool()
    policies = []
    for index, title in enumerate(TITLES):
        results = spool.add(result(index, number) for number in range(share))
        policies.append(
            PolicyReport(
                name=f"azure-ml-{title.split()[0].lower()}-{index}",
                version=1 + index,
                digest=f"sha256:{index:064d}",
                title=title,
                description=f"{title}, on every workspace that serves people.",
                severity=SEVERITIES[index],
                remediation="Set publicNetworkAccess to Disabled and add a private endpoint.",
                controls=(CONTROLS[index % 4], CONTROLS[(index + 1) % 4]),
                checked_by="OPA 1.22.2",
                coverage=Coverage.of(results),
                workspaces=place_coverages(by_place(results)),
                results=results,
            )
        )
    coverage = Coverage.joined(policy.coverage for policy in policies)
    found = Assessment(
        title="Policy assessment of AI workspaces",
        basis=BasisFacts("workspaces", AT),
        scan=_scan(),
        tool=Tool("muniment.example", ("muniment 0.1.0", "regopy 1.5.0")),
        method=METHOD,
        coverage=coverage,
        controls=controls_of(policies),
        policies=tuple(policies),
        exceptions=(_exception(share),),
        inventory=_inventory(),
        breaches=(),
        checkpoint=_checkpoint(),
        lineage=_lineage(),
        passes=passes_of(coverage),
    )
    return with_catalogues(found, {name: framework(name) for name in SHIPPED})


def _scan() -> ScanFacts:
    return ScanFacts(
        uuid="01a21d1f-5e8f-7233-9092-d56a7473d3f5",
        scope="workspaces",
        workspaces=(
            Place("01a21d1f-0000-7233-9092-000000000001", "assist-dev", "development"),
            Place("01a21d1f-0000-7233-9092-000000000002", "assist-prod", "production"),
        ),
        as_of=AT,
        completed_at="2026-11-27T12:00:04.250000Z",
        requested_by=ANNA,
        digest=f"sha256:{7:064d}",
        journal_head=4_211,
    )


def _exception(covered: int) -> ExceptionReport:
    return ExceptionReport(
        uuid="exemption-1",
        workspace="assist-prod",
        assignment="assignment-0",
        reference_ids=(),
        subject="",
        category="waiver",
        reason="The migration to private endpoints ends in January.",
        ticket="https://tickets.example/OPS-231",
        owner=ANNA,
        requested_by=ANNA,
        approved_by=BEN,
        valid_from=AT,
        expires_at="2027-01-31T23:59:59.999999Z",
        results_covered=covered,
    )


def _inventory() -> tuple[InventoryItem, ...]:
    return (
        InventoryItem(
            reference="assist-prod/flow/support-bot@production",
            version="assist-prod/flow/support-bot/3",
            kind="flow",
            digest=f"sha256:{3:064d}",
            moved_at=AT,
            moved_by=BEN,
            promotion="01a21d1f-1111-7233-9092-d56a7473d3f5",
            requested_by=ANNA,
            provenance_digest=f"sha256:{5:064d}",
            approvals=(ApprovalReport("01a2", BEN, AT),),
            evidence=(),
        ),
    )


def _checkpoint() -> CheckpointFacts:
    return CheckpointFacts(
        size=4_230,
        root="ab" * 32,
        origin="muniment.example/journal",
        signed_at="2026-11-27T12:00:05.000000Z",
        note=f"muniment.example/journal\n4230\n{'q6ur' * 11}\n\n— muniment.example/journal AbC=\n",
        keys=("muniment.example/journal+1f2e3d4c+AbCdEf",),
    )


def _node(identity: str, level: int, name: str, *, kind: str, number: int) -> NodeFacts:
    place, stage = ("assist-prod", "production") if level == 0 else ("assist-dev", "development")
    reference = f"{place}/{kind}/{name}/{number}"
    return NodeFacts(
        identity, level, name, kind, number, place, stage, reference, "", False, level < -1
    )


def _lineage() -> LineageFacts:
    nodes = (
        _node("a", 0, "support-bot", kind="flow", number=3),
        _node("b", -1, "support-bot", kind="flow", number=7),
        _node("c", -2, "triage", kind="prompt", number=4),
        _node("d", -2, "tickets-classifier", kind="model", number=2),
        _node("e", -3, "tickets", kind="dataset", number=11),
    )
    edges = (
        EdgeFacts("b", "a", "promoted"),
        EdgeFacts("c", "b", "uses_prompt"),
        EdgeFacts("d", "b", "uses_model"),
        EdgeFacts("e", "d", "trained_on"),
    )
    return LineageFacts(nodes, edges, 0)
