"""Licences as the forms of others take them: SPDX expressions, or names of terms."""

from __future__ import annotations

import re

# SPDX 2.3 annex D: ids and references, joined by AND, OR and WITH, in parentheses.
_ID = r"(?:DocumentRef-[A-Za-z0-9.-]+:)?[A-Za-z0-9.-]+\+?"
_PART = rf"\(*{_ID}(?: WITH {_ID})?\)*"
EXPRESSION = re.compile(rf"{_PART}(?: (?:AND|OR) {_PART})*\Z")


def is_expression(text: str) -> bool:
    """Tell whether ``text`` has the form of an SPDX licence expression."""
    return bool(EXPRESSION.match(text)) and text.count("(") == text.count(")")
