"""The latest of each facet, whatever the order in which events came.

A *state* is JSON: ``state["facets"][name] = {"at": time, "by": digest, "body": {…} or null}``.
``at`` is the eventTime of the event that told the facet, as ``marks.moment`` writes it, and ``by``
that event's digest; of two tellings the one with the greater (at, by) stands, as a whole. ``body``
is null where the event deleted the facet (``_deleted``): it stays known, so that an older telling
that comes late does not bring it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lineage.received.marks import Mark

FACETS = "facets"


def merge(state: dict[str, Any], told: Mapping[str, Any], mark: Mark, *, key: str = FACETS) -> None:
    """Let ``state[key]`` know the facets that the event with ``mark`` told.

    In any order, and however often: commutative, associative and idempotent.
    """
    if not told:
        return
    known: dict[str, Any] = state.setdefault(key, {})
    at, by = mark
    for name, body in told.items():
        before = known.get(name)
        if before is None or (before["at"], before["by"]) < mark:
            known[name] = {"at": at, "by": by, "body": None if _is_deleted(body) else body}


def current(state: Mapping[str, Any], *, key: str = FACETS) -> dict[str, Any]:
    """Return the facets that stand, by name, without those that were deleted."""
    known = state.get(key) or {}
    return {name: told["body"] for name, told in known.items() if told["body"] is not None}


def facet(state: Mapping[str, Any], name: str, *, key: str = FACETS) -> dict[str, Any]:
    """Return one facet that stands; an empty one where there is none, or it is no object."""
    told = (state.get(key) or {}).get(name)
    body = told["body"] if told else None
    return body if isinstance(body, dict) else {}


def _is_deleted(body: Any) -> bool:
    return body is None or (isinstance(body, dict) and body.get("_deleted") is True)
