"""The catalogues whose controls a report tells of: titles, and the controls that no policy of its
population supports. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audits.reports.counts import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audits.frameworks.model import Control, Framework
    from audits.reports.assessment import Assessment


@dataclass(frozen=True)
class Gap:
    """A control that no result speaks of; without a certain title that is empty."""

    reference: str
    control: str
    title: str


@dataclass(frozen=True)
class CatalogueReport:
    """A framework as far as this population reaches into it.

    ``percent_supported`` is of its controls, None where the catalogue is not complete; a control
    counts where any policy supports it, be it in part.
    """

    name: str
    title: str
    source: str
    is_complete: bool
    controls: int
    supported: int
    percent_supported: str | None
    gaps: tuple[Gap, ...]


def with_catalogues(
    assessment: Assessment, known: Mapping[str, Framework], *, framework: str = ""
) -> Assessment:
    """Return it with the titles of its controls, and with each catalogue that one of them is of;
    ``framework`` is there even if none is."""
    titles = {
        control.reference: control.title for each in known.values() for control in each.controls
    }
    controls = tuple(
        replace(control, title=titles.get(control.reference, "")) for control in assessment.controls
    )
    supported = {control.reference for control in controls}
    concerned = {control.framework for control in controls} | {framework}
    catalogues = tuple(
        _catalogue(known[name], supported) for name in sorted(concerned) if name in known
    )
    return replace(assessment, controls=controls, catalogues=catalogues)


def _catalogue(framework: Framework, supported: set[str]) -> CatalogueReport:
    controls = [control for control in framework.controls if not control.is_withdrawn]
    missing = [control for control in controls if control.reference not in supported]
    total = len(controls)
    count = total - len(missing)
    return CatalogueReport(
        name=framework.name,
        title=framework.title,
        source=framework.source,
        is_complete=framework.is_complete,
        controls=total,
        supported=count,
        percent_supported=percent(count, total) if framework.is_complete else None,
        gaps=tuple(map(_gap, missing)),
    )


def _gap(control: Control) -> Gap:
    return Gap(control.reference, control.name, control.title)
