"""Home: what needs me, what there is, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from audits.models import Finding
from console.pages import changes
from console.pages.shell import page
from registry import access
from registry.admin.mixin import actor_of
from registry.models import Asset, AssetVersion, Promotion, Workspace
from registry.permissions import Permission
from registry.queries.promotions import awaiting, visible_promotions
from registry.queries.versions import visible_versions

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

SHOWN = 6


@dataclass(frozen=True)
class Count:
    """A number with the list that it counts."""

    label: str
    number: int
    address: str
    tone: str = ""


def home(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the first page."""
    actor = actor_of(request)
    waiting = awaiting(actor)
    mine = visible_promotions(actor).filter(
        requested_by=actor.user, status=Promotion.Status.AWAITING_APPROVAL
    )
    findings = open_findings(actor)
    return page(
        site,
        request,
        "console/home.html",
        title="Home",
        awaiting=waiting[:SHOWN],
        mine=mine.order_by("-id")[:SHOWN],
        counts=_counts(actor, waiting=waiting.count(), findings=findings.count()),
        workspaces=access.visible_workspaces(actor).order_by("stage", "slug")[:8],
        versions=visible_versions(actor).prefetch_related("aliases").order_by("-id")[:SHOWN],
        refused=visible_promotions(actor)
        .filter(status=Promotion.Status.REFUSED)
        .order_by("-id")[:3],
        findings=findings.select_related(
            "latest_result__policy_version", "latest_sighting", "workspace"
        )[:SHOWN],
        changes=changes.recent(actor),
        may_register=access.visible_workspaces(
            actor, permission=Permission.CREATE_VERSION
        ).exists(),
    )


def open_findings(actor: Actor) -> QuerySet[Finding]:
    """Return the open findings in reach, newest first."""
    return Finding.objects.filter(access.in_reach(actor), state=Finding.State.OPEN).order_by("-id")


def _counts(actor: Actor, *, waiting: int, findings: int) -> list[Count]:
    there = Asset.objects.filter(access.in_reach(actor))
    production = there.filter(workspace__stage=Workspace.Stage.PRODUCTION)
    versions = AssetVersion.objects.filter(access.in_reach(actor, path="asset__workspace"))
    assets = reverse("admin:registry_asset_changelist")
    return [
        Count("Assets", there.count(), assets),
        Count("Versions", versions.count(), reverse("admin:registry_assetversion_changelist")),
        Count("In production", production.count(), assets, tone="good"),
        Count(
            "Awaiting me", waiting, reverse("admin:console_inbox"), tone="warn" if waiting else ""
        ),
        Count(
            "Open findings",
            findings,
            reverse("admin:console_findings"),
            tone="bad" if findings else "",
        ),
    ]
