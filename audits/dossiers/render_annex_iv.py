"""The technical documentation of Annex IV, as a page fit for print and as canonical JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from django.template.loader import render_to_string

from audits.dossiers.annex_iv import documentation_of
from audits.dossiers.annex_iv_outline import OUTLINE
from audits.reports.render_html import policy_of
from core.canonical import canonical_bytes

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier


def render_json(dossier: Dossier) -> bytes:
    """Return the documentation as data."""
    return canonical_bytes(msgspec.to_builtins(documentation_of(dossier, OUTLINE)))


def render_html(dossier: Dossier) -> bytes:
    """Return the documentation as one file, without script or anything from elsewhere."""
    style = render_to_string("audits/report.css") + render_to_string("audits/annex_iv.css")
    told = documentation_of(dossier, OUTLINE)
    entries = {each.uuid: each for each in dossier.entries}
    cited = {
        uuid
        for section in told.sections
        for point in section.points
        for asked in point.asked
        for answer in asked.answers
        for uuid in answer.entries
    }
    context = {
        "told": told,
        "dossier": dossier,
        "total": told.filled + told.blank,
        "cited": [each for uuid, each in entries.items() if uuid in cited],
        "style": style,
        "content_security_policy": policy_of(style.encode()),
    }
    return render_to_string("audits/annex_iv.html", context).encode()
