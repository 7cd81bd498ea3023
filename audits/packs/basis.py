"""What a pack is made from: a complete scan in some workspaces, or one version, as of a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audits.reports.basis import Basis as ReportBasis
from audits.reports.moments import moment
from policies.queries.standing import standing
from registry.models import AssetVersion, Promotion, PromotionMember
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from audits.models import EvidencePack, Scan
    from registry.models import AliasMove, Workspace


@dataclass(frozen=True)
class Basis:
    """The same basis gives the same pack.

    ``assessed`` is what the report in it rests on, None where no scan tells of the version.
    ``covers_scan`` tells whether it is of all workspaces of the scan, ``framework`` is the one to
    whose controls it is limited, empty for all.
    ``moves`` are the aliases in scope with the versions that they pointed at, ``versions`` these
    or the one that was asked about; ``promotions`` what brought them, by the version's id.
    """

    as_of: datetime
    scan: Scan | None
    about: AssetVersion | None
    workspaces: tuple[Workspace, ...]
    moves: tuple[AliasMove, ...]
    versions: tuple[AssetVersion, ...]
    promotions: Mapping[int, Promotion]
    assessed: ReportBasis | None = None
    covers_scan: bool = False
    framework: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether the pack has every result of its scan."""
        return self.covers_scan and not self.is_narrowed

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the pack has only some of the results in its workspaces."""
        return self.about is not None or bool(self.framework)

    def claims(self) -> dict[str, Any]:
        """Return what the manifest says of it."""
        told: dict[str, Any] = {
            "as_of": moment(self.as_of),
            "workspaces": [
                {"slug": place.slug, "uuid": str(place.uuid)} for place in self.workspaces
            ],
        }
        if self.scan is not None and not self.is_whole:
            # What it counted elsewhere is none of the pack's business.
            told["assessed"] = {"uuid": str(self.scan.uuid), "as_of": moment(self.scan.as_of)}
        elif self.scan is not None:
            told["scan"] = {
                "uuid": str(self.scan.uuid),
                "digest": self.scan.digest,
                "counts": self.scan.counts,
                "journal_head": self.scan.journal_head,
            }
        if self.about is not None:
            told["version"] = {
                "reference": str(reference_of(self.about)),
                "uuid": str(self.about.uuid),
                "digest": self.about.digest,
            }
        if self.framework:
            told["framework"] = self.framework
        return told


def basis_of(pack: EvidencePack) -> Basis:
    """Return the basis of a pack, whose scan is complete; a constant number of queries."""
    if pack.about is not None:
        return _of_version(pack, pack.about)
    assert pack.scan is not None  # a constraint of the table
    covered = pack.workspaces.values("pk")
    units = sorted(
        pack.scan.units.filter(workspace__in=covered).select_related("workspace"),
        key=lambda unit: unit.workspace.slug,
    )
    moves = tuple(standing(units, at=pack.as_of))
    found = {move.to_version_id: move.to_version for move in moves}
    versions = tuple(
        sorted(
            (version for version in found.values() if version is not None),
            key=lambda version: str(reference_of(version)),
        )
    )
    return Basis(
        as_of=pack.as_of,
        scan=pack.scan,
        about=None,
        workspaces=tuple(unit.workspace for unit in units),
        moves=moves,
        versions=versions,
        promotions=_promotions(versions, at=pack.as_of),
        assessed=ReportBasis(
            scan=pack.scan,
            workspaces=tuple(unit.workspace.slug for unit in units),
            as_of=pack.as_of,
            framework=pack.framework,
        ),
        covers_scan=len(units) == pack.scan.units.count(),
        framework=pack.framework,
    )


def _of_version(pack: EvidencePack, version: AssetVersion) -> Basis:
    scan, at = pack.scan, pack.as_of
    whole = AssetVersion.objects.select_related("asset__workspace", "provenance").get(pk=version.pk)
    slug = whole.asset.workspace.slug
    assessed = None
    if scan is not None:
        assessed = ReportBasis(scan, (slug,), at, about=whole, framework=pack.framework)
    return Basis(
        as_of=at,
        scan=scan,
        about=whole,
        assessed=assessed,
        workspaces=(whole.asset.workspace,),
        moves=(),
        versions=(whole,),
        promotions=_promotions((whole,), at=at),
        framework=pack.framework,
    )


def _promotions(versions: tuple[AssetVersion, ...], *, at: datetime) -> dict[int, Promotion]:
    """Return the promotion that brought each version, as its root or as a member."""
    rows = (
        PromotionMember.objects.filter(target_version__in=versions, promotion__closed_at__lte=at)
        .select_related("promotion__source_version__asset__workspace")
        .order_by("-id")  # what brought a version is the first that did
    )
    return {row.target_version_id: row.promotion for row in rows}
