"""Comment on findings, and take the words away."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.events import FindingCommented, FindingCommentRedacted
from audits.models import FindingComment, FindingCommentText
from audits.queries.findings import comment_by_uuid
from audits.queries.scope import finding_by_uuid
from core import locks
from core.canonical import sha256
from core.errors import AccessDenied, Conflict, InvalidInput
from core.journal import publish
from registry import access
from registry.permissions import Permission
from registry.queries.comments import mentioned

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from core.models import User

MAX_TEXT = 20_000
MAX_COMMENTS = 1_000


def add(*, actor: Actor, finding: UUID, text: str) -> FindingComment:
    """Comment on a finding; needs the right comment.

    ``text`` is Markdown of at most 20,000 characters; ``@name`` tells an account that may see the
    workspace, and the owner is told. Raises NotFound, InvalidInput or AccessDenied; Conflict for
    more than 1,000 comments.
    """
    found = finding_by_uuid(actor, finding)
    subject = f"finding/{found.uuid}"
    access.require(actor, Permission.COMMENT, found.workspace, subject=subject)
    author = _author(actor)
    if not text.strip() or len(text) > MAX_TEXT:
        raise InvalidInput.of("text", f"must have 1 to {MAX_TEXT} characters, not only blanks")
    salt = secrets.token_bytes(32)
    with transaction.atomic():
        locks.hold(f"comments on {found.uuid}")
        if FindingComment.objects.filter(finding=found).count() >= MAX_COMMENTS:
            raise Conflict(f"There are {MAX_COMMENTS} comments already; go on in a ticket.")
        comment = FindingComment.objects.create(
            finding=found, author=author, commitment=sha256(salt + text.encode())
        )
        FindingCommentText.objects.create(comment=comment, salt=salt, text=text)
        owner = found.triaged.owner if found.triaged else None
        named = mentioned(text, workspace_id=found.workspace_id)
        publish(
            FindingCommented(
                subject=subject,
                workspace=found.workspace.uuid,
                digest=comment.commitment,
                finding=str(found.uuid),
                comment=str(comment.uuid),
                owner=str(owner.uuid) if owner else None,
                mentioned=sorted(str(user.uuid) for user in named),
            ),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
    return comment


def redact(*, actor: Actor, comment: UUID, reason: str = "") -> FindingComment:
    """Take away the words; the author may, and who has change_workspace. That somebody spoke, and
    when, stays. A second time is a Conflict."""
    found = comment_by_uuid(actor, comment)
    finding = found.finding
    subject = f"finding/{finding.uuid}"
    is_own = actor.user is not None and found.author == actor.user
    right = Permission.COMMENT if is_own else Permission.CHANGE_WORKSPACE
    access.require(actor, right, finding.workspace, subject=subject)
    with transaction.atomic():
        locked = FindingComment.objects.select_for_update(no_key=True).get(pk=found.pk)
        if locked.redacted_at is not None:
            raise Conflict("The words of the comment are gone.")
        FindingCommentText.objects.filter(comment=locked).delete()
        locked.redacted_at, locked.redacted_by = timezone.now(), _author(actor)
        locked.save(update_fields=["redacted_at", "redacted_by"])
        publish(
            FindingCommentRedacted(
                subject=subject,
                workspace=finding.workspace.uuid,
                digest=locked.commitment,
                reason=reason,
                finding=str(finding.uuid),
                comment=str(locked.uuid),
            ),
            actor=actor,
            roles=access.roles(actor, finding.workspace_id),
        )
    return locked


def _author(actor: Actor) -> User:
    if actor.user is None:
        raise AccessDenied("Only accounts comment.")
    return actor.user
