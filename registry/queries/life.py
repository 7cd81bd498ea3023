"""The lifecycle of versions, now and as of a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch

from core.errors import FieldError, InvalidInput
from core.statements import Parameter, Statement
from registry.models import Lifecycle, Tombstone
from registry.models.life import ACTIVE
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from registry.models import AssetVersion

WITHDRAWN = Lifecycle.State.WITHDRAWN.value
RELATED = ("replacement__asset__workspace", "set_by")
STATES = (ACTIVE, *Lifecycle.State.values)
STATE_NOW = Statement(
    lambda: Lifecycle.objects.filter(
        version=Parameter("version"), valid_to__isnull=True
    ).values_list("state", flat=True)
)


def state_of(version: AssetVersion, *, at: datetime | None = None) -> str:
    """Return what ``version`` is now, or was at a time: active, deprecated, archived, withdrawn."""
    if at is None:
        return STATE_NOW.first(version=version.pk) or ACTIVE
    states = version.lifecycle.as_of(at).values_list("state", flat=True)
    return states.first() or ACTIVE


def standing_at(version: AssetVersion, at: datetime | None) -> Lifecycle | None:
    """Return the fact of the state that ``version`` was in at a time, or is in now; None for an
    active one."""
    facts = version.lifecycle.as_of(at).select_related(*RELATED)
    return facts.first()


def with_standing(versions: QuerySet[AssetVersion]) -> QuerySet[AssetVersion]:
    """Return ``versions`` with the state that each is in (``open_lifecycle``, a list of one or
    none), at the cost of one query for all."""
    facts = Lifecycle.objects.filter(valid_to__isnull=True).select_related(*RELATED)
    return versions.prefetch_related(Prefetch("lifecycle", facts, to_attr="open_lifecycle"))


def standing_of(version: AssetVersion) -> Lifecycle | None:
    """Return the fact of the present state; asked once per row, never with ``with_standing``."""
    known: list[Lifecycle] | None = getattr(version, "open_lifecycle", None)
    if known is None:
        fact = standing_at(version, None)
        known = [fact] if fact else []
        vars(version)["open_lifecycle"] = known
    return known[0] if known else None


def open_states(version_ids: Collection[int]) -> dict[int, Lifecycle]:
    """Return the standing states of those of the versions that are not active, in one query."""
    rows = Lifecycle.objects.filter(version__in=version_ids, valid_to__isnull=True)
    related = rows.select_related("replacement__asset__workspace")
    return {row.version_id: row for row in related}


def in_state(state: str, *, version: str = "pk") -> Exists:
    """Return the condition that the row's version, at ``version``, is in that state now."""
    return Exists(
        Lifecycle.objects.filter(version=OuterRef(version), state=state, valid_to__isnull=True)
    )


def require_linkable(links: Sequence[tuple[str, AssetVersion]], *, field: str = "links") -> None:
    """Raise InvalidInput if a version that is to be linked is withdrawn or deleted now.

    Withdrawing and deleting lock the version, which writing a link to it waits for: asked after
    the links were written, in their transaction, this sees whichever came first.
    """
    targets = {target.pk for _, target in links}
    if not targets:
        return
    of_targets = Lifecycle.objects.filter(version__in=targets, valid_to__isnull=True)
    withdrawn = set(of_targets.filter(state=WITHDRAWN).values_list("version_id", flat=True))
    tombstones = Tombstone.objects.filter(version__in=targets)
    deleted = set(tombstones.values_list("version_id", flat=True))
    errors = [
        FieldError(
            f"{field}[{index}].to",
            f"{str(reference_of(target))!r} "
            + ("was deleted" if target.pk in deleted else "is withdrawn"),
        )
        for index, (_, target) in enumerate(links)
        if target.pk in deleted or target.pk in withdrawn
    ]
    if errors:
        raise InvalidInput(f"{errors[0].field}: {errors[0].reason}", errors=errors)
