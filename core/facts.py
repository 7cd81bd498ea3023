"""Facts with validity: written once, ended once, never changed, so that T's answer stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime


def valid_at(moment: datetime, *, prefix: str = "") -> Q:
    """Return the condition "valid at ``moment``"; ``prefix`` leads over a relation.

    Validity is half-open: a fact holds from ``valid_from`` until just before ``valid_to``.
    """
    return Q(**{f"{prefix}valid_from__lte": moment}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": moment})
    )


_FactT = TypeVar("_FactT", bound="Fact")


class FactQuerySet(models.QuerySet[_FactT]):
    """Reads facts as of a time."""

    def as_of(self, moment: datetime | None) -> Self:
        """Return the facts valid at ``moment``, or those that hold now."""
        return self.filter(valid_at(moment) if moment else Q(valid_to__isnull=True))


class Fact(models.Model):
    """Abstract base. Guard the table with ``GuardRows(model, once=("valid_to",))``."""

    valid_from = models.DateTimeField(default=timezone.now)
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
        ]


def end(facts: models.QuerySet[_FactT], *, at: datetime) -> int:
    """End the facts that still hold; return how many. A fact ends once.

    A clock that was set back must not end a fact before it began.
    """
    ending = Greatest(Value(at, output_field=models.DateTimeField()), F("valid_from"))
    return facts.filter(valid_to__isnull=True).update(valid_to=ending)
