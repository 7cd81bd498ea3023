"""Limit an assessment to workspaces, to a version's closure or to a framework. Plain Python.

A narrowed assessment counts anew: nothing in it speaks of what was left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from audits.controls import Control
from audits.reports.assessment import Coverage, controls_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from audits.reports.assessment import Assessment, ExceptionReport, PolicyReport, Result

    Keep = Callable[[Result], bool]


def in_workspaces(assessment: Assessment, slugs: Collection[str]) -> Assessment:
    """Return what it says of those of its workspaces."""
    places = tuple(place for place in assessment.scan.workspaces if place.slug in slugs)
    if places == assessment.scan.workspaces:
        return assessment
    found = _of_results(assessment, lambda result: result.workspace in slugs)
    return replace(
        found,
        scan=replace(assessment.scan, workspaces=places),
        exceptions=_exceptions(found, lambda each: each.workspace in slugs),
        inventory=tuple(
            item for item in assessment.inventory if item.reference.partition("/")[0] in slugs
        ),
        breaches=tuple(each for each in assessment.breaches if each.workspace in slugs),
    )


def of_members(
    assessment: Assessment, members: Collection[str], *, deployments: Collection[str]
) -> Assessment:
    """Return what it says of the versions of those references: of the protected aliases that
    pointed at one of them, and of the ``deployments`` (references) that served one."""
    items = tuple(item for item in assessment.inventory if item.version in members)
    subjects = {item.reference for item in items}
    assets = {item.reference.partition("@")[0] for item in items}
    found = _of_results(assessment, lambda result: result.subject in subjects)

    def waives(each: ExceptionReport) -> bool:
        return each.results_covered > 0 or f"{each.workspace}/{each.subject}" in assets

    breaches = tuple(each for each in assessment.breaches if each.subject in deployments)
    return replace(found, exceptions=_exceptions(found, waives), inventory=items, breaches=breaches)


def of_framework(assessment: Assessment, framework: str) -> Assessment:
    """Return what the policies found that support a control of the framework, and of their
    controls those of the framework. Exceptions are those that cover one of these results."""

    def concerns(reference: str) -> bool:
        return Control.parse(reference).framework == framework

    supporting = tuple(
        replace(policy, controls=tuple(filter(concerns, policy.controls)))
        for policy in assessment.policies
        if any(map(concerns, policy.controls))
    )
    found = _with_policies(assessment, supporting)
    exceptions = _exceptions(found, lambda each: each.results_covered > 0)
    return replace(found, exceptions=exceptions)


def _of_results(assessment: Assessment, keep: Keep) -> Assessment:
    kept = []
    for policy in assessment.policies:
        results = tuple(filter(keep, policy.results))
        if results:
            kept.append(replace(policy, results=results, coverage=Coverage.of(results)))
    return _with_policies(assessment, tuple(kept))


def _with_policies(assessment: Assessment, policies: tuple[PolicyReport, ...]) -> Assessment:
    everything = [result for policy in policies for result in policy.results]
    covered = Counter(result.exemption for result in everything if result.exemption)
    return replace(
        assessment,
        coverage=Coverage.of(everything),
        controls=controls_of(policies),
        policies=policies,
        exceptions=tuple(
            replace(each, results_covered=covered[each.uuid]) for each in assessment.exceptions
        ),
    )


def _exceptions(
    assessment: Assessment, keep: Callable[[ExceptionReport], bool]
) -> tuple[ExceptionReport, ...]:
    return tuple(filter(keep, assessment.exceptions))
