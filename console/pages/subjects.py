"""Where the page of something stands that is talked about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from audits.queries.scope import visible_findings, visible_scans
from core.errors import DomainError, NotFound
from core.references import SCHEME
from policies.queries.assignments import visible_assignments
from policies.queries.attested import visible_attestations
from policies.queries.exemptions import visible_exemptions
from policies.queries.what_ifs import visible_what_ifs
from registry import access
from registry.models import Asset, AssetVersion, Deployment, Experiment, Promotion, Workspace
from registry.permissions import Permission
from registry.queries.promotions import RELATED
from registry.queries.subjects import Subject, subject_of
from registry.queries.versions import asset_by_reference, resolve

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.queries.subjects import Row

NAMED_BY_ID = re.compile(r"(promotion|experiment)/([0-9a-f-]{36})\Z")
OF_POLICIES = re.compile(r"(assignment|exemption|attestation|what-if)/([0-9a-f-]{36})\Z")
OF_AUDITS = re.compile(r"(finding|scan)/([0-9a-f-]{36})\Z")
DEPLOYMENT = re.compile(r"([^/]+)/deployment/([^/]+)\Z")
ROWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "asset": (Asset, ("workspace", "created_by")),
    "version": (AssetVersion, ("asset__workspace",)),
    "promotion": (Promotion, RELATED),
    "experiment": (Experiment, ("workspace",)),
    "deployment": (Deployment, ("workspace",)),
}


def subject_at(actor: Actor, about: str, uuid: UUID) -> Subject:
    """Return the subject with that public id; raises NotFound for a missing or foreign one."""
    if about not in ROWS:
        raise NotFound
    model, related = ROWS[about]
    row = model.objects.select_related(*related).filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    found = subject_of(row)
    access.require(actor, Permission.VIEW, found.workspace, subject=found.reference)
    return found


def named(subject: Subject) -> dict[str, Any]:
    """Return how the services are told of it: by reference where it has one, else by id."""
    if subject.field in {"asset", "version"}:
        return {subject.field: subject.reference}
    return {subject.field: subject.row.uuid}


def page_of(row: Row) -> str:
    """Return the address of the row's page."""
    match row:
        case Deployment():
            return reverse("admin:console_deployment", args=[row.uuid])
        case Experiment():
            return reverse("admin:console_experiment", args=[row.uuid])
    return reverse(f"admin:registry_{row._meta.model_name}_change", args=[row.pk])


def page_named(actor: Actor, subject: str) -> str:
    """Return the page of what the journal calls ``subject``, empty where there is none that
    ``actor`` may see."""
    text = subject.removeprefix(f"{SCHEME}{settings.INSTANCE}/")
    try:
        if found := NAMED_BY_ID.match(text):
            return page_of(subject_at(actor, found[1], UUID(found[2])).row)
        if found := OF_POLICIES.match(text):
            return _of_policies(actor, what=found[1], uuid=UUID(found[2]))
        if found := OF_AUDITS.match(text):
            return _of_audits(actor, what=found[1], uuid=UUID(found[2]))
        if found := DEPLOYMENT.match(text):
            return _deployment(actor, workspace=found[1], name=found[2])
        if "/" not in text:
            place = access.visible_workspaces(actor).get(slug=text)
            return reverse("admin:registry_workspace_change", args=[place.pk])
        is_version = "@" in text or text.count("/") > 2
        return page_of(resolve(actor, text) if is_version else asset_by_reference(actor, text))
    except (DomainError, ValueError, Workspace.DoesNotExist):
        return ""


def _of_policies(actor: Actor, *, what: str, uuid: UUID) -> str:
    """Return the page of what the policies' events are about, where ``actor`` may see that."""
    if what == "what-if":
        asked = visible_what_ifs(actor).filter(uuid=uuid).exists()
        return reverse("admin:console_what_if", args=[uuid]) if asked else ""
    rows: Any = {
        "assignment": visible_assignments,
        "exemption": visible_exemptions,
        "attestation": visible_attestations,
    }[what](actor)
    found = rows.filter(uuid=uuid).first()
    held = getattr(found, "assignment", found)
    return reverse("admin:console_policy_assignment", args=[held.uuid]) if held else ""


def _of_audits(actor: Actor, *, what: str, uuid: UUID) -> str:
    """Return the page of a finding or a scan that ``actor`` may see."""
    rows: Any = {"finding": visible_findings, "scan": visible_scans}[what](actor)
    is_there = rows.filter(uuid=uuid).exists()
    return reverse(f"admin:console_{what}", args=[uuid]) if is_there else ""


def _deployment(actor: Actor, *, workspace: str, name: str) -> str:
    rows = Deployment.objects.filter(access.in_reach(actor), workspace__slug=workspace, name=name)
    row = rows.first()
    return page_of(row) if row else ""
