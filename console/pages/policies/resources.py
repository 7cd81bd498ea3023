"""The page of a configured resource: what was told of it, how far, and what changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse

from console.pages.differences import Difference, differences
from console.pages.posture import posture
from console.pages.shell import page
from console.pages.trails import trail_in
from core.errors import NotFound
from policies.models import Resource, Snapshot
from policies.queries.snapshots import difference, visible_snapshots
from policies.services import resources
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

SHOWN = 50
# What each word on a field means to a reader.
ABSENT = "not set"
TELLING = {"declared": "set", "observed": "answered", "absent": ABSENT}


@dataclass(frozen=True)
class Told:
    """One path: what was told of it, and its value, shortened."""

    path: str
    how: str
    value: str


def resource(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign resource."""
    actor = actor_of(request)
    found = Resource.objects.select_related("workspace", "retired_by").filter(pk=pk).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.workspace)
    rows = _newest(actor, found)
    chosen = _chosen(actor, found, rows, request.GET.get("snapshot", ""))
    told = _told(chosen) if chosen else []
    return page(
        site,
        request,
        "console/resource.html",
        title=found.external_id,
        original=found,
        resource=found,
        snapshots=rows,
        chosen=chosen,
        document=_written(chosen.document) if chosen else "",
        told=told,
        trail=trail_in(actor, found.workspace_id, evidence=found.uuid),
        absent=[each for each in told if each.how == ABSENT],
        present=[each for each in told if each.how != ABSENT],
        compared=_compared(actor, chosen, rows, request.GET.get("against", "")),
        posture=posture(
            actor,
            decided=Q(evaluation__workspace=found.workspace, evaluation__snapshot__resource=found),
            found=Q(resource=found),
        ),
        may_submit=access.allows(actor, Permission.SUBMIT_CONFIGURATION, found.workspace_id),
        may_retire=found.retired_at is None
        and access.allows(actor, Permission.ASSIGN_POLICY, found.workspace_id),
    )


def _newest(actor: Actor, found: Resource) -> list[Snapshot]:
    snapshots = visible_snapshots(actor).filter(resource=found)
    return list(snapshots.defer("document", "fields").order_by("-id")[:SHOWN])


def retire(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a resource that is gone out of account."""
    actor = actor_of(request)
    found = Resource.objects.select_related("workspace").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.workspace)
    here = reverse("admin:policies_resource_change", args=[found.pk])

    def call(data: dict[str, Any]) -> tuple[int, str]:
        resources.retire(actor=actor, resource=uuid, **data)
        return messages.SUCCESS, "Retired; policies do not look at it any more."

    operation = operations.Operation(
        "Retire the resource",
        "Retire",
        call,
        here,
        here,
        intro="For what is gone from its platform. Its snapshots stay on record.",
        danger=True,
    )
    form = RetireForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


class RetireForm(forms.Form):
    """Why."""

    reason = operations.text("Reason", required=False, max_length=400)


def snapshot(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lead to the snapshot on its resource's page; raises NotFound for a missing or foreign one."""
    found = visible_snapshots(actor_of(request)).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    here = reverse("admin:policies_resource_change", args=[found.resource_id])
    return redirect(f"{here}?snapshot={uuid}")


def _chosen(actor: Actor, found: Resource, rows: list[Snapshot], text: str) -> Snapshot | None:
    """The snapshot that was asked for, else the newest; whole."""
    wanted = _uuid(text) if text else (rows[0].uuid if rows else None)
    if wanted is None:
        return None
    chosen = visible_snapshots(actor).filter(resource=found, uuid=wanted).first()
    if chosen is None:
        raise NotFound
    return chosen


def _told(snapshot: Snapshot) -> list[Told]:
    fields: dict[str, str] = snapshot.fields or {}
    return [
        Told(path, TELLING.get(how, how), _value(snapshot.document, path.split(".")))
        for path, how in fields.items()
    ]


def _value(document: Any, names: list[str]) -> str:
    """The value at a path as one line; keys with dots in them are looked for, too."""
    if not names:
        return json.dumps(document, ensure_ascii=False)[:120]
    if not isinstance(document, dict):
        return ""
    for length in range(len(names), 0, -1):
        name = ".".join(names[:length])
        if name in document:
            return _value(document[name], names[length:])
    return ""


def _compared(
    actor: Actor, chosen: Snapshot | None, rows: list[Snapshot], text: str
) -> dict[str, Any] | None:
    """The difference to another snapshot, by default the one before."""
    if chosen is None or (not text and chosen.uuid == rows[-1].uuid):
        return None
    found = difference(actor, chosen.uuid, against=_uuid(text) if text else None)
    lines: Difference = differences(
        _written(found.before.document).splitlines(),
        _written(found.after.document).splitlines(),
        of="the configuration",
    )
    return {"found": found, "lines": lines}


def _written(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
