"""How reports write states and times for people."""

from __future__ import annotations

from django import template

from audits.reports.moments import when

register = template.Library()


@register.filter
def words(name: str) -> str:
    """Return a state's name as words: ``not applicable``."""
    return name.replace("_", " ")


register.filter(when)


@register.filter
def short(digest: str) -> str:
    """Return the beginning of a digest, enough to tell it from others by eye."""
    return digest[:19]
