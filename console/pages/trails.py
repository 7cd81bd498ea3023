"""The way from a thing to what the trail tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.actors import Actor


def trail_in(actor: Actor, place: int, **asked: object) -> str:
    """Return the trail of a thing of one workspace (by id), by a filter of the trail's page; empty
    where the actor may not read it."""
    return _address(asked) if access.allows(actor, Permission.VIEW_TRAIL, place) else ""


def readable(actor: Actor, places: Iterable[int]) -> frozenset[int]:
    """Return those of the workspaces (by id) whose trail the actor may read."""
    return frozenset(each for each in places if access.allows(actor, Permission.VIEW_TRAIL, each))


def trail_across(actor: Actor, **asked: object) -> str:
    """Return the trail of a thing that concerns several workspaces; empty where the actor may read
    the trail of none. The page shows the entries of those alone that may be read."""
    if access.administers_organisation(actor):
        return _address(asked)
    reach = access.visible_workspaces(actor, permission=Permission.VIEW_TRAIL)
    return _address(asked) if reach.exists() else ""


def trail_of_organisation(actor: Actor, **asked: object) -> str:
    """Return the trail of what belongs to no workspace; empty but for its administrators."""
    return _address(asked) if access.administers_organisation(actor) else ""


def _address(asked: dict[str, object]) -> str:
    return f"{reverse('admin:console_trail')}?{urlencode(asked)}"
