"""Policies and the sets of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.html import format_html_join
from unfold.decorators import display

from policies.admin.blocks import block
from policies.models import (
    Policy,
    PolicySet,
    PolicySetVersion,
    PolicyVersion,
)
from registry.admin.mixin import MembersAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

SEVERITIES = {"low": "info", "medium": "warning", "high": "danger", "critical": "danger"}


@admin.register(Policy)
class PolicyAdmin(MembersAdmin):
    """Policies by name, with their newest version."""

    list_display = ("name", "title", "severity", "last_number", "checked")
    search_fields = ("name", "versions__metadata__title")
    ordering = ("name",)
    fields = (
        "name",
        "title",
        "description",
        "severity",
        "controls",
        "checked",
        "remediation",
        "digest",
        "source",
        "created_at",
    )
    readonly_fields = (
        "title",
        "description",
        "severity",
        "controls",
        "checked",
        "remediation",
        "digest",
        "source",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the policies with what their row shows of the newest version."""
        newest = PolicyVersion.objects.filter(policy=OuterRef("pk")).order_by("-number")
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                newest_metadata=Subquery(newest.values("metadata")[:1]),
                newest_checked=Subquery(newest.values("checked_by")[:1]),
                newest_source=Subquery(newest.values("source")[:1]),
                newest_digest=Subquery(newest.values("digest")[:1]),
            )
        )
        return rows

    @display(description="Title")
    def title(self, policy: Any) -> str:
        """Return the title of the newest version."""
        return str(policy.newest_metadata["title"])

    @display(description="Description")
    def description(self, policy: Any) -> str:
        """Return what it asks for."""
        return str(policy.newest_metadata["description"])

    @display(description="Severity", label=SEVERITIES)
    def severity(self, policy: Any) -> str:
        """Return the severity of the newest version."""
        return str(policy.newest_metadata["severity"])

    @display(description="Controls")
    def controls(self, policy: Any) -> str:
        """Return the controls that it serves."""
        return ", ".join(policy.newest_metadata["controls"])

    @display(description="Remediation")
    def remediation(self, policy: Any) -> str:
        """Return how to mend what it finds."""
        return str(policy.newest_metadata["remediation"])

    @display(description="Checked by")
    def checked(self, policy: Any) -> str:
        """Return which OPA checked it; without one it may not gate."""
        return policy.newest_checked or "nobody: it may audit or warn, never gate"

    @display(description="Digest")
    def digest(self, policy: Any) -> str:
        """Return the digest of the newest text."""
        return str(policy.newest_digest)

    @display(description="Rego")
    def source(self, policy: Any) -> str:
        """Return the newest text."""
        return block(str(policy.newest_source))


@admin.register(PolicySet)
class PolicySetAdmin(MembersAdmin):
    """Policies that are assigned together."""

    list_display = ("name", "title", "last_number", "created_at")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "title", "last_number", "members", "created_at")
    readonly_fields = ("title", "members")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the sets with the title of their newest version."""
        newest = PolicySetVersion.objects.filter(policy_set=OuterRef("pk")).order_by("-number")
        sets: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(newest_title=Subquery(newest.values("title")[:1]))
        )
        return sets

    @display(description="Title")
    def title(self, policy_set: Any) -> str:
        """Return the title of the newest version."""
        return str(policy_set.newest_title)

    @display(description="Members of the newest version")
    def members(self, policy_set: PolicySet) -> str:
        """Return each policy version with its title."""
        newest = policy_set.versions.order_by("-number").first()
        members = newest.members.select_related("policy_version__policy") if newest else []
        rows = ((m.policy_version.reference, m.policy_version.title) for m in members)
        return format_html_join("", "<div><code>{}</code> {}</div>", rows)
