"""Policies and assessments for tests of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.reports.basis import Basis, assess
from audits.reports.formats import FORMATS
from tests.factories import unique
from tests.policies.estate import CLOSED_RULE, WORKSPACE_TYPE, mark_checked, source, store

if TYPE_CHECKING:
    from audits.models import Scan
    from audits.reports.assessment import Assessment
    from policies.models import PolicyVersion


def supporting(
    *controls: str, kinds: tuple[str, ...] = (f"configuration/{WORKSPACE_TYPE}",)
) -> PolicyVersion:
    """A checked policy that supports those controls, on configurations where nothing is said."""
    name = unique("policy")
    text = source(CLOSED_RULE, package=name.replace("-", "_"), kinds=kinds)
    version = store(name, text.replace("test/control-1", ", ".join(controls)))
    mark_checked(version)
    return version


def assessment_of(scan: Scan) -> Assessment:
    """What a report of the whole scan says."""
    slugs = tuple(workspace.slug for workspace in scan.workspaces.all())
    assessment = assess(Basis(scan, slugs, scan.as_of))
    assert assessment is not None
    return assessment


def rendered(scan: Scan, name: str) -> bytes:
    """A file of such a report."""
    return FORMATS[name].render(assessment_of(scan))
