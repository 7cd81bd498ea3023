"""Make the files of a report: what they tell is collected once, and only if a file needs it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from audits.dossiers.collect import dossier_of
from audits.dossiers.formats import DOSSIER_FORMATS
from audits.reports.basis import assess
from audits.reports.formats import FORMATS

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier
    from audits.reports.assessment import Assessment
    from audits.reports.basis import Basis


class Making:
    """The files of one basis."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis

    @cached_property
    def assessment(self) -> Assessment:
        """Return the assessment; there must be a scan."""
        found = assess(self.basis)
        assert found is not None
        return found

    @cached_property
    def dossier(self) -> Dossier:
        """Return the dossier; the report must be about a version."""
        assert self.basis.about is not None
        return dossier_of(self.basis.about, at=self.basis.as_of)

    def file(self, name: str) -> bytes:
        """Return the bytes of a format that the basis can be told in."""
        if name in FORMATS:
            return FORMATS[name].render(self.assessment)
        return DOSSIER_FORMATS[name].render(self.dossier)
