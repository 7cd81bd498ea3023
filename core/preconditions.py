"""Changes that happen only in the state which the caller saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from core.canonical import canonical_digest
from core.errors import PreconditionFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

# The tags of the states that will do; None where any will.
Expected: TypeAlias = "frozenset[str] | None"
ANY_STATE: Final = None
TAG_LENGTH = 32


def state_tag(state: Mapping[str, Any]) -> str:
    """Return a tag that is equal for equal states: a prefix of the digest of canonical JSON."""
    return canonical_digest(state).removeprefix("sha256:")[:TAG_LENGTH]


def require_state(expected: Expected, *, actual: str) -> None:
    """Return if the state is one that the caller expects; raises PreconditionFailed.

    Call it under the lock of the change.
    """
    if expected is not None and actual not in expected:
        raise PreconditionFailed(
            "It changed since you looked; get it again, and decide anew.",
            extra={"etag": f'"{actual}"'},
        )
