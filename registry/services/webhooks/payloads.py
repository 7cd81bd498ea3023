"""What a receiver gets: the journal entry as people may see it, without what names a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.events import CATALOGUE
from core.journal import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.models import WebhookDelivery

PING = "muniment.webhook.ping"
EVERYTHING = "*"


def body_of(delivery: WebhookDelivery) -> bytes:
    """Return the bytes to send: the same at each try.

    Left out are the salted name, the credential, the request id and the reason in the actor's own
    words; whoever may read the trail finds them there by the entry's id.
    """
    payload = {
        "type": delivery.action,
        "timestamp": delivery.created_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "data": {"webhook": str(delivery.webhook.uuid)},
    }
    if delivery.entry is not None:
        entry = decode(delivery.entry)
        payload |= {"timestamp": entry["ts"], "data": _view(entry)}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _view(entry: dict[str, Any]) -> dict[str, Any]:
    kept = ("uuid", "instance", "outcome", "workspace", "subject", "before", "after", "data")
    actor = {key: entry["actor"][key] for key in ("id", "kind", "via")}
    return {key: entry[key] for key in kept} | {"actor": actor}


def matches(action: str, patterns: Sequence[str]) -> bool:
    """Tell whether one of ``patterns`` asks for ``action``: ``*``, a whole action, or the first
    words of one and ``.*``."""
    return any(
        pattern in {EVERYTHING, action}
        or (pattern.endswith(".*") and action.startswith(pattern[:-1]))
        for pattern in patterns
    )


def unknown_pattern(patterns: Sequence[str]) -> str | None:
    """Return the first pattern that no event can ever match, if there is one."""
    for pattern in patterns:
        if not any(matches(action, [pattern]) for action in CATALOGUE):
            return pattern
    return None
