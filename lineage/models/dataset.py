"""Datasets as OpenLineage names them, and what each workspace was told of them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.ids import new_uuid
from lineage.received.names import name_key, namespace_key
from registry.models import Asset, Workspace

KEY_LENGTH = 64  # hexadecimal digits of a SHA-256
HEAD_LENGTH = 200


class Dataset(models.Model):
    """A dataset's identity: its namespace and name, the same for whoever speaks of it.

    ``key`` is the SHA-256 of both (see ``lineage.received.names.name_key``): names may be
    longer than an index takes; ``namespace_key`` and ``name_head`` are what of them one does take,
    to list the datasets of a namespace in order. ``asset`` is ours where the name is one of an
    asset of this installation. A row says nothing of who may see it: ``WorkspaceDataset`` does.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    namespace = models.TextField()
    name = models.TextField()
    namespace_key = models.CharField(max_length=KEY_LENGTH)
    name_head = models.CharField(max_length=HEAD_LENGTH)
    asset = models.ForeignKey(
        Asset, null=True, on_delete=models.PROTECT, related_name="openlineage_datasets"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["namespace_key", "name_head", "id"], name="datasets_of_a_namespace"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.namespace} {self.name}"

    @classmethod
    def called(cls, namespace: str, name: str, *, asset_id: int | None = None) -> Dataset:
        """Return a new row, not stored yet, of that name."""
        return cls(
            key=name_key(namespace, name),
            namespace=namespace,
            name=name,
            namespace_key=namespace_key(namespace),
            name_head=name[:HEAD_LENGTH],
            asset_id=asset_id,
        )


class WorkspaceDataset(models.Model):
    """What the events of one workspace told of a dataset; whoever may see the workspace sees it.

    ``state`` holds the latest of each facet with the time of the event that told it, so that
    events may come in any order. ``deleted_at`` is the time of the event that dropped it, empty
    once a later event speaks of it again.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="observations")
    state = models.JSONField(default=dict)
    event_time = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "workspace"], name="one_observation_per_workspace"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-id"], name="datasets_of_a_workspace")]

    def __str__(self) -> str:
        return f"{self.dataset_id} in {self.workspace_id}"


class DatasetVersion(models.Model):
    """A dataset as one run left it, or as a DatasetEvent described it.

    ``uuid`` follows from workspace, dataset and what made it, so that telling twice makes one.
    ``external_version`` is the ``version`` facet's; ``body`` holds fields and lifecycle state.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    observation = models.ForeignKey(
        WorkspaceDataset, on_delete=models.PROTECT, related_name="versions"
    )
    run = models.ForeignKey(
        "lineage.Run", null=True, on_delete=models.PROTECT, related_name="dataset_versions"
    )
    external_version = models.TextField(blank=True)
    body = models.JSONField(default=dict)
    event_time = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["observation", "-event_time"], name="versions_of_a_dataset"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class DatasetAlias(models.Model):
    """Another name of a dataset, by a ``symlinks`` facet that an event of a workspace carried."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="aliases")
    other = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="alias_of")
    kind = models.CharField(max_length=50, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "other", "workspace"], name="one_alias_per_pair"
            ),
            models.CheckConstraint(
                condition=~models.Q(dataset=models.F("other")), name="no_alias_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} = {self.other_id}"
