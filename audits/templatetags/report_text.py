"""How reports write states and times for people."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def words(name: str) -> str:
    """Return a state's name as words: ``not applicable``."""
    return name.replace("_", " ")


@register.filter
def when(moment: str) -> str:
    """Return an RFC 3339 time in UTC to the second: ``2026-11-22 16:45:43 UTC``."""
    return f"{moment[:10]} {moment[11:19]} UTC"
