"""Blocks of code on a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from collections.abc import Iterable


def block(value: object) -> str:
    """Return text, or a value as indented JSON, in a block of code."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="mu-pre">{}</pre>', text)


def difference(lines: Iterable[str]) -> str:
    """Return the lines of a unified difference, what goes and what comes marked."""
    marks = {"-": "del", "+": "ins"}
    told = [(marks.get(line[:1], "span"), line) for line in lines if line[:3] not in {"---", "+++"}]
    body = format_html_join("\n", "<{0}>{1}</{0}>", told)
    return format_html('<pre class="mu-pre mu-diff">{}</pre>', body)
