"""The trail: who did what, when, with which roles, and on what evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from audits import trail
from audits.api.serializers.trail import TrailQuerySerializer
from audits.queries.trail_words import behind
from console.pages.changes import short
from console.pages.shell import page
from console.pages.verbs import WORDS
from core.actors import Via
from core.errors import AccessDenied, InvalidInput
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import ROLES, Permission

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.trail import TrailActor, TrailEntry
    from core.actors import Actor

SHOWN = 50
OUTCOMES = ("success", "refused", "denied")
# The fields that always show; the others open with the first of them that is given.
FIRST = ("q", "workspace", "outcome", "since", "until")
MORE = ("action", "username", "role", "via", "credential", "subject", "evidence", "request_id")
TITLES = {
    "q": "Words",
    "username": "Who",
    "via": "Through",
    "request_id": "Request",
    "actor": "Account",
}


@dataclass(frozen=True)
class Line:
    """An entry in words."""

    uuid: UUID
    seq: int | None
    at: datetime
    who: str
    actor: TrailActor
    verb: str
    action: str
    subject: str
    full_subject: str
    workspace: str
    reason: str
    outcome: str


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the page; a filter that cannot be is told beside it, and nothing is read."""
    actor = actor_of(request)
    given = {
        name: text
        for name in (*FIRST, *MORE, "actor")
        if (text := request.GET.get(name, "").strip())
    }
    found, wrong = _asked(actor, given, request.GET.get("before", ""))
    return page(
        site,
        request,
        "console/audit_trail.html",
        title="Trail",
        status=400 if wrong else 200,
        given=given,
        wrong=wrong,
        chips=_chips(given),
        is_open=any(name in given for name in MORE) or any(name in MORE for name in wrong),
        is_later_page="before" in request.GET,
        first_page="?" + urlencode(given),
        exports=_exports(given),
        behind=behind() if "q" in given or {"role", "credential", "evidence"} & given.keys() else 0,
        places=access.visible_workspaces(actor, permission=Permission.VIEW_TRAIL)
        .order_by("slug")
        .values_list("slug", flat=True),
        outcomes=OUTCOMES,
        doors=[each.value for each in Via],
        roles=sorted(role.value for role in ROLES),
        actions=WORDS,
        **found,
    )


def _asked(
    actor: Actor, given: Mapping[str, str], before: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the filters find, or by field what is wrong with them."""
    nothing: dict[str, Any] = {"lines": [], "older": ""}
    shape = TrailQuerySerializer(data=given)
    if not shape.is_valid():
        wrong = {name: " ".join(map(str, told)) for name, told in shape.errors.items()}
        return nothing, wrong
    try:
        return _found(actor, trail.TrailQuery(**shape.validated_data), given, before), {}
    except InvalidInput as error:
        return nothing, {each.field: each.reason for each in error.errors}
    except AccessDenied:
        return nothing, {"workspace": "is one whose trail you may not read"}


def _found(
    actor: Actor, query: trail.TrailQuery, given: Mapping[str, str], before: str
) -> dict[str, Any]:
    is_place = before.isascii() and before.isdecimal() and len(before) < 19
    page_of = trail.newest(
        trail.entries(actor, query), limit=SHOWN + 1, before=int(before) if is_place else None
    )
    older = ""
    if len(page_of) > SHOWN:
        older = "?" + urlencode({**given, "before": page_of[SHOWN - 1].pk})
    return {"lines": [line(each) for each in trail.describe(page_of[:SHOWN])], "older": older}


def line(entry: TrailEntry) -> Line:
    """Return an entry in words."""
    return Line(
        uuid=entry.uuid,
        seq=entry.seq,
        at=entry.occurred_at,
        who=who(entry.actor),
        actor=entry.actor,
        verb=WORDS.get(entry.action) or entry.action.rpartition(".")[2].replace("_", " "),
        action=entry.action,
        subject=short(entry.subject),
        full_subject=entry.subject,
        workspace=entry.workspace or "",
        reason=entry.reason,
        outcome=entry.outcome,
    )


def who(actor: TrailActor) -> str:
    """Return the name of who acted."""
    return actor.username or ("erased person" if actor.uuid else "Muniment")


def _chips(given: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the filters that hold: what, which value, and the address without it."""
    return [
        (
            TITLES.get(name, name.capitalize()),
            value,
            "?" + urlencode({other: each for other, each in given.items() if other != name}),
        )
        for name, value in given.items()
    ]


def _exports(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the addresses that stream what the filters leave, by format."""
    return [
        (name.upper(), reverse("trail-export") + "?" + urlencode({"format": name, **given}))
        for name in ("csv", "ndjson")
    ]
