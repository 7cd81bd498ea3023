"""Was a version permitted in production at a time, by whom, and on what evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from audits.queries.permitted import permitted
from console.pages.lineage.asked import moment
from console.pages.shell import page
from console.pages.verbs import WORDS
from core.errors import InvalidInput, NotFound
from core.models import User
from registry.admin.mixin import actor_of
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.queries.permitted import Entry, Permit, Place


def was_permitted(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the form and the answer; what cannot be asked is told beside it."""
    ref = request.GET.get("ref", "").strip()
    at = request.GET.get("at", "").strip()
    permit, problems = None, dict[str, str]()
    if ref:
        try:
            permit = permitted(actor_of(request), ref, moment(at) or timezone.now())
        except InvalidInput as error:
            problems = {each.field: each.reason for each in error.errors} or {"": error.detail}
        except NotFound:
            problems = {"version": "is none that you may see"}
        except (ValueError, OverflowError):
            problems = {"at": "must be a date and time, as 2026-03-01T12:00"}
    return page(
        site,
        request,
        "console/audit_permitted.html",
        title="Was it permitted?",
        status=400 if problems else 200,
        ref=ref,
        at=at,
        problems=problems,
        permit=permit,
        reference=str(reference_of(permit.version)) if permit else "",
        places=_places(permit) if permit else (),
        rest=_rest(permit) if permit else "",
    )


def _rest(permit: Permit) -> str:
    asked = {"ref": str(reference_of(permit.version)), "at": permit.at.isoformat()}
    return reverse("permit-list") + "?" + urlencode(asked)


def _places(permit: Permit) -> list[dict[str, Any]]:
    """Return each place with its reference and its entries in words; one query for the names."""
    entries = [entry for place in permit.places for entry in place.entries]
    people = User.objects.filter(uuid__in={each.actor for each in entries if each.actor})
    names = {str(uuid): name for uuid, name in people.values_list("uuid", "username")}
    return [
        {
            "place": place,
            "reference": str(reference_of(place.version)),
            "source": _source(place),
            "lines": _lines(place.entries, names),
        }
        for place in permit.places
    ]


def _source(place: Place) -> str:
    return str(reference_of(place.promotion.source_version)) if place.promotion else ""


def _lines(entries: Sequence[Entry], names: dict[str, str]) -> list[tuple[Entry, str, str]]:
    return [
        (
            entry,
            WORDS.get(entry.action, entry.action),
            names.get(entry.actor, "erased person") if entry.actor else "Muniment",
        )
        for entry in entries
    ]
