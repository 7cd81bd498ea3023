"""How long records are kept that are no evidence, and what was let go under which rule."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.ids import new_uuid
from core.models import Task

MAX_DAYS = 36_600
DIGEST_LENGTH = 71  # "sha256:" and 64 hexadecimal digits


class RetentionRule(Fact):
    """Records of one kind are let go when older than ``days``; without a rule they stay."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    record = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
    reason = models.TextField()
    set_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(valid_to__isnull=True),
                name="one_retention_rule_per_record",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=MAX_DAYS), name="retention_rule_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.days} days"


class RetentionRun(models.Model):
    """The rules were applied, or it was looked what they would do (``is_dry_run``).

    ``counts`` by kind of record: how many went, or would, and how many a hold keeps.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    is_dry_run = models.BooleanField()
    as_of = models.DateTimeField()
    requested_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    task = models.OneToOneField(
        Task, null=True, on_delete=models.PROTECT, related_name="retention_run"
    )
    completed_at = models.DateTimeField(null=True)
    counts = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True, counts__isnull=True)
                | Q(completed_at__isnull=False, counts__isnull=False),
                name="retention_run_counts_iff_completed",
            ),
        ]

    def __str__(self) -> str:
        return f"retention as of {self.as_of:%Y-%m-%d}"


class Removal(models.Model):
    """The bytes of a report, or the results of a scan, were let go as a whole.

    ``digest`` is over what went; the journal has it, too.
    """

    class Record(models.TextChoices):
        REPORT_FILES = "report_files"
        SCAN_RESULTS = "scan_results"

    record = models.CharField(max_length=40, choices=Record.choices)
    subject = models.UUIDField()
    count = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    removed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["record", "subject"], name="one_removal_per_subject"),
            models.CheckConstraint(
                condition=Q(record__in=["report_files", "scan_results"]), name="removal_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.record} of {self.subject}"


class RemovalPermit(models.Model):
    """Stands only inside a transaction that lets rows of a guarded table go."""

    table_name = models.CharField(max_length=100, primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.table_name


class Erasure(models.Model):
    """A person was erased: by whom, when and why. It names the account by its id alone."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    account = models.OneToOneField("core.User", on_delete=models.PROTECT, related_name="erasure")
    reason = models.TextField()
    erased_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField(default=timezone.now)
    counts = models.JSONField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(erased_by=models.F("account")), name="erasure_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure of {self.account_id}"
