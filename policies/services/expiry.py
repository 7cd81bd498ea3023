"""Warn of exemptions and attestations before they expire."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from policies.events import AttestationExpiring, ExemptionExpiring
from policies.models import Attestation, Exemption, ExpiryWarning
from policies.queries.assignments import RELATED
from policies.services.attestations import publish_attestation
from policies.services.exemptions import publish_exemption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    from core.actors import Actor

OF_BOTH = ("workspace", "resource", "owner", *(f"assignment__{name}" for name in RELATED))


def thresholds() -> list[int]:
    """Return how many days before the end there is a warning, the nearest first."""
    return sorted({int(days) for days in settings.EXPIRY_WARNING_DAYS})


def warn(*, actor: Actor, progress: Callable[[int], None] = lambda _: None) -> int:
    """Journal a warning for each exemption and attestation that counts and is about to expire,
    once for each threshold; return how many warnings that were.

    Where several thresholds have been passed at once, only the nearest is told.
    """
    told = 0
    granted = Exemption.objects.filter(approved_at__isnull=False).select_related("requested_by")
    for exemption, days in _due(granted, "exemption"):
        with transaction.atomic():
            if _is_first(days, exemption=exemption):
                publish_exemption(ExemptionExpiring, exemption, actor=actor, reason="", days=days)
                told += 1
        progress(told)
    for attestation, days in _due(Attestation.objects.all(), "attestation"):
        with transaction.atomic():
            if _is_first(days, attestation=attestation):
                publish_attestation(
                    AttestationExpiring, attestation, actor=actor, reason="", days=days
                )
                told += 1
        progress(told)
    return told


def _due(rows: QuerySet[Any], name: str) -> Iterator[tuple[Any, int]]:
    """Yield what is to be warned of with the threshold that it has passed."""
    now = timezone.now()
    beyond = now
    for days in thresholds():
        until = now + timedelta(days=days)
        # What was warned of at this threshold or a nearer one needs no further word.
        warned = ExpiryWarning.objects.filter(days__lte=days, **{f"{name}__isnull": False})
        due = (
            rows.filter(
                valid_to__isnull=True,
                expires_at__gt=beyond,
                expires_at__lte=until,
                assignment__valid_to__isnull=True,
            )
            .exclude(pk__in=warned.values(name))
            .select_related(*OF_BOTH)
            .order_by("expires_at", "pk")
        )
        yield from ((row, days) for row in list(due))
        beyond = until


def _is_first(days: int, **about: Exemption | Attestation) -> bool:
    """Note the warning; tell whether nobody else has noted it just now."""
    try:
        with transaction.atomic():
            ExpiryWarning.objects.create(days=days, **about)
    except IntegrityError:
        return False
    return True
