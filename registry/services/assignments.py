"""Ask somebody for a review or a task, and close what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.journal import publish
from registry import access
from registry.events import AssignmentClosed, AssignmentMade
from registry.models import Assignment
from registry.permissions import Permission
from registry.queries.people import visible_user
from registry.queries.subjects import SUBJECT_ROWS, subject_behind, subject_named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor

MAX_NOTE = 4_000
MAX_OPEN = 200


def assign(
    *,
    actor: Actor,
    about: Mapping[str, Any],
    kind: str,
    assignee: str,
    note: str = "",
    due_at: datetime | None = None,
) -> Assignment:
    """Ask the account ``assignee``, which must be able to see the subject, for a ``kind`` of work
    (review or task); needs comment.

    Raises InvalidInput or AccessDenied; Conflict for more than 200 open ones on the subject.
    """
    subject = subject_named(actor, about, permission=Permission.COMMENT)
    if actor.user is None:
        raise AccessDenied("Only accounts assign work.")
    if kind not in Assignment.Kind.values:
        raise InvalidInput.of("kind", f"must be one of {', '.join(Assignment.Kind.values)}")
    if len(note) > MAX_NOTE:
        raise InvalidInput.of("note", f"must have at most {MAX_NOTE} characters")
    if due_at is not None and due_at <= timezone.now():
        raise InvalidInput.of("due_at", "lies in the past")
    person = visible_user(assignee, subject.workspace.pk, field="assignee")
    key = subject.key()
    if Assignment.objects.filter(closed_at__isnull=True, **key).count() >= MAX_OPEN:
        raise Conflict(f"There are {MAX_OPEN} open assignments; close one first.")
    with transaction.atomic():
        made = Assignment.objects.create(
            kind=kind, note=note, assignee=person, assigned_by=actor.user, due_at=due_at, **key
        )
        event = AssignmentMade(**_fields(made), due_at=due_at.isoformat() if due_at else None)
        publish(event, actor=actor, roles=access.roles(actor, made.workspace_id))
    return made


def close(*, actor: Actor, assignment: UUID, outcome: str, reason: str = "") -> Assignment:
    """Close an assignment as done or withdrawn; who was asked may, and who asked, and who has
    change_workspace. One that is closed is a Conflict."""
    rows = Assignment.objects.select_related("assignee", "assigned_by", *SUBJECT_ROWS)
    found = rows.filter(uuid=assignment).first()
    if found is None:
        raise NotFound
    if actor.user is None:
        raise AccessDenied("Only accounts close assignments.")
    is_own = actor.user in {found.assignee, found.assigned_by}
    needed = Permission.COMMENT if is_own else Permission.CHANGE_WORKSPACE
    access.require(actor, needed, found.workspace, subject=f"assignment/{assignment}")
    if outcome not in Assignment.Outcome.values:
        raise InvalidInput.of("outcome", f"must be one of {', '.join(Assignment.Outcome.values)}")
    with transaction.atomic():
        closed = Assignment.objects.filter(pk=found.pk, closed_at__isnull=True).update(
            closed_at=timezone.now(), closed_by=actor.user, outcome=outcome
        )
        if not closed:
            raise Conflict("The assignment is closed already.")
        publish(
            AssignmentClosed(
                **_fields(found),
                assigned_by=str(found.assigned_by.uuid),
                closed_as=outcome,
                reason=reason,
            ),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
    found.refresh_from_db()
    return found


def _fields(assignment: Assignment) -> dict[str, Any]:
    subject = subject_behind(assignment)
    return {
        **subject.told(),
        "subject": subject.reference,
        "workspace": subject.workspace.uuid,
        "assignment": str(assignment.uuid),
        "kind": assignment.kind,
        "assignee": str(assignment.assignee.uuid),
    }
