"""What accounts are told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.ids import new_uuid
from core.models import JournalEntry
from registry.models.workspace import Workspace


class Notification(models.Model):
    """A journal entry that concerns an account, once however often the entry is told.

    ``subject`` is what the account is told about, in ``workspace``: for a dependent of something
    in another workspace it is the dependent. Who may not see the workspace now does not see the
    notification either.
    """

    class Reason(models.TextChoices):
        MENTION = "mention"
        ASSIGNMENT = "assignment"
        REPLY = "reply"
        REQUESTER = "requester"
        APPROVER = "approver"
        OWNER = "owner"
        DEPENDENT = "dependent"
        WATCH = "watch"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="notifications")
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="notifications")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="notifications")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    action = models.CharField(max_length=100)
    subject = models.TextField()
    occurred_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "entry"], name="told_once_per_entry"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notifications_newest_first"),
            models.Index(
                fields=["user", "workspace"],
                name="notifications_unread",
                condition=Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
