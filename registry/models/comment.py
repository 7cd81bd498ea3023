"""What people say about assets, versions and promotions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from registry.models.subject import AboutSubject
from registry.models.version import DIGEST_LENGTH


class Comment(AboutSubject):
    """A remark or a reply. An edit adds a revision; a redaction takes the words away and keeps
    who spoke, and when."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="comments")
    created_at = models.DateTimeField(default=timezone.now)
    last_revision = models.PositiveIntegerField(default=1)
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(AboutSubject.Meta):
        abstract = False
        default_permissions = ()
        constraints = [
            *AboutSubject.Meta.constraints,
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True, redacted_by__isnull=True)
                | Q(redacted_at__isnull=False, redacted_by__isnull=False),
                name="comment_is_redacted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class CommentRevision(models.Model):
    """That a comment had these words from then on; ``commitment`` is sha256(salt || text)."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    commitment = models.CharField(max_length=DIGEST_LENGTH)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["comment", "number"], name="one_text_per_revision"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revisions_from_one"),
        ]


class CommentText(models.Model):
    """The words of a revision: Markdown, stored as it was written; the one part that can go."""

    revision = models.OneToOneField(
        CommentRevision, primary_key=True, on_delete=models.PROTECT, related_name="words"
    )
    salt = models.BinaryField(max_length=32)
    text = models.TextField()

    class Meta:
        default_permissions = ()


class CommentMention(models.Model):
    """A revision names an account that could see the subject when it was written."""

    revision = models.ForeignKey(CommentRevision, on_delete=models.PROTECT, related_name="mentions")
    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["revision", "user"], name="one_mention_per_account"),
        ]
