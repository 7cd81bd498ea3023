"""What a report rests on, and the assessment of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audits.queries.frameworks import frameworks
from audits.reports.bases import VersionFacts, title_of
from audits.reports.catalogues import with_catalogues
from audits.reports.collect import assessment_of
from audits.reports.excerpts import excerpt
from audits.reports.followed import follow_ups
from audits.reports.moments import moment
from audits.reports.narrowing import of_framework, of_members
from audits.reports.results import nobody
from core.actors import system
from registry.models import DeploymentMember
from registry.queries.closure import closure_of
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from audits.models import Report, Scan
    from audits.reports.assessment import Assessment
    from audits.reports.results import Told
    from registry.models import AssetVersion


@dataclass(frozen=True)
class Basis:
    """A complete scan, of which ``workspaces`` (slugs) are told; a version, with the newest
    complete scan by ``as_of`` that covers its workspace, where there is one; of one framework, or
    of all where that is empty."""

    scan: Scan | None
    workspaces: tuple[str, ...]
    as_of: datetime
    about: AssetVersion | None = None
    framework: str = ""


def basis_of(report: Report) -> Basis:
    """Return the basis that a report was asked for with."""
    return Basis(
        scan=report.scan,
        workspaces=tuple(
            report.workspaces.order_by("slug").values_list("slug", flat=True),
        ),
        as_of=report.moment,
        about=report.about,
        framework=report.framework,
    )


def assess(basis: Basis, *, told: Told = nobody) -> Assessment | None:
    """Return the assessment of a basis, the same whenever it is asked for; None where no scan
    tells of it. A constant number of queries, and one per level of nesting of a version, but for
    results being fetched some at a time; ``told`` hears how many they are so far."""
    if basis.scan is None:
        return None
    version = version_facts(basis.about) if basis.about is not None else None
    found = assessment_of(
        basis.scan,
        workspaces=basis.workspaces,
        members=version.members if version is not None else None,
        told=told,
    )
    facts = replace(found.basis, as_of=moment(basis.as_of), framework=basis.framework)
    if basis.about is not None and version is not None:
        facts = replace(facts, kind="version", version=version)
        served = _deployments(basis.about, version.members, at=basis.as_of)
        found = of_members(found, version.members, deployments=served)
    elif facts.kind == "organisation" and len(found.scan.workspaces) < basis.scan.units.count():
        facts = replace(facts, kind="workspaces")
    if basis.framework:
        found = of_framework(found, basis.framework)
    found = with_catalogues(found, frameworks(at=basis.as_of), framework=basis.framework)
    told_of = [item.version for item in found.inventory]
    if facts.version is not None:
        told_of.insert(0, facts.version.reference)
    lineage = excerpt(told_of, workspaces=basis.workspaces, at=basis.scan.as_of)
    return replace(
        found,
        basis=facts,
        title=title_of(facts),
        lineage=lineage,
        follow_ups=follow_ups(
            _failing(found),
            workspaces=basis.workspaces,
            scanned_at=basis.scan.as_of,
            at=basis.as_of,
        ),
    )


def _failing(found: Assessment) -> set[str]:
    return {
        result.identity
        for policy in found.policies
        for result in policy.results
        if "fail" in {result.state, result.underlying}
    }


def version_facts(version: AssetVersion) -> VersionFacts:
    """Return a version as reports name it, with those of its closure that lie in its workspace:
    who may read the report need not see others."""
    place = version.asset.workspace_id
    closure = closure_of(version, actor=system())
    members = [member for member in closure.members if member.asset.workspace_id == place]
    return VersionFacts(
        reference=str(reference_of(version)),
        uuid=str(version.uuid),
        kind=version.asset.kind,
        digest=version.digest,
        members=tuple(sorted(str(reference_of(member)) for member in members)),
    )


def _deployments(
    version: AssetVersion, members: Collection[str], *, at: datetime
) -> frozenset[str]:
    """The references of the deployments of its workspace that any of ``members`` was meant to
    serve in by then."""
    serving = DeploymentMember.objects.filter(
        revision__deployment__workspace=version.asset.workspace_id, revision__set_at__lte=at
    ).select_related("revision__deployment__workspace", "version__asset__workspace")
    return frozenset(
        each.revision.deployment.reference
        for each in serving
        if str(reference_of(each.version)) in members
    )
