"""What people decide and say about findings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from audits.models.finding import Finding
from audits.models.scan import DIGEST_LENGTH
from core.ids import new_uuid

MAX_TICKET = 500


class FindingTriage(models.Model):
    """Who sees to a finding, until when and where: as it stands, of which ``revision``.

    There is none of a finding that nobody touched. ``due_at`` counts while ``due_set_at`` is of
    the time since the finding opened last; otherwise the due rule gives the date.
    """

    finding = models.OneToOneField(
        Finding, primary_key=True, on_delete=models.PROTECT, related_name="triage"
    )
    revision = models.PositiveIntegerField()
    owner = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="findings"
    )
    due_at = models.DateTimeField(null=True)
    due_set_at = models.DateTimeField(null=True)
    ticket = models.CharField(max_length=MAX_TICKET, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(revision__gte=1), name="triage_revisions_from_one"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True, due_set_at__isnull=True)
                | Q(due_at__isnull=False, due_set_at__isnull=False),
                name="triage_due_was_set",
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.finding_id}"


class FindingChange(models.Model):
    """That somebody gave a finding another owner, due date or ticket; written once.

    One row per changed field; rows of one call share ``revision``.
    """

    class Field(models.TextChoices):
        OWNER = "owner"
        DUE = "due"
        TICKET = "ticket"

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField()
    field = models.CharField(max_length=6, choices=Field.choices)
    owner = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    ticket = models.CharField(max_length=MAX_TICKET, blank=True)
    reason = models.TextField(blank=True)
    changed_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "revision", "field"], name="one_change_per_field_and_revision"
            ),
            models.CheckConstraint(
                condition=Q(field="owner", due_at__isnull=True, ticket="")
                | Q(field="due", owner__isnull=True, ticket="")
                | Q(field="ticket", owner__isnull=True, due_at__isnull=True),
                name="finding_change_of_one_field",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.finding_id}"


class FindingReminder(models.Model):
    """That it was told that a finding is due: ``days`` before ``due_at``, or with 0 once that had
    passed; once for each date. Written once."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="reminders")
    due_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "due_at", "days"], name="one_reminder_of_finding"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} days before {self.finding_id} is due"


class FindingComment(models.Model):
    """A remark about a finding. It is not edited; a redaction takes the words away and keeps who
    spoke, and when. ``commitment`` is sha256(salt || text)."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    commitment = models.CharField(max_length=DIGEST_LENGTH)
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True, redacted_by__isnull=True)
                | Q(redacted_at__isnull=False, redacted_by__isnull=False),
                name="finding_comment_is_redacted_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["finding", "id"], name="comments_of_finding")]

    def __str__(self) -> str:
        return str(self.uuid)


class FindingCommentText(models.Model):
    """The words of a comment: Markdown, stored as it was written; the one part that can go."""

    comment = models.OneToOneField(
        FindingComment, primary_key=True, on_delete=models.PROTECT, related_name="words"
    )
    salt = models.BinaryField(max_length=32)
    text = models.TextField()

    class Meta:
        default_permissions = ()
