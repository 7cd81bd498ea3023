"""What people say about the subject of a page, and whom they asked to do something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from console.markdown import rendered
from registry import access
from registry.models import Assignment, Comment
from registry.permissions import Permission
from registry.queries.comments import visible_comments

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.queries.subjects import Subject

SHOWN = 100


@dataclass(frozen=True)
class Remark:
    """A comment as it is shown; ``html`` is empty where its words were taken away."""

    comment: Comment
    html: SafeString
    replies: list[Remark]
    is_own: bool

    @property
    def is_edited(self) -> bool:
        """Tell whether these are not the first words."""
        return self.comment.last_revision > 1


@dataclass(frozen=True)
class Discussion:
    """The newest threads, oldest first within each, and the open assignments."""

    subject: Subject
    threads: list[Remark]
    number: int
    assignments: list[Assignment]
    may_comment: bool
    may_moderate: bool


def discussion(actor: Actor, subject: Subject) -> Discussion:
    """Return what there is, in four queries; the subject must be one that ``actor`` may see."""
    newest = list(
        visible_comments(actor).filter(**{subject.field: subject.row}).order_by("-id")[:SHOWN]
    )
    open_ones = Assignment.objects.filter(
        **{subject.field: subject.row}, closed_at__isnull=True
    ).select_related("assignee", "assigned_by")
    place = subject.workspace.pk
    return Discussion(
        subject,
        _threads(actor, newest),
        len(newest),
        list(open_ones.order_by("id")[:SHOWN]),
        may_comment=access.allows(actor, Permission.COMMENT, place),
        may_moderate=access.allows(actor, Permission.CHANGE_WORKSPACE, place),
    )


def _threads(actor: Actor, newest_first: list[Comment]) -> list[Remark]:
    """Return the comments as threads; a reply to a reply stands in the thread of the first."""
    threads: list[Remark] = []
    top: dict[int, Remark] = {}
    for comment in reversed(newest_first):
        remark = Remark(comment, _html(comment), [], comment.author == actor.user)
        above = top.get(comment.parent_id) if comment.parent_id else None
        if above is None:
            threads.append(remark)
        else:
            above.replies.append(remark)
        top[comment.pk] = above or remark
    return threads


def _html(comment: Comment) -> SafeString:
    latest = getattr(comment, "latest", [])
    words = getattr(latest[0], "words", None) if latest else None
    return rendered(words.text) if words is not None else SafeString("")
