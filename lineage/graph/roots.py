"""Find the node that a walk starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from core.errors import InvalidInput, NotFound
from core.references import parse
from lineage.models import Dataset, WorkspaceDataset
from registry import access
from registry.queries.versions import resolve

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

DATASET = "dataset:"


def root_of(actor: Actor, node: str, *, as_of: datetime | None = None, field: str = "node") -> int:
    """Return the key of the node that ``node`` names: see ``explore``.

    Raises InvalidInput for what is no reference to a version, NotFound for a missing or foreign
    node and for one that came to be only after ``as_of``.
    """
    if node.startswith(DATASET):
        return -_dataset(actor, node.removeprefix(DATASET), as_of)
    reference = parse(node, instance=settings.INSTANCE, field=field)
    if reference.number is None and not reference.alias:
        raise InvalidInput.of(field, "must name a version by /number or @alias")
    version = resolve(actor, node)
    if as_of is not None and version.created_at > as_of:
        raise NotFound
    return version.pk


def _dataset(actor: Actor, text: str, as_of: datetime | None) -> int:
    try:
        uuid = UUID(text)
    except ValueError:
        raise NotFound from None
    seen = WorkspaceDataset.objects.filter(access.in_reach(actor), dataset__uuid=uuid)
    if as_of is not None:
        seen = seen.filter(recorded_at__lte=as_of)
    found = Dataset.objects.filter(pk__in=seen.values("dataset")).first()
    if found is None:
        raise NotFound
    return found.pk
