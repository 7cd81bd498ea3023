"""Evidence packs: archives that prove what they hold to somebody who has nothing else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audits.models.report import MAX_FRAMEWORK
from audits.models.scan import DIGEST_LENGTH, Scan
from core.ids import new_uuid
from core.models import Task
from registry.models import AssetVersion, Blob, Workspace

# How far something is that is made in the background once its scan is complete.
STATUSES = [(each, each) for each in ("waiting", "queued", "running", "completed", "failed")]


class EvidencePack(models.Model):
    """A pack that somebody asked for: of a scan in some or all of its workspaces, or of a version
    as of a time. ``framework`` limits what it tells of a scan to what supports controls of one.

    It gets its task once its scan is complete, and all the rest from that task in one transaction.
    Its bytes lie in the store; ``digest`` is theirs, ``manifest`` that of the manifest inside,
    which is signed. ``checkpoint`` is the size of the log's tree under which its entries are
    proved, ``contents`` how much of what is inside.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="packs")
    about = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="evidence_packs"
    )
    as_of = models.DateTimeField()
    framework = models.CharField(max_length=MAX_FRAMEWORK, blank=True)
    workspaces = models.ManyToManyField(Workspace, through="PackWorkspace", related_name="packs")
    requested_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="evidence_packs"
    )
    requested_at = models.DateTimeField()
    task = models.OneToOneField(
        Task, null=True, on_delete=models.PROTECT, related_name="evidence_pack"
    )
    completed_at = models.DateTimeField(null=True)
    blob = models.ForeignKey(
        Blob, null=True, on_delete=models.PROTECT, related_name="evidence_packs"
    )
    digest = models.CharField(max_length=DIGEST_LENGTH, null=True)
    size = models.BigIntegerField(null=True)
    manifest = models.CharField(max_length=DIGEST_LENGTH, null=True)
    checkpoint = models.BigIntegerField(null=True)
    contents = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(scan__isnull=False) | Q(about__isnull=False),
                name="pack_has_a_basis",
            ),
            models.CheckConstraint(
                condition=Q(
                    completed_at__isnull=True,
                    blob__isnull=True,
                    digest__isnull=True,
                    size__isnull=True,
                    manifest__isnull=True,
                    checkpoint__isnull=True,
                    contents__isnull=True,
                )
                | Q(
                    completed_at__isnull=False,
                    task__isnull=False,
                    blob__isnull=False,
                    digest__isnull=False,
                    size__isnull=False,
                    manifest__isnull=False,
                    checkpoint__isnull=False,
                    contents__isnull=False,
                ),
                name="pack_is_whole_iff_completed",
            ),
        ]

    def __str__(self) -> str:
        return f"evidence pack of {self.about or self.scan}"

    @property
    def status(self) -> str:
        """Return waiting (for the scan), queued, running, completed or failed; the tasks of the
        pack and of its scan must be loaded."""
        if self.completed_at:
            return "completed"
        if self.task is not None:
            return self.task.state
        return "failed" if self.scan is not None and self.scan.status == "failed" else "waiting"


class PackWorkspace(models.Model):
    """A workspace that a pack covers: who may scan all of them may have it."""

    pack = models.ForeignKey(EvidencePack, on_delete=models.PROTECT, related_name="units")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="pack_units")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "workspace"], name="one_pack_unit_per_workspace"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workspace} in {self.pack_id}"
