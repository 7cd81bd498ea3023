"""Read what a report says from the rows that a complete scan left, and from nothing later."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import prefetch_related_objects

from audits.reports.assessment import (
    METHOD,
    ApprovalReport,
    Assessment,
    ExceptionReport,
    InventoryItem,
    Person,
    Place,
    PolicyReport,
    ScanFacts,
    Tool,
    controls_of,
)
from audits.reports.bases import BasisFacts, title_of
from audits.reports.breached import breaches_of
from audits.reports.checkpoints import checkpoint_of
from audits.reports.coverage import Coverage, passes_of
from audits.reports.moments import moment
from audits.reports.results import nobody, policies_of
from policies.queries.exemptions import exemptions_in_force
from policies.queries.standing import standing
from registry.models import Approval, Promotion
from registry.queries.versions import asset_reference, reference_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from audits.models import Scan, ScanWorkspace
    from audits.reports.results import Told
    from core.models import User
    from policies.models import Exemption
    from registry.models import AliasMove


def assessment_of(
    scan: Scan,
    *,
    workspaces: Collection[str] | None = None,
    members: Collection[str] | None = None,
    told: Told = nobody,
) -> Assessment:
    """Return the assessment of a complete scan in those of its ``workspaces`` (slugs), or in all.

    Given ``members``, it has results on these versions (references) only, that is on the protected
    aliases that pointed at one of them. A constant number of queries, but for results being fetched
    some at a time; ``told`` hears how many they are so far.
    """
    units = list(scan.units.select_related("workspace").order_by("workspace__slug"))
    if workspaces is not None:
        units = [unit for unit in units if unit.workspace.slug in workspaces]
    inventory = _inventory(units, at=scan.as_of)
    subjects = None
    if members is not None:
        subjects = [item.reference for item in inventory if item.version in members]
    policies = policies_of(
        scan,
        workspaces=[unit.workspace_id for unit in units],
        subjects=subjects,
        told=told,
    )
    coverage = Coverage.joined(policy.coverage for policy in policies)
    basis = BasisFacts(scan.scope, moment(scan.as_of))
    return Assessment(
        title=title_of(basis),
        basis=basis,
        scan=_facts(scan, units),
        tool=Tool(settings.INSTANCE, tuple(scan.tools or ())),
        method=METHOD,
        coverage=coverage,
        controls=controls_of(policies),
        policies=policies,
        exceptions=_exceptions(scan, units, policies),
        inventory=inventory,
        breaches=breaches_of(scan, units),
        checkpoint=checkpoint_of(scan),
        passes=passes_of(coverage),
    )


def person(user: User | None) -> Person:
    """Return an account as reports name it; None is the service itself."""
    if user is None:
        return Person(None, "system", "the service")
    return Person(str(user.uuid), user.kind, user.username)


def _facts(scan: Scan, units: Iterable[ScanWorkspace]) -> ScanFacts:
    assert scan.completed_at is not None
    assert scan.digest is not None
    return ScanFacts(
        uuid=str(scan.uuid),
        scope=scan.scope,
        workspaces=tuple(
            Place(str(unit.workspace.uuid), unit.workspace.slug, unit.workspace.stage)
            for unit in units
        ),
        as_of=moment(scan.as_of),
        completed_at=moment(scan.completed_at),
        requested_by=person(scan.requested_by),
        digest=scan.digest,
        journal_head=scan.journal_head,
    )


def _exceptions(
    scan: Scan, units: Iterable[ScanWorkspace], policies: Iterable[PolicyReport]
) -> tuple[ExceptionReport, ...]:
    places = [unit.workspace for unit in units]
    slugs = {place.pk: place.slug for place in places}
    rows = exemptions_in_force(places, at=scan.as_of).rows
    exempt = (policy for policy in policies if policy.coverage.by_state["exempt"])
    covered = Counter(result.exemption for policy in exempt for result in policy.results)
    prefetch_related_objects(rows, "resource")
    return tuple(
        _exception(row, workspace=slugs[row.workspace_id], covered=covered[str(row.uuid)])
        for row in sorted(rows, key=lambda row: (slugs[row.workspace_id], str(row.uuid)))
    )


def _exception(row: Exemption, *, workspace: str, covered: int) -> ExceptionReport:
    subject = str(row.resource) if row.resource else row.asset
    return ExceptionReport(
        uuid=str(row.uuid),
        workspace=workspace,
        assignment=str(row.assignment.uuid),
        reference_ids=tuple(row.reference_ids),
        subject=subject,
        category=row.category,
        reason=row.reason,
        ticket=row.ticket,
        owner=person(row.owner),
        requested_by=person(row.requested_by),
        approved_by=person(row.approved_by),
        valid_from=moment(row.approved_at or row.valid_from),
        expires_at=moment(row.expires_at),
        results_covered=covered,
    )


def _inventory(units: Iterable[ScanWorkspace], *, at: datetime) -> tuple[InventoryItem, ...]:
    moves = standing(units, at=at)
    promotions = [
        promotion.pk
        for move in moves
        if (promotion := getattr(move.to_version, "promotion", None)) is not None
    ]
    approvals: dict[int, list[Approval]] = {}
    given = Approval.objects.filter(promotion__in=promotions, decision="approved")
    for approval in given.select_related("decided_by").order_by("decided_at", "id"):
        approvals.setdefault(approval.promotion_id, []).append(approval)
    return tuple(_item(move, approvals=approvals) for move in moves)


def _item(move: AliasMove, *, approvals: Mapping[int, list[Approval]]) -> InventoryItem:
    version = move.to_version
    assert version is not None  # standing() leaves out moves to nothing
    promotion: Promotion | None = getattr(version, "promotion", None)
    provenance = getattr(version, "provenance", None)
    consents = [
        approval
        for approval in (approvals.get(promotion.pk, ()) if promotion else ())
        if promotion and approval.binding == promotion.binding
    ]
    return InventoryItem(
        reference=f"{asset_reference(move.asset)}@{move.name}",
        version=str(reference_of(version)),
        kind=move.asset.kind,
        digest=version.digest,
        moved_at=moment(move.moved_at),
        moved_by=person(move.moved_by),
        promotion=str(promotion.uuid) if promotion else None,
        requested_by=person(promotion.requested_by) if promotion else None,
        provenance_digest=provenance.digest if provenance else None,
        approvals=tuple(
            ApprovalReport(str(each.uuid), person(each.decided_by), moment(each.decided_at))
            for each in consents
        ),
        evidence=_evidence(promotion),
    )


def _evidence(promotion: Promotion | None) -> tuple[str, ...]:
    """What the gates' verdicts rest on, sorted; each gate names it in its own way."""
    verdicts = promotion.verdicts if promotion else []
    return tuple(sorted({each for verdict in verdicts for each in verdict["evidence"]}))
