"""Stored OpenLineage events, as far as the caller may read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from core.denials import denial_of
from core.errors import NotFound
from core.references import parse
from lineage.models import LineageEvent, Mention
from registry import access
from registry.permissions import Permission
from registry.queries.versions import asset_by_reference, resolve

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

# Whoever may see the target of a promotion may see the promotion, with what it names.
PROMOTION = "registry.promotion."


@dataclass(frozen=True)
class EventQuery:
    """Which events are asked for; ``subject`` is the reference of a version or of an asset."""

    run: UUID | None = None
    action: str = ""
    kind: str = ""
    event_type: str = ""
    workspace: str = ""
    subject: str = ""


def events(actor: Actor, query: EventQuery) -> QuerySet[LineageEvent]:
    """Return the events of workspaces that ``actor`` may see, without their bodies.

    ``is_withheld`` tells that an event names versions elsewhere that the actor may not see.
    Raises InvalidInput for a subject that is no reference or names nothing visible.
    """
    found = _readable(actor).defer("body")
    exact = {
        "run": query.run,
        "action": query.action,
        "kind": query.kind,
        "event_type": query.event_type,
        "workspace__slug": query.workspace,
    }
    found = found.filter(**{column: value for column, value in exact.items() if value})
    return found.filter(_names(actor, query.subject)) if query.subject else found


def event(actor: Actor, uuid: UUID) -> LineageEvent:
    """Return one event; raises NotFound for a missing or foreign one."""
    found = _readable(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(
            denial=denial_of(
                LineageEvent,
                {"uuid": uuid},
                permission=Permission.VIEW.value,
                workspace_path="workspace",
            )
        )
    return found


def readable(actor: Actor) -> QuerySet[LineageEvent]:
    """Return the events whose bodies ``actor`` may read."""
    # Typed loosely: the annotation is that of the query.
    found: QuerySet[Any] = _readable(actor)
    return found.filter(is_withheld=False)


def _readable(actor: Actor) -> QuerySet[LineageEvent]:
    hidden = Mention.objects.filter(event=OuterRef("pk")).exclude(
        version__asset__workspace__in=access.visible_workspaces(actor)
    )
    withheld = ExpressionWrapper(
        Exists(hidden) & ~Q(action__startswith=PROMOTION), output_field=BooleanField()
    )
    return (
        LineageEvent.objects.filter(access.in_reach(actor))
        .annotate(is_withheld=withheld)
        .select_related("workspace", "entry__sequence")
        .defer("entry__body", "entry__mac")
    )


def _names(actor: Actor, subject: str) -> Q:
    reference = parse(subject, instance=settings.INSTANCE, field="subject")
    mentions = Mention.objects.filter(event=OuterRef("pk"))
    if reference.number is None and not reference.alias:
        asset = asset_by_reference(actor, subject, field="subject")
        return Q(Exists(mentions.filter(version__asset=asset)))
    version = resolve(actor, subject, field="subject")
    return Q(Exists(mentions.filter(version=version)))
