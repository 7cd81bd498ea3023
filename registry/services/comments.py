"""Comment, edit a comment, and take its words away."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core import locks
from core.canonical import sha256
from core.errors import AccessDenied, Conflict, Denial, InvalidInput, NotFound
from core.journal import publish
from registry import access
from registry.events import CommentAdded, CommentEdited, CommentRedacted
from registry.models import Comment, CommentMention, CommentRevision, CommentText
from registry.permissions import Permission
from registry.queries.comments import mentioned
from registry.queries.subjects import SUBJECT_ROWS, subject_behind, subject_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from core.actors import Actor
    from core.models import User

MAX_TEXT = 20_000
MAX_COMMENTS = 5_000
MAX_REVISIONS = 200


@dataclass(frozen=True)
class Written:
    """A revision that was just stored, with whom it names."""

    revision: CommentRevision
    named: list[User]


def add(
    *, actor: Actor, about: Mapping[str, Any], text: str, parent: UUID | None = None
) -> Comment:
    """Comment on a subject (see ``subject_named``), or reply to ``parent`` there; needs comment.

    ``text`` is Markdown of at most 20,000 characters. ``@name`` mentions an account that may see
    the subject. Raises InvalidInput or AccessDenied; Conflict for more than 5,000 comments.
    """
    subject = subject_named(actor, about, permission=Permission.COMMENT)
    author = _author(actor)
    _require_text(text)
    key = subject.key()
    above = _parent(parent, key) if parent else None
    with transaction.atomic():
        locks.hold(f"comments on {subject.row.uuid}")
        if Comment.objects.filter(**key).count() >= MAX_COMMENTS:
            raise Conflict(f"There are {MAX_COMMENTS} comments already; start anew elsewhere.")
        comment = Comment.objects.create(author=author, parent=above, **key)
        written = _write(comment, text)
        publish(
            CommentAdded(
                **_fields(comment, written.revision),
                parent=str(above.uuid) if above else None,
                parent_author=str(above.author.uuid) if above else None,
                mentioned=_ids(written.named),
            ),
            actor=actor,
            roles=access.roles(actor, comment.workspace_id),
        )
    return comment


def edit(*, actor: Actor, comment: UUID, text: str, expected: int | None = None) -> Comment:
    """Store other words as the comment's next revision; its author may, with the right comment.

    ``expected`` is the revision that was read: with another one it is a Conflict. The same words
    once more leave no revision.
    """
    found = _seen(actor, comment)
    access.require(actor, Permission.COMMENT, found.workspace, subject=f"comment/{comment}")
    if found.author != actor.user:
        raise _denied(found, "Only its author changes a comment.", permission="own_comment")
    _require_text(text)
    with transaction.atomic():
        locked = _locked(found)
        before = _latest(locked)
        if expected is not None and expected != before.number:
            raise Conflict("The comment has changed since.", extra={"actual": before.number})
        if CommentText.objects.get(pk=before.pk).text == text:
            return found
        if before.number >= MAX_REVISIONS:
            raise Conflict(f"A comment has at most {MAX_REVISIONS} revisions; write a new one.")
        written = _write(locked, text, number=before.number + 1)
        Comment.objects.filter(pk=locked.pk).update(last_revision=written.revision.number)
        known = set(before.mentions.values_list("user_id", flat=True))
        publish(
            CommentEdited(
                **_fields(found, written.revision),
                mentioned=_ids(user for user in written.named if user.pk not in known),
            ),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
    return found


def redact(*, actor: Actor, comment: UUID, reason: str = "") -> Comment:
    """Take away the words of every revision; its author may, and who has change_workspace.

    That the comment was there, by whom and when, stays. A second time is a Conflict.
    """
    found = _seen(actor, comment)
    if actor.user is None or found.author != actor.user:
        access.require(
            actor, Permission.CHANGE_WORKSPACE, found.workspace, subject=f"comment/{comment}"
        )
    else:
        access.require(actor, Permission.COMMENT, found.workspace, subject=f"comment/{comment}")
    with transaction.atomic():
        locked = _locked(found)
        CommentText.objects.filter(revision__comment=locked).delete()
        CommentMention.objects.filter(revision__comment=locked).delete()
        locked.redacted_at, locked.redacted_by = timezone.now(), _author(actor)
        locked.save(update_fields=["redacted_at", "redacted_by"])
        publish(
            CommentRedacted(**_fields(found, _latest(locked)), reason=reason),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
    return found


def _parent(uuid: UUID, key: Mapping[str, Any]) -> Comment:
    found = Comment.objects.select_related("author").filter(uuid=uuid, **key).first()
    if found is None:
        raise InvalidInput.of("parent", "is no comment on the same subject")
    return found


def _author(actor: Actor) -> User:
    if actor.user is None:
        raise AccessDenied("Only accounts comment.")
    return actor.user


def _require_text(text: str) -> None:
    if not text.strip() or len(text) > MAX_TEXT:
        raise InvalidInput.of("text", f"must have 1 to {MAX_TEXT} characters, not only blanks")


def _seen(actor: Actor, uuid: UUID) -> Comment:
    rows = Comment.objects.select_related("author", *SUBJECT_ROWS)
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.workspace, subject=f"comment/{uuid}")
    return found


def _denied(comment: Comment, message: str, *, permission: str) -> AccessDenied:
    denial = Denial(permission, f"comment/{comment.uuid}", comment.workspace.uuid)
    return AccessDenied(message, denial=denial)


def _locked(comment: Comment) -> Comment:
    locked = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if locked.redacted_at is not None:
        raise Conflict("The words of the comment are gone.")
    return locked


def _latest(comment: Comment) -> CommentRevision:
    return comment.revisions.get(number=comment.last_revision)


def _write(comment: Comment, text: str, *, number: int = 1) -> Written:
    salt = secrets.token_bytes(32)
    revision = CommentRevision.objects.create(
        comment=comment, number=number, commitment=sha256(salt + text.encode())
    )
    CommentText.objects.create(revision=revision, salt=salt, text=text)
    named = mentioned(text, workspace_id=comment.workspace_id)
    CommentMention.objects.bulk_create(
        CommentMention(revision=revision, user=user) for user in named
    )
    return Written(revision, named)


def _ids(users: Iterable[User]) -> list[str]:
    return sorted(str(user.uuid) for user in users)


def _fields(comment: Comment, revision: CommentRevision) -> dict[str, Any]:
    subject = subject_behind(comment)
    return {
        **subject.told(),
        "subject": subject.reference,
        "workspace": subject.workspace.uuid,
        "digest": revision.commitment,
        "comment": str(comment.uuid),
        "author": str(comment.author.uuid),
        "revision": revision.number,
    }
