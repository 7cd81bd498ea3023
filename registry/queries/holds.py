"""What must not be let go, as those above the registry say: settings.HOLDS names whom to ask."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    # The ids of the workspaces in hold; None where everything is.
    Held = Collection[int] | None

EVERYTHING = Q(pk__isnull=False)
NOTHING = Q(pk__in=[])


@functools.cache
def _asked() -> tuple[Callable[[], Held], ...]:
    return tuple(import_string(path) for path in settings.HOLDS)


def in_hold(path: str) -> Q:
    """Return the condition that a row's workspace, at ``path``, is in hold.

    Ask in the transaction that lets go. Whoever cannot answer raises, and nothing goes.
    """
    found = NOTHING
    for ask in _asked():
        places = ask()
        if places is None:
            return EVERYTHING
        found |= Q(**{f"{path}__in": places})
    return found
