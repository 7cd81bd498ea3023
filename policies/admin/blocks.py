"""Blocks of code on a page."""

from __future__ import annotations

import json

from django.utils.html import format_html


def block(value: object) -> str:
    """Return text, or a value as indented JSON, in a block of code."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="mu-pre">{}</pre>', text)
