"""Promotions: the list, and the forms that decide on one or take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from unfold.decorators import display

from core.denials import denial_of
from core.errors import NotFound
from registry.admin import operations
from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin, actor_of
from registry.models import Approval, Promotion
from registry.queries.versions import reference_of
from registry.services.promotions import decide

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

STATUSES = {
    "awaiting_approval": "warning",
    "completed": "success",
    "refused": "danger",
    "withdrawn": "default",
    "expired": "default",
}
TELL = {
    Promotion.Status.COMPLETED: (messages.SUCCESS, "Approved, and promoted."),
    Promotion.Status.AWAITING_APPROVAL: (messages.INFO, "Recorded; more approvals are needed."),
    Promotion.Status.REFUSED: (messages.WARNING, "The promotion is refused, on record."),
}
TITLES = {
    Approval.Decision.APPROVED: ("Approve the promotion of", "Approve"),
    Approval.Decision.REJECTED: ("Reject the promotion of", "Reject"),
}


class DecisionForm(forms.Form):
    """The decision, bound to what the approver looked at."""

    comment = operations.prose("Comment", required=False)
    binding = forms.CharField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Why the request is taken back."""

    reason = operations.prose("Reason", required=False)


@admin.register(Promotion)
class PromotionAdmin(WorkspaceScopedAdmin):
    """Promotions into the user's workspaces."""

    workspace_path = "target"
    list_display = (
        "version",
        "route",
        "alias",
        "status_label",
        "requested_by",
        "requested_at",
        "closed_at",
    )
    list_filter = ("status", WorkspaceFilter)
    list_select_related = ("source_version__asset__workspace", "target", "requested_by")
    search_fields = ("source_version__asset__name", "reason")
    ordering = ("-id",)
    extra_views = (
        ("<uuid:promotion_uuid>/approve/", "approve"),
        ("<uuid:promotion_uuid>/reject/", "reject"),
        ("<uuid:promotion_uuid>/withdraw/", "withdraw"),
    )

    @display(description="Version", ordering="source_version__asset__name")
    def version(self, promotion: Promotion) -> str:
        """Return name and number."""
        source = promotion.source_version
        return f"{source.asset.name} v{source.number}"

    @display(description="From → into", ordering="target__slug")
    def route(self, promotion: Promotion) -> str:
        """Return both workspaces."""
        source = promotion.source_version.asset.workspace.slug
        return f"{source} → {promotion.target.slug}"

    @display(description="Status", ordering="status", label=STATUSES)
    def status_label(self, promotion: Promotion) -> tuple[str, str]:
        """Return the status."""
        return promotion.status, promotion.get_status_display()

    def approve(self, request: HttpRequest, promotion_uuid: UUID) -> HttpResponse:
        """Approve."""
        return self._decide(request, promotion_uuid, Approval.Decision.APPROVED)

    def reject(self, request: HttpRequest, promotion_uuid: UUID) -> HttpResponse:
        """Reject."""
        return self._decide(request, promotion_uuid, Approval.Decision.REJECTED)

    def _decide(
        self, request: HttpRequest, promotion_uuid: UUID, decision: Approval.Decision
    ) -> HttpResponse:
        found = self._found(request, promotion_uuid)
        title, submit = TITLES[decision]

        def call(data: dict[str, Any]) -> tuple[int, str]:
            decided = decide.decide(
                actor=actor_of(request), promotion=found.uuid, decision=decision.value, **data
            )
            return TELL[Promotion.Status(decided.status)]

        page = reverse("admin:registry_promotion_change", args=[found.pk])
        operation = operations.Operation(
            f"{title} {reference_of(found.source_version)} into {found.target.slug}",
            submit,
            call,
            back=page,
            cancel=page,
            danger=decision is Approval.Decision.REJECTED,
            template="registry/decision.html",
            context={"promotion": found, "source": reference_of(found.source_version)},
        )
        form = DecisionForm(request.POST or None, initial={"binding": found.binding})
        return operations.answer(request, operation, form, site=self.admin_site)

    def withdraw(self, request: HttpRequest, promotion_uuid: UUID) -> HttpResponse:
        """Take the request back."""
        found = self._found(request, promotion_uuid)

        def call(data: dict[str, Any]) -> tuple[int, str]:
            decide.withdraw(actor=actor_of(request), promotion=found.uuid, **data)
            return messages.SUCCESS, "Withdrawn."

        page = reverse("admin:registry_promotion_change", args=[found.pk])
        operation = operations.Operation(
            f"Withdraw the promotion of {reference_of(found.source_version)}",
            "Withdraw",
            call,
            back=page,
            cancel=page,
            danger=True,
        )
        form = WithdrawForm(request.POST if request.method == "POST" else None)
        return operations.answer(request, operation, form, site=self.admin_site)

    def _found(self, request: HttpRequest, promotion_uuid: UUID) -> Promotion:
        rows = self.get_queryset(request).select_related(*self.list_select_related)
        found: Promotion | None = rows.filter(uuid=promotion_uuid).first()
        if found is None:
            raise NotFound(
                denial=denial_of(
                    Promotion,
                    {"uuid": promotion_uuid},
                    permission=self.view_right.value,
                    workspace_path=self.workspace_path,
                )
            )
        return found
