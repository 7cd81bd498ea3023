"""Who answers for a risk, or for what is said of a control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import InvalidInput
from core.models import User
from registry.queries.people import visible_user

if TYPE_CHECKING:
    from registry.models import Workspace


def checked_owner(username: str, place: Workspace | None, *, default: User) -> User:
    """Return the account of that name: somebody who sees the workspace, or any account in use for
    the organisation; ``default`` where none is named. Raises InvalidInput."""
    if not username:
        return default
    if place is not None:
        return visible_user(username, place.pk, field="owner")
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise InvalidInput.of("owner", f"there is no account {username[:80]!r}")
    return found
