"""Which results of its scan a pack tells of: all in its workspaces, or those about one version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.models import ScanResult
from audits.queries.scope import results_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from audits.packs.basis import Basis
    from audits.reports.assessment import Assessment
    from audits.reports.breached import BreachReport


@dataclass(frozen=True)
class Extent:
    """What the report in a pack tells of. ``identities`` are None where that is every result."""

    basis: Basis
    identities: frozenset[str] | None
    breaches: tuple[BreachReport, ...]

    @classmethod
    def of(cls, basis: Basis, assessment: Assessment | None) -> Extent:
        """Return the extent of a basis by its assessment, None where no scan tells of it."""
        if assessment is None:
            return cls(basis, frozenset(), ())
        if basis.is_whole:
            return cls(basis, None, assessment.breaches)
        told = (result.identity for policy in assessment.policies for result in policy.results)
        return cls(basis, frozenset(told), assessment.breaches)

    def results(self) -> QuerySet[ScanResult]:
        """Return the results; raises Gone where they were let go."""
        if self.basis.scan is None:
            return ScanResult.objects.none()
        rows = self.covered()
        return rows if self.identities is None else rows.filter(identity__in=self.identities)

    def covered(self) -> QuerySet[ScanResult]:
        """Return every result in the workspaces, whether it is told of or not."""
        assert self.basis.scan is not None  # callers ask of packs that tell of one
        return results_of(self.basis.scan).filter(workspace__in=self.basis.workspaces)
