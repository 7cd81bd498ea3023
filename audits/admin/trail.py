"""The trail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.html import format_html
from unfold.decorators import display

from audits import trail
from core.journal import decode, is_authentic
from core.models import JournalEntry
from registry.admin.mixin import WorkspaceScopedAdmin, actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

OUTCOMES = {"success": "success", "refused": "danger", "denied": "danger"}


@admin.register(JournalEntry)
class TrailAdmin(WorkspaceScopedAdmin):
    """The journal, as far as the user may read it; nothing can change it."""

    view_right = Permission.VIEW_TRAIL
    list_display = ("occurred_at", "action", "outcome_label", "actor_kind", "subject", "number")
    list_filter = ("outcome", "actor_kind", "via")
    search_fields = ("subject", "action", "request_id")
    ordering = ("-id",)
    fields = (
        "number",
        "occurred_at",
        "action",
        "outcome",
        "who",
        "roles",
        "subject",
        "subject_digest",
        "reason",
        "body_text",
        "request_id",
        "uuid",
        "authentic",
    )
    readonly_fields = (
        "number",
        "who",
        "roles",
        "reason",
        "body_text",
        "uuid",
        "authentic",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the entries that the user may read."""
        return trail.entries(actor_of(request), trail.TrailQuery())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the user may read the trail, or that very entry."""
        if not request.user.is_active:
            return False
        return obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()

    @display(description="Outcome", ordering="outcome", label=OUTCOMES)
    def outcome_label(self, entry: JournalEntry) -> str:
        """Return the outcome."""
        return entry.outcome

    @display(description="Place in the order")
    def number(self, entry: JournalEntry) -> str:
        """Return the entry's number, or that the sequencer has not placed it."""
        return str(entry.sequence.seq) if hasattr(entry, "sequence") else "pending"

    @display(description="Actor")
    def who(self, entry: JournalEntry) -> str:
        """Return who acted, through which door."""
        actor = trail.describe([entry])[0].actor
        return f"{actor.username or actor.uuid or 'Muniment itself'} ({actor.kind}, {actor.via})"

    @display(description="Roles then")
    def roles(self, entry: JournalEntry) -> str:
        """Return the roles that the actor held."""
        return ", ".join(decode(entry)["actor"]["roles"]) or "none"

    @display(description="Reason")
    def reason(self, entry: JournalEntry) -> str:
        """Return the reason that was given."""
        return str(decode(entry)["reason"])

    @display(description="Record")
    def body_text(self, entry: JournalEntry) -> str:
        """Return the canonical record, indented."""
        text = json.dumps(decode(entry), indent=2, ensure_ascii=False)
        return format_html('<pre class="mu-pre">{}</pre>', text)

    @display(description="Authentic", boolean=True)
    def authentic(self, entry: JournalEntry) -> bool:
        """Tell whether this installation wrote the record."""
        return is_authentic(entry)
