"""Limit an assessment to a version's closure or to a framework. Plain Python.

A narrowed assessment counts anew: nothing in it speaks of what was left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from audits.controls import Control
from audits.reports.assessment import controls_of
from audits.reports.coverage import Coverage, passes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from audits.reports.assessment import Assessment, ExceptionReport, PolicyReport


def of_members(
    assessment: Assessment, members: Collection[str], *, deployments: Collection[str]
) -> Assessment:
    """Return an assessment whose results are on the versions of those references as one that
    tells of nothing else: of the protected aliases that pointed at one of them, and of the
    ``deployments`` (references) that served one."""
    items = tuple(item for item in assessment.inventory if item.version in members)
    assets = {item.reference.partition("@")[0] for item in items}

    def waives(each: ExceptionReport) -> bool:
        return each.results_covered > 0 or f"{each.workspace}/{each.subject}" in assets

    breaches = tuple(each for each in assessment.breaches if each.subject in deployments)
    exceptions = _exceptions(assessment, waives)
    return replace(assessment, exceptions=exceptions, inventory=items, breaches=breaches)


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


def _with_policies(assessment: Assessment, policies: tuple[PolicyReport, ...]) -> Assessment:
    everything = (result for policy in policies for result in policy.results)
    covered = Counter(result.exemption for result in everything if result.exemption)
    coverage = Coverage.joined(policy.coverage for policy in policies)
    return replace(
        assessment,
        coverage=coverage,
        passes=passes_of(coverage),
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
