"""Make the files of a report: what they tell is collected once, and only if a file needs it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from audits.dossiers.collect import dossier_of
from audits.dossiers.formats import DOSSIER_FORMATS
from audits.reports.basis import assess
from audits.reports.formats import FORMATS
from audits.reports.results import nobody

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.dossiers.dossier import Dossier
    from audits.reports.assessment import Assessment
    from audits.reports.basis import Basis
    from audits.reports.results import Told


class Making:
    """The files of one basis; ``told`` hears now and then how many results were collected."""

    def __init__(self, basis: Basis, *, told: Told = nobody) -> None:
        self.basis = basis
        self._told = told

    @cached_property
    def assessment(self) -> Assessment:
        """Return the assessment; there must be a scan."""
        found = assess(self.basis, told=self._told)
        assert found is not None
        return found

    @cached_property
    def dossier(self) -> Dossier:
        """Return the dossier; the report must be about a version."""
        assert self.basis.about is not None
        return dossier_of(self.basis.about, at=self.basis.as_of)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a format that the basis can be told in."""
        if name in FORMATS:
            yield from FORMATS[name].pieces(self.assessment)
        else:
            yield DOSSIER_FORMATS[name].render(self.dossier)
