"""The transparency log: what is signed, by which keys, kept where, and what follows from what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from audits.models import LogCheckpoint
from audits.queries import log
from audits.queries.log_state import log_state
from audits.services.transparency.standing import all_standings
from audits.transparency.merkle import roots_from_consistency
from console.pages.shell import page
from core.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.services.transparency.standing import Standing

SHOWN = 25
LONGEST = 18


def transparency_log(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the page; ``size`` chooses a checkpoint, ``first`` and ``second`` two to compare."""
    state = log_state()
    before = _number(request.GET.get("before", ""))
    rows = LogCheckpoint.objects.order_by("-size")
    if before is not None:
        rows = rows.filter(size__lt=before)
    found = list(rows[: SHOWN + 1])
    older = "?" + urlencode({"before": found[SHOWN - 1].size}) if len(found) > SHOWN else ""
    chosen, missing = _chosen(request.GET.get("size", ""))
    return page(
        site,
        request,
        "console/audit_log.html",
        title="Transparency log",
        state=state,
        anchors=_anchors(),
        checkpoints=found[:SHOWN],
        older=older,
        is_later_page=before is not None,
        shown=chosen or state.newest,
        is_newest=chosen is None or chosen == state.newest,
        missing=missing,
        keys=log.keys()[::-1],
        compared=_compared(request.GET.get("first", ""), request.GET.get("second", "")),
    )


def _anchors() -> list[Standing]:
    """Return how far each anchor is; none for settings without sense, of which a check tells."""
    try:
        return all_standings()
    except InvalidInput:
        return []


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    return int(text) if is_number else None


def _chosen(text: str) -> tuple[LogCheckpoint | None, str]:
    """Return the checkpoint that is asked for, or the text that asks for none that there is."""
    if not text:
        return None, ""
    size = _number(text)
    found = None if size is None else LogCheckpoint.objects.filter(size=size).first()
    return (found, "") if found else (None, text[:40])


def _compared(first: str, second: str) -> dict[str, Any]:
    """Return whether the tree of ``first`` entries is the beginning of that of ``second``, as the
    proof tells; by default of the newest one."""
    given = {"first": first, "second": second}
    if not first and not second:
        return given
    was, now = _number(first), _number(second)
    if was is None or (second and now is None):
        return {**given, "problem": "Both sizes are whole numbers, those of signed checkpoints."}
    try:
        proof = log.consistency(was, now)
    except NotFound:
        return {**given, "problem": "No checkpoint of that size was signed."}
    except InvalidInput as error:
        told = " ".join(f"{each.field} {each.reason}" for each in error.errors)
        return {**given, "problem": told or error.detail}
    except log.LogDamaged as error:
        return {**given, "problem": f"The log is damaged: {error}"}
    old_root, root = bytes(proof.first.root), bytes(proof.second.root)
    roots = roots_from_consistency(
        old_root, old=proof.first.size, size=proof.second.size, proof=proof.proof
    )
    return {
        **given,
        "proof": proof,
        "hashes": [each.hex() for each in proof.proof],
        "is_consistent": roots == (old_root, root),
    }
