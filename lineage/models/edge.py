"""The graph: edges between versions, along which data flows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from registry.kinds.links import LinkRole
from registry.models import AssetVersion

PROMOTED = "promoted"
RELATIONS = (*(role.value for role in LinkRole), PROMOTED)


class Edge(models.Model):
    """Something of ``source`` went into ``target``.

    ``relation`` is the link role that the target registered ("target trained_on source"), or
    ``promoted`` from a version to its copy. ``run`` is the OpenLineage run that made the target,
    of a promotion its public id; ``seq`` the place in the journal of the entry that said so.
    """

    source = models.ForeignKey(
        AssetVersion, on_delete=models.PROTECT, related_name="edges_out", db_index=False
    )
    target = models.ForeignKey(
        AssetVersion, on_delete=models.PROTECT, related_name="edges_in", db_index=False
    )
    relation = models.CharField(
        max_length=20, choices=[(relation, relation) for relation in RELATIONS]
    )
    run = models.UUIDField(db_index=True)
    seq = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            # Its index also serves the walk downstream.
            models.UniqueConstraint(
                fields=["source", "target", "relation"], name="one_edge_per_relation"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_edge_to_itself"),
            models.CheckConstraint(condition=Q(relation__in=RELATIONS), name="edge_relation"),
        ]
        indexes = [models.Index(fields=["target", "source"], name="edges_upstream")]

    def __str__(self) -> str:
        return f"{self.source_id} -{self.relation}-> {self.target_id}"
