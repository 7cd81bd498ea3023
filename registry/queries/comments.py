"""Read comments, and the accounts that a text names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import F, Prefetch

from registry import access
from registry.models import Comment, CommentRevision
from registry.permissions import Permission
from registry.queries.people import who_may
from registry.queries.subjects import SUBJECT_ROWS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor
    from core.models import User

MAX_MENTIONS = 50
# Django's user names have letters, digits and @ . + - _; an address of mail is no mention.
MENTION = re.compile(r"(?<![\w@.+-])@([\w.+@-]{1,150})")


def visible_comments(actor: Actor) -> QuerySet[Comment]:
    """Return the comments that ``actor`` may see, each with its newest revision in ``latest``."""
    newest = (
        CommentRevision.objects.filter(number=F("comment__last_revision"))
        .select_related("words")
        .prefetch_related("mentions__user")
    )
    return (
        Comment.objects.filter(access.in_reach(actor))
        .select_related("author", "redacted_by", "parent", *SUBJECT_ROWS)
        .prefetch_related(Prefetch("revisions", queryset=newest, to_attr="latest"))
    )


def mentioned(text: str, *, workspace_id: int) -> list[User]:
    """Return the accounts that ``text`` names and that may see the workspace, at most 50.

    Every other ``@name`` is text: nothing tells whether there is such an account.
    """
    names = set()
    for match in MENTION.finditer(text):
        # "@author." ends a sentence more often than it names an account that ends in a dot.
        names |= {match[1], match[1].rstrip(".-+@_")}
    if not names:
        return []
    seeing = who_may(Permission.VIEW, workspace_id)
    wanted = sorted(names)[: 4 * MAX_MENTIONS]
    return list(seeing.filter(username__in=wanted).order_by("pk")[:MAX_MENTIONS])
