"""Lineage events as they are stored and sent, and how far each sink has been told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from unfold.decorators import display

from core.backoffice import OrganisationAdmin
from lineage.models import DeadLetter, LineageEvent, ReceivedEvent, Sink
from lineage.queries.events import EventQuery, events
from lineage.queries.received import ReceivedQuery, received_events
from lineage.services.lag import with_lag
from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin, actor_of

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet
    from django.http import HttpRequest

TYPES = {"COMPLETE": "success", "FAIL": "danger", "ABORT": "danger", "START": "info"}


@admin.register(LineageEvent)
class LineageEventAdmin(WorkspaceScopedAdmin):
    """OpenLineage events of the user's workspaces."""

    list_display = ("subject", "kind", "type_label", "workspace", "job", "event_time")
    list_filter = ("kind", "event_type", WorkspaceFilter)
    list_select_related = ("workspace",)
    search_fields = ("subject", "job", "run")
    ordering = ("-id",)
    fields = ("subject", "kind", "event_type", "event_time", "run", "job", "digest", "event")
    readonly_fields = ("event",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the events, told which name versions that the user may not see."""
        return events(actor_of(request), EventQuery())

    @display(description="Type", ordering="event_type", label=TYPES)
    def type_label(self, event: LineageEvent) -> str:
        """Return START, COMPLETE, ABORT or FAIL; none for dataset events."""
        return event.event_type

    @display(description="Event")
    def event(self, event: Any) -> str:
        """Return the bytes that sinks get, indented."""
        if event.is_withheld:
            return "It names versions that you may not see."
        text = json.dumps(json.loads(bytes(event.body)), indent=2, ensure_ascii=False)
        return format_html('<pre class="mu-pre">{}</pre>', text)


@admin.register(ReceivedEvent)
class ReceivedEventAdmin(WorkspaceScopedAdmin):
    """OpenLineage events that others sent into the user's workspaces."""

    list_display = ("subject", "kind", "type_label", "workspace", "warned", "event_time")
    list_filter = ("kind", "event_type", WorkspaceFilter)
    list_select_related = ("workspace", "job", "dataset")
    search_fields = ("job__name", "dataset__name", "run_id")
    ordering = ("-id",)
    fields = (
        "kind",
        "event_type",
        "event_time",
        "run_id",
        "digest",
        "received_at",
        "problems",
        "event",
    )
    readonly_fields = ("problems", "event")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the events of the workspaces that the user may see."""
        return received_events(actor_of(request), ReceivedQuery())

    @display(description="Job or dataset")
    def subject(self, event: ReceivedEvent) -> str:
        """Return of what the event speaks."""
        named = event.job or event.dataset
        return f"{named.namespace} {named.name}" if named else ""

    @display(description="Type", ordering="event_type", label=TYPES)
    def type_label(self, event: ReceivedEvent) -> str:
        """Return START, COMPLETE, ABORT or FAIL; none for job and dataset events."""
        return event.event_type

    @display(description="Warnings")
    def warned(self, event: ReceivedEvent) -> str:
        """Return how many facets did not fit their schemas."""
        return str(len(event.warnings)) if event.warnings else ""

    @display(description="Warnings")
    def problems(self, event: ReceivedEvent) -> str:
        """Return what did not fit, and where."""
        rows = ((item["pointer"] or "/", item["reason"]) for item in event.warnings)
        return format_html_join(mark_safe("<br>"), "<code>{}</code> {}", rows) or "none"

    @display(description="Event")
    def event(self, event: ReceivedEvent) -> str:
        """Return what was sent, indented."""
        text = json.dumps(json.loads(bytes(event.body)), indent=2, ensure_ascii=False)
        return format_html('<pre class="mu-pre">{}</pre>', text)


@admin.register(Sink)
class SinkAdmin(OrganisationAdmin):
    """Where events go."""

    list_display = (
        "name",
        "events_behind",
        "oldest_waits",
        "open_letters",
        "attempts",
        "next_try_at",
        "moved_at",
        "error",
    )
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the sinks, each with how far behind it is."""
        return with_lag(super().get_queryset(request))

    @display(description="Events behind")
    def events_behind(self, sink: Any) -> str:
        """Return how many events it has not been told of; none if it is configured no more."""
        return "-" if sink.behind is None else str(sink.behind)

    @display(description="Oldest waits")
    def oldest_waits(self, sink: Any) -> str:
        """Return since when the oldest of these waits."""
        return naturaltime(sink.oldest) if sink.oldest else "-"

    @display(description="Dead letters")
    def open_letters(self, sink: Any) -> str:
        """Return how many events it did not take."""
        return str(sink.letters)


@admin.register(DeadLetter)
class DeadLetterAdmin(OrganisationAdmin):
    """Events that a sink would not take."""

    list_display = ("event", "sink", "failed_at", "resolved_at", "error")
    list_select_related = ("event", "sink")
    ordering = ("-id",)
