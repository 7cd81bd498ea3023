"""The report as one HTML file: no script, no external resource, fit for screen and print.

Its content security policy allows the one style sheet inside it, by digest, and nothing else; it
stands in the file too, for whoever opens a copy from disk.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from audits.reports import charts
from audits.reports.coverage import STATES
from audits.reports.moments import when
from audits.reports.pictures import drawn
from audits.reports.shown import shown

if TYPE_CHECKING:
    from audits.reports.assessment import Assessment

STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
# Takes effect in a header only (CSP level 3, section 3.3).
HEADER_ONLY = "; frame-ancestors 'none'; sandbox"


def render(assessment: Assessment) -> bytes:
    """Return the document."""
    return document(assessment, "audits/report.html", shown=list(shown(assessment))).encode()


def document(assessment: Assessment, template: str, *, most: int | None = None, **more: Any) -> str:
    """Return the page that ``template`` makes of it; ``most`` bounds the rows of each table but
    that of the results."""
    style = render_to_string("audits/report.css", {"report": assessment})
    context = {
        "report": assessment,
        "states": STATES,
        "most": most,
        "rows": f":{most or ''}",
        "charts": {
            "states": charts.states_bar(assessment.coverage),
            "policies": charts.policies_chart(assessment),
            "severities": charts.severities_chart(assessment),
        },
        "lineage": _lineage(assessment),
        "style": style,
        "content_security_policy": policy_of(style.encode()),
        **more,
    }
    return render_to_string(template, context)


def _lineage(assessment: Assessment) -> str:
    if assessment.lineage is None:
        return ""
    return drawn(assessment.lineage, as_of=when(assessment.scan.as_of))


def content_security_policy(document: bytes) -> str:
    """Return the header that a rendered document is to be served with.

    Read from the document, because a report outlives the style sheet that it was made with.
    Text of others is escaped in it: the first style element is the product's own.
    """
    found = STYLE.search(document)
    return policy_of(found[1] if found else b"") + HEADER_ONLY


def policy_of(style: bytes) -> str:
    """Return the policy that lets a document have its one style sheet, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
