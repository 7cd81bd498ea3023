"""How the console's pages write things."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django import template
from django.utils.dateparse import parse_datetime

from core.naming import brief
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from datetime import datetime

    from registry.models import AssetVersion

register = template.Library()
register.filter("brief", brief)
DIGITS = 12
TONES = {
    "pass": "good",
    "completed": "good",
    "succeeded": "good",
    "approved": "good",
    "granted": "good",
    "resolved": "good",
    "observed": "good",
    "production": "good",
    "accepted": "good",
    "verified": "good",
    "safe": "good",
    "require_approval": "warn",
    "deprecated": "warn",
    "archived": "warn",
    "in_review": "warn",
    "returned": "warn",
    "untrusted": "warn",
    "pending": "warn",
    "degraded": "warn",
    "deploying": "warn",
    "stopped": "plain",
    "withdrawn": "bad",
    "dangerous": "bad",
    "awaiting_approval": "warn",
    "staging": "warn",
    "unknown": "warn",
    "exempt": "warn",
    "requested": "warn",
    "warn": "warn",
    "medium": "warn",
    "conflict": "bad",
    "compliant": "good",
    "in_force": "good",
    "non_compliant": "bad",
    "not_started": "plain",
    "hold": "warn",
    "modify": "warn",
    "record": "info",
    "manual": "info",
    "expiring": "warn",
    "expired": "plain",
    "ended": "plain",
    "fail": "bad",
    "error": "bad",
    "failed": "bad",
    "refuse": "bad",
    "refused": "bad",
    "rejected": "bad",
    "deny": "bad",
    "open": "bad",
    "high": "bad",
    "critical": "bad",
    "development": "info",
    "allow_listed": "info",
    "mention": "info",
    "assignment": "warn",
    "draft": "info",
    "queued": "info",
    "running": "good",
    "finished": "good",
    "killed": "warn",
    "scheduled": "info",
    "audit": "info",
    "low": "info",
}
VERDICTS = {
    "supported": "good",
    "refuted": "bad",
    "inconclusive": "warn",
    "better": "good",
    "worse": "bad",
    "changed": "warn",
}


@register.filter
def digest(value: str) -> str:
    """Return the first digits of a digest."""
    algorithm, _, digits = value.partition(":")
    return f"{algorithm}:{digits[:DIGITS]}…" if digits else value


@register.filter
def tone(value: object) -> str:
    """Return the class that colours a state, a stage or a severity."""
    return f"mu-{TONES.get(str(value), 'plain')}"


@register.filter
def verdict_tone(value: object) -> str:
    """Return the class that colours how a hypothesis stands: an open one needs no alarm."""
    return f"mu-{VERDICTS.get(str(value), 'plain')}"


@register.filter
def words_in(text: str) -> list[str]:
    """Return the words of a text, for a template to go through."""
    return text.split()


@register.filter
def moment(value: str) -> datetime | None:
    """Return the time that a text of a frozen record says, None for another text."""
    return parse_datetime(value)


@register.filter
def words(value: object) -> str:
    """Return a name of a program as words."""
    return str(value).replace("_", " ")


@register.filter
def ref(version: AssetVersion) -> str:
    """Return the reference of a version whose asset and workspace are loaded."""
    return str(reference_of(version))


@register.filter
def is_reference(text: str) -> bool:
    """Tell whether a text can be the full reference of a version: workspace/kind/name/number."""
    return text.count("/") == 3 and text.rpartition("/")[2].isdecimal()


@register.filter
def pretty(value: object) -> str:
    """Return a JSON value as people read it."""
    return json.dumps(value, indent=2, ensure_ascii=False)


@register.filter
def hexadecimal(value: bytes) -> str:
    """Return bytes of the database in hexadecimal digits."""
    return bytes(value).hex()


@register.filter
def is_text(value: object) -> bool:
    """Tell whether a JSON value is a single one, that reads as it is."""
    return not isinstance(value, dict | list | bool) and value is not None


@register.filter
def took(microseconds: int) -> str:
    """Return how long something took, in milliseconds."""
    return f"{microseconds / 1_000:,.1f} ms"
