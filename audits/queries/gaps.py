"""How the controls of frameworks stand: what speaks for each, what scans found, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.frameworks.standing import VERDICTS, ControlStanding, FrameworkStanding
from audits.queries.control_evidence import gather
from audits.queries.frameworks import framework, frameworks
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from audits.frameworks.model import Framework
    from audits.queries.control_evidence import ControlEvidence, Scanned
    from core.actors import Actor


@dataclass(frozen=True)
class Standings:
    """How some frameworks stand in some workspaces: by which scans, and each framework."""

    workspaces: tuple[str, ...]
    at: datetime | None
    scans: tuple[Scanned, ...]
    frameworks: tuple[FrameworkStanding, ...]


def standings(actor: Actor, *, workspace: str = "", at: datetime | None = None) -> Standings:
    """Return how every framework stands in one workspace, or in all that ``actor`` sees, at
    ``at`` or now. The answer about a past moment does not change.

    Raises InvalidInput for a workspace that there is none of, or none that the actor sees.
    """
    return _standings(actor, frameworks(at=at).values(), workspace=workspace, at=at)


def standing(
    actor: Actor, name: str, *, workspace: str = "", at: datetime | None = None
) -> Standings:
    """Return the same of one framework; raises NotFound where there is none of the name."""
    return _standings(actor, [framework(name, at=at)], workspace=workspace, at=at)


def _standings(
    actor: Actor, wanted: Iterable[Framework], *, workspace: str, at: datetime | None
) -> Standings:
    if workspace:
        places = [access.workspace_by_slug(actor, workspace, field="workspace")]
    else:
        places = list(access.visible_workspaces(actor).order_by("slug"))
    evidence = gather(actor, places, at=at, is_whole=not workspace)
    return Standings(
        workspaces=tuple(place.slug for place in places),
        at=at,
        scans=evidence.scans,
        frameworks=tuple(_of(each, evidence) for each in wanted),
    )


def _of(wanted: Framework, evidence: ControlEvidence) -> FrameworkStanding:
    return FrameworkStanding(
        wanted,
        tuple(
            ControlStanding(
                control=control,
                automatic=tuple(
                    each
                    for each in evidence.supports.get(control.reference, ())
                    if not (each.is_manual or each.is_record)
                ),
                manual=tuple(
                    each
                    for each in evidence.supports.get(control.reference, ())
                    if each.is_manual or each.is_record
                ),
                attestations=tuple(evidence.attested.get(control.reference, ())),
                statements=tuple(evidence.stated.get(control.reference, ())),
                records=tuple(evidence.recorded.get(control.reference, ())),
                by_state=_in_order(evidence.results.get(control.reference, {})),
                open_findings=(
                    None
                    if evidence.findings is None
                    else evidence.findings.get(control.reference, 0)
                ),
                open_risks=(
                    None if evidence.risks is None else evidence.risks.get(control.reference, 0)
                ),
            )
            for control in wanted.controls
        ),
    )


def _in_order(states: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of states that there are, the worst first."""
    return {state: states[state] for state in VERDICTS if states.get(state)}
