"""The catalogue: what there is, over all workspaces that the user may read or know of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console.pages.catalogue import facets
from console.pages.catalogue.entries import entries_shown
from console.pages.catalogue.question import FRESH, METRIC, question
from console.pages.shell import page
from core.errors import InvalidInput
from registry import access
from registry.admin.mixin import actor_of
from registry.kinds import KINDS
from registry.models import AccessRequest
from registry.permissions import Permission
from registry.queries.catalogue import pages
from registry.queries.catalogue.comparison import MOST
from registry.queries.catalogue.discoverable import discoverable_entries, discoverable_workspaces
from registry.queries.catalogue.facets import facets as counted
from registry.queries.catalogue.search import as_of_seq

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from console.pages.catalogue.question import Question
    from core.actors import Actor

SHOWN = 25
LONGEST = 1_000
NEWEST = "Newest change"
ORDERS = (
    ("updated", "Oldest change"),
    ("-created", "Newest asset"),
    ("created", "Oldest asset"),
    ("name", "Name"),
    ("-name", "Name, from the end"),
    ("-parameters", "Most parameters"),
    ("parameters", "Fewest parameters"),
    ("-context_length", "Longest context"),
    ("context_length", "Shortest context"),
    ("price", "Cheapest"),
    ("-price", "Dearest"),
)
# What the fields of the form ask for; the first two always show.
FIELDS = (
    "q",
    "order",
    "fresh",
    "parameters_min",
    "parameters_max",
    "context_length_min",
    "price_max",
    "currency",
)
OPERATORS = (">=", "<=", ">", "<", "=")


def catalogue(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the page; a filter that cannot be is told beside it, and nothing is searched."""
    actor = actor_of(request)
    wanted = question(request.GET)
    may_register = access.visible_workspaces(actor, permission=Permission.CREATE_VERSION).exists()
    wrong = dict(wanted.wrong)
    found: dict[str, Any] = {}
    if wanted.asked is not None:
        try:
            found = _found(actor, wanted, request.GET.get("cursor", ""), may_register=may_register)
        except InvalidInput as error:
            wrong = {each.field: each.reason for each in error.errors}
    return page(
        site,
        request,
        "console/catalogue.html",
        title="Catalogue",
        status=400 if wrong else 200,
        question=wanted,
        wrong=wrong,
        form=_form(request, wanted, wrong),
        chips=_chips(wanted),
        orders=_orders(wanted),
        operators=OPERATORS,
        periods=FRESH.items(),
        may_register=may_register,
        has_stubs=discoverable_workspaces(actor).exists(),
        is_later_page="cursor" in request.GET,
        most=MOST,
        **found,
    )


def _found(actor: Actor, wanted: Question, cursor: str, *, may_register: bool) -> dict[str, Any]:
    assert wanted.asked is not None
    rows = pages.page(actor, wanted.asked, cursor=cursor, limit=SHOWN)
    counts = counted(actor, wanted.asked)
    query = wanted.asked.query
    return {
        "entries": entries_shown(actor, rows.entries, query=query, may_register=may_register),
        "next": wanted.address(cursor=(rows.cursor,)) if rows.cursor else "",
        "facets": facets.shown(wanted, counts.values),
        "total": facets.total(wanted, counts.values),
        "is_complete": counts.is_complete,
        "as_of_seq": as_of_seq(),
    }


def _orders(wanted: Question) -> list[tuple[str, str]]:
    if wanted.last("q"):
        return [("", "Best match"), ("-updated", NEWEST), *ORDERS]
    return [("", NEWEST), *ORDERS]


def _form(request: HttpRequest, wanted: Question, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Return what the fields say, and the filters that go along unseen."""
    given = dict(wanted.given)
    form: dict[str, Any] = {name: wanted.last(name) for name in FIELDS}
    if "metric" in wrong:
        # The condition that cannot be goes back to its fields, to be put right there.
        form |= {name: request.GET.get(name, "") for name in METRIC}
        given["metric"] = given["metric"][:-1]
    unseen = [(name, value) for name in given if name not in FIELDS for value in given[name]]
    is_open = bool(wrong or "metric" in given or any(form[name] for name in FIELDS[2:]))
    return {**form, "unseen": unseen, "is_open": is_open}


def _chips(wanted: Question) -> list[tuple[str, str, str]]:
    """Return the filters that hold: what, which value, and the address without it."""
    titles = {**facets.TITLES, **facets.MORE_TITLES}
    found = []
    for name, values in wanted.given.items():
        if name not in titles:
            continue
        for value in values:
            label = FRESH.get(value, value) if name == "fresh" else facets.label_of(name, value)
            found.append((titles[name], label, wanted.toggled(name, value)))
    return found


def stubs(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return what exists in discoverable workspaces that the user may not read."""
    actor = actor_of(request)
    text = request.GET.get("q", "").strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    rows = discoverable_entries(actor, query=text, kind=kind if kind in KINDS else "")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: SHOWN + 1])
    waiting = AccessRequest.objects.filter(
        requested_by=actor.user, status=AccessRequest.Status.PENDING
    )
    return page(
        site,
        request,
        "console/stubs.html",
        title="Catalogue",
        text=text,
        kind=kind,
        kinds=KINDS.values(),
        entries=found[:SHOWN],
        after=found[SHOWN - 1].pk if len(found) > SHOWN else None,
        asked_of=set(waiting.values_list("workspace_id", flat=True)),
    )
