"""Which workspace a request of an MLflow client is about."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import connection

from core.errors import Denial, InvalidInput
from core.references import SLUG
from registry import access
from registry.mlflow.wire import missing
from registry.models import Workspace
from registry.permissions import Permission

if TYPE_CHECKING:
    from core.actors import Actor

HEADER = "X-MLFLOW-WORKSPACE"
DEFAULT = "default"
MAX_REMEMBERED = 10_000
NIL = UUID(int=0)


class Place(NamedTuple):
    """A workspace: its slug and ids never change."""

    pk: int
    uuid: UUID
    slug: str


NOWHERE = Place(0, NIL, "")


class _Memory:
    """A bounded map; forgets what was read in a transaction, which may roll back."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Any, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any) -> Any:
        with self._lock:
            return self._rows.get(key)

    def put(self, key: Any, value: Any) -> None:
        if connection.in_atomic_block:
            return
        with self._lock:
            self._rows[key] = value
            if len(self._rows) > MAX_REMEMBERED:
                self._rows.popitem(last=False)


_places = _Memory()
_defaults = _Memory()


def chosen(actor: Actor, header: str) -> Place:
    """Return the workspace that the header names, or the caller's own where it names none.

    Without the header that is the only workspace that the caller may see, else one called
    ``default``. Raises RESOURCE_DOES_NOT_EXIST for a missing or foreign workspace alike.
    """
    slug = header or _default(actor)
    place = _place(slug)
    denial = None
    if place is not None:
        if access.allows(actor, Permission.VIEW, place.pk):
            return place
        denial = Denial(Permission.VIEW.value, place.slug, place.uuid)
    error = missing(f"Workspace '{slug[:80]}' not found")
    error.denial = denial
    raise error


def _place(slug: str) -> Place | None:
    found: Place | None = _places.get(slug)
    if found is None and SLUG.match(slug):
        row = Workspace.objects.filter(slug=slug).values_list("pk", "uuid", "slug").first()
        if row is not None:
            found = Place(*row)
            _places.put(slug, found)
    return found


def _default(actor: Actor) -> str:
    """Return the slug that stands for no header. What one may see changes with the epoch only."""
    user = actor.user.pk if actor.user else None
    key = (user, actor.workspaces, actor.scopes, actor.access_epoch)
    slug: str | None = _defaults.get(key)
    if slug is None:
        visible = access.visible_workspaces(actor)
        some = list(visible.order_by("id").values_list("slug", flat=True)[:2])
        if len(some) == 1:
            slug = some[0]
        elif visible.filter(slug=DEFAULT).exists():
            slug = DEFAULT
        else:
            raise InvalidInput(
                f"The header {HEADER} is needed: you see several workspaces, or none, and none is "
                f"called '{DEFAULT}'. Set MLFLOW_WORKSPACE or call mlflow.set_workspace()."
            )
        _defaults.put(key, slug)
    return slug
