"""A workspace with models in it, as the pages of the catalogue find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import factories
from tests.registry.catalogue.following import MODEL

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.models import AssetVersion, Workspace


def model(place: Workspace, author: Actor, name: str, **spec: Any) -> AssetVersion:
    """A model version of that name; ``spec`` is other than the common one."""
    return factories.make_version(place, "model", {**MODEL, **spec}, name=name, actor=author)
