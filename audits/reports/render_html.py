"""The report as one HTML file: no script, no external resource, fit for print.

Its content security policy allows the one style sheet inside it, by digest, and nothing else; it
stands in the file too, for whoever opens a copy from disk.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from audits.reports.assessment import STATES

if TYPE_CHECKING:
    from audits.reports.assessment import Assessment

STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
# Takes effect in a header only (CSP level 3, section 3.3).
HEADER_ONLY = "; frame-ancestors 'none'; sandbox"


def render(assessment: Assessment) -> bytes:
    """Return the document."""
    style = render_to_string("audits/report.css")
    context = {
        "report": assessment,
        "states": STATES,
        "style": style,
        "content_security_policy": policy_of(style.encode()),
    }
    return render_to_string("audits/report.html", context).encode()


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
