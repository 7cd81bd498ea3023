"""Which events a sink is told of."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from core.errors import InvalidInput
from lineage.models import LineageEvent

if TYPE_CHECKING:
    from django.db.models import QuerySet

ANY = "*"


@dataclass(frozen=True)
class Filter:
    """What a sink's ``muniment`` object says; an empty tuple lets everything through.

    ``workspaces`` are names, ``kinds`` RUN, JOB or DATASET, ``actions`` those of the journal, also
    with a ``*`` at the end, and ``event_types`` START, RUNNING, COMPLETE, ABORT, FAIL or OTHER: an
    event without a type passes only where none is asked for.
    """

    workspaces: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    event_types: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Any, *, setting: str) -> Self:
        """Return the filter that a JSON value describes; raises InvalidInput of ``setting``."""
        names = [field.name for field in fields(cls)]
        if not isinstance(told, dict) or (unknown := set(told) - set(names)):
            known = ", ".join(names)
            what = f"has {', '.join(sorted(unknown))}" if isinstance(told, dict) else "is no object"
            raise InvalidInput.of(setting, f'"muniment" {what}; it may have {known}')
        for name, words in told.items():
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise InvalidInput.of(setting, f'"muniment": {name} must be a list of strings')
        if wrong := set(told.get("kinds", ())) - set(LineageEvent.Kind.values):
            known = ", ".join(LineageEvent.Kind.values)
            raise InvalidInput.of(setting, f'"muniment": kinds has {wrong}, not of {known}')
        return cls(**{name: tuple(words) for name, words in told.items()})

    def told(self) -> dict[str, list[str]]:
        """Return the filter as it is configured, without what is empty."""
        found = {field.name: list(getattr(self, field.name)) for field in fields(self)}
        return {name: words for name, words in found.items() if words}

    def matching(self) -> QuerySet[LineageEvent]:
        """Return the events that pass."""
        exact = {
            "workspace__slug__in": self.workspaces,
            "kind__in": self.kinds,
            "event_type__in": self.event_types,
        }
        found = LineageEvent.objects.filter(**{key: each for key, each in exact.items() if each})
        return found.filter(reduce(or_, map(_action, self.actions))) if self.actions else found


def _action(word: str) -> Q:
    if word.endswith(ANY):
        return Q(action__startswith=word.removesuffix(ANY))
    return Q(action=word)
