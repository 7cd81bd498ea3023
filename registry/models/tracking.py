"""What becomes of experiments and runs: deletions that can be undone, and former names."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.ids import new_uuid
from registry.models.experiment import Experiment
from registry.models.run import Run
from registry.models.subject import exactly_one
from registry.models.workspace import Workspace


class TrackingDeletion(Fact):
    """That an experiment or a run was deleted, from when until it was restored.

    ``lifecycle_stage`` of the row says the same of the present, for lists.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    experiment = models.ForeignKey(
        Experiment, null=True, on_delete=models.PROTECT, related_name="deletions"
    )
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="deletions")
    reason = models.TextField(blank=True)
    deleted_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=exactly_one(("experiment", "run")), name="one_thing_is_deleted"
            ),
            models.UniqueConstraint(
                fields=["experiment"],
                condition=Q(valid_to__isnull=True),
                name="an_experiment_is_deleted_once",
            ),
            models.UniqueConstraint(
                fields=["run"], condition=Q(valid_to__isnull=True), name="a_run_is_deleted_once"
            ),
        ]


class ExperimentFormerName(models.Model):
    """A name that an experiment once bore: no other may bear it, and it still finds this one."""

    experiment = models.ForeignKey(
        Experiment, on_delete=models.PROTECT, related_name="former_names"
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=500)
    given_up_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"], name="one_experiment_per_former_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
