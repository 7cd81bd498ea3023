"""Who acts, and with which limits. An actor is always an argument, never ambient."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid

    from core.models import User


class Via(StrEnum):
    """Through which door an actor came."""

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - the name of a door, not a secret
    PASSWORD = "password"  # noqa: S105 - likewise
    COMMAND = "command"
    TASK = "task"
    SYSTEM = "system"


@dataclass(frozen=True)
class Claim:
    """The idempotency key under which a request acts: its effect is recorded under the key.

    ``fingerprint`` is the digest of the request, ``nonce`` tells this sending from every other.
    """

    key: str
    fingerprint: str
    credential: str
    nonce: uuid.UUID


@dataclass(frozen=True)
class Actor:
    """A user behind a door.

    ``workspaces`` and ``scopes`` narrow what the user's grants give: ids of workspaces and names
    of permissions, None for no narrowing. ``access_epoch`` is the epoch of grants that was read
    together with the credential. ``claim`` is the idempotency key that the request came with.
    The system itself has no user.
    """

    user: User | None
    via: Via
    credential: str = ""
    workspaces: frozenset[int] | None = None
    scopes: frozenset[str] | None = None
    request_id: str = ""
    access_epoch: int | None = None
    claim: Claim | None = None

    @property
    def is_system(self) -> bool:
        """Tell whether the service itself acts."""
        return self.user is None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the credential gives less than its user's grants."""
        return self.workspaces is not None or self.scopes is not None

    @property
    def uuid(self) -> uuid.UUID | None:
        """Return the public id of the user; None for the system."""
        return self.user.uuid if self.user else None

    @property
    def kind(self) -> str:
        """Return human, service or system."""
        return self.user.kind if self.user else "system"


def system(*, request_id: str = "") -> Actor:
    """Return the service itself as an actor: housekeeping that no person asked for."""
    return Actor(user=None, via=Via.SYSTEM, request_id=request_id)
