"""Comment, edit a comment or take its words away; ask somebody for work and close it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages

from console.pages.subjects import named, page_of, subject_at
from core.errors import NotFound
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.models import Assignment, CommentText
from registry.queries.comments import visible_comments
from registry.queries.subjects import SUBJECT_ROWS, subject_behind
from registry.services import assignments, comments

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from registry.models import Comment

HELP = "Markdown. @name tells an account that may see this page."


class CommentForm(forms.Form):
    """The words, and what they answer."""

    text = operations.prose("Comment", help_text=HELP, rows=6)
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)


class EditForm(forms.Form):
    """Other words, in place of the revision that was shown."""

    text = operations.prose("Comment", help_text=HELP, rows=6)
    expected = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", required=False)


class AssignForm(forms.Form):
    """Who shall do what."""

    kind = operations.choice("What", Assignment.Kind.choices)
    assignee = operations.text("Account", help_text="The user name; it must see this page.")
    note = operations.prose("Note", required=False)


class CloseForm(forms.Form):
    """How it ended."""

    outcome = operations.choice("Outcome", Assignment.Outcome.choices)
    reason = operations.prose("Reason", required=False)


def add(site: AdminSite, request: HttpRequest, about: str, uuid: UUID) -> HttpResponse:
    """Comment on a subject, or reply to a comment there."""
    actor = actor_of(request)
    subject = subject_at(actor, about, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        comments.add(actor=actor, about=named(subject), **data)
        return messages.SUCCESS, "Said."

    page = page_of(subject.row)
    operation = operations.Operation(
        f"Comment on {subject.reference}", "Comment", call, f"{page}#mu-talk", page
    )
    form = CommentForm(request.POST or None, initial={"parent": request.GET.get("parent", "")})
    return operations.answer(request, operation, form, site=site)


def edit(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change the words of one's own comment."""
    actor = actor_of(request)
    comment, page = _comment(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        comments.edit(actor=actor, comment=uuid, **data)
        return messages.SUCCESS, "Changed; the earlier words are kept as a revision."

    words = CommentText.objects.filter(
        revision__comment=comment, revision__number=comment.last_revision
    ).first()
    initial = {"text": words.text if words else "", "expected": comment.last_revision}
    operation = operations.Operation("Edit a comment", "Save", call, f"{page}#mu-talk", page)
    form = EditForm(request.POST or None, initial=initial)
    return operations.answer(request, operation, form, site=site)


def redact(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the words of a comment away."""
    actor = actor_of(request)
    _, page = _comment(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        comments.redact(actor=actor, comment=uuid, **data)
        return messages.SUCCESS, "The words are gone; that they were there is on record."

    operation = operations.Operation(
        "Take the words of a comment away",
        "Take away",
        call,
        f"{page}#mu-talk",
        page,
        intro="Every revision loses its words. Who commented, and when, stays.",
        danger=True,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def assign(site: AdminSite, request: HttpRequest, about: str, uuid: UUID) -> HttpResponse:
    """Ask an account for a review or a task."""
    actor = actor_of(request)
    subject = subject_at(actor, about, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made = assignments.assign(actor=actor, about=named(subject), **data)
        return messages.SUCCESS, f"{made.assignee.username} is asked."

    page = page_of(subject.row)
    operation = operations.Operation(
        f"Ask for work on {subject.reference}", "Ask", call, f"{page}#mu-talk", page
    )
    return operations.answer(request, operation, AssignForm(request.POST or None), site=site)


def close(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close an assignment."""
    actor = actor_of(request)
    row = Assignment.objects.select_related(*SUBJECT_ROWS).filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    behind = subject_behind(row)
    subject = subject_at(actor, behind.field, behind.row.uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        closed = assignments.close(actor=actor, assignment=uuid, **data)
        return messages.SUCCESS, f"Closed as {closed.outcome}."

    page = page_of(subject.row)
    operation = operations.Operation(
        f"Close the {row.kind} of {subject.reference}", "Close", call, f"{page}#mu-talk", page
    )
    return operations.answer(request, operation, CloseForm(request.POST or None), site=site)


def _comment(actor: Actor, uuid: UUID) -> tuple[Comment, str]:
    found = visible_comments(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found, page_of(subject_behind(found).row)
