"""Which journal entries have a lineage, and how each is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lineage.mapping.promotions import (
    map_completion,
    map_expiry,
    map_refusal,
    map_request,
    map_withdrawal,
)
from lineage.mapping.registrations import map_registration

if TYPE_CHECKING:
    from lineage.mapping.record import Mapped, Record


class Mapping(Protocol):
    """Turns one journal entry into events."""

    def __call__(self, record: Record, *, base_url: str) -> tuple[Mapped, ...]: ...


MAPPINGS: dict[str, Mapping] = {
    "registry.version.registered": map_registration,
    "registry.promotion.requested": map_request,
    "registry.promotion.completed": map_completion,
    "registry.promotion.refused": map_refusal,
    "registry.promotion.withdrawn": map_withdrawal,
    "registry.promotion.expired": map_expiry,
}


def map_record(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return the OpenLineage events of a journal entry, in order; none for most entries.

    The same entry always gives the same events, so that telling twice adds nothing. ``base_url``
    is the installation's address, without a slash at its end.
    """
    mapping = MAPPINGS.get(record.action)
    return mapping(record, base_url=base_url) if mapping else ()
