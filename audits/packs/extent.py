"""Which results of its scan a pack tells of: all in its workspaces, those about one version, or
those that support the controls of a framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.models import ScanResult
from audits.queries.scope import results_of
from policies.models import PolicyVersion

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from audits.packs.basis import Basis
    from audits.reports.assessment import Assessment
    from audits.reports.breached import BreachReport


@dataclass(frozen=True)
class Extent:
    """What the report in a pack tells of. ``identities`` are None where results are about anything,
    ``policies`` (versions) None where they are by any."""

    basis: Basis
    identities: frozenset[str] | None
    policies: frozenset[int] | None
    breaches: tuple[BreachReport, ...]

    @classmethod
    def of(cls, basis: Basis, assessment: Assessment | None) -> Extent:
        """Return the extent of a basis by its assessment, None where no scan tells of it."""
        if assessment is None:
            return cls(basis, frozenset(), None, ())
        identities = None
        if basis.about is not None:
            told = (result.identity for policy in assessment.policies for result in policy.results)
            identities = frozenset(told)
        # By policy, for the passes of a large scan are counted and not listed.
        policies = _policies(assessment) if basis.framework else None
        return cls(basis, identities, policies, assessment.breaches)

    def results(self) -> QuerySet[ScanResult]:
        """Return the results; raises Gone where they were let go."""
        if self.basis.scan is None:
            return ScanResult.objects.none()
        rows = self.covered()
        if self.policies is not None:
            rows = rows.filter(policy_version__in=self.policies)
        return rows if self.identities is None else rows.filter(identity__in=self.identities)

    def covered(self) -> QuerySet[ScanResult]:
        """Return every result in the workspaces, whether it is told of or not."""
        assert self.basis.scan is not None  # callers ask of packs that tell of one
        return results_of(self.basis.scan).filter(workspace__in=self.basis.workspaces)


def _policies(assessment: Assessment) -> frozenset[int]:
    named = {(each.name, each.version) for each in assessment.policies}
    rows = PolicyVersion.objects.filter(policy__name__in={name for name, _ in named})
    told = rows.values_list("pk", "policy__name", "number")
    return frozenset(pk for pk, *which in told if tuple(which) in named)
