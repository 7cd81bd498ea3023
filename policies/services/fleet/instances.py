"""The running processes of an OPA, known by the ids that they give themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.canonical import MAX_INTEGER, canonical_json
from policies.models import Opa, OpaInstance
from policies.models.fleet import MAX_INSTANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LABELS_BYTES = 16 * 1024
MAX_VERSION = 40


def lock(opa: Opa) -> None:
    """Queue with whatever else the processes of ``opa`` tell, until the transaction ends."""
    Opa.objects.select_for_update(no_key=True).get(pk=opa.pk)


def ensure(opa: Opa, labels: Mapping[str, Any]) -> OpaInstance:
    """Return the process that ``labels`` are of; while the OPA is locked."""
    told = checked_labels(labels)
    instance, is_new = OpaInstance.objects.get_or_create(
        opa=opa,
        instance_id=plain(labels.get("id"), MAX_INSTANCE),
        defaults={"labels": told, "version": plain(labels.get("version"), MAX_VERSION)},
    )
    if not is_new:
        instance.labels = told
        instance.version = plain(labels.get("version"), MAX_VERSION)
    return instance


def checked_labels(labels: Mapping[str, Any]) -> dict[str, Any]:
    """Return labels that every database can hold, none where there are too many."""
    text = canonical_json(dict(labels))
    return {} if len(text) > MAX_LABELS_BYTES or b"\\u0000" in text else dict(labels)


def storable(value: Any) -> Any:
    """Return ``value`` with each number that no reader of JSON need hold exactly as text: OPA
    tells integers of 64 bits, and canonical JSON has none beyond 2^53."""
    if isinstance(value, dict):
        return {key: storable(member) for key, member in value.items()}
    if isinstance(value, list):
        return [storable(member) for member in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number and not abs(value) <= MAX_INTEGER else value


def plain(value: object, most: int) -> str:
    """Return a text that every database can hold, shortened; empty for anything else."""
    return value.replace("\0", "")[:most] if isinstance(value, str) else ""
