"""What a service raises. ``core.http.problems`` maps each to one RFC 9457 problem document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with an input: ``field`` is a path such as ``links[0].to``."""

    field: str
    reason: str


@dataclass(frozen=True)
class Denial:
    """What was refused to whom, so that the boundary can journal it after the rollback."""

    permission: str
    subject: str
    workspace: uuid.UUID | None


class DomainError(Exception):
    """Base of every expected failure.

    ``status`` is the HTTP status, ``slug`` the last part of the problem's type URI, ``extra``
    additional members of the problem document. ``denial`` is set where access was refused; it is
    journalled and never answered.
    """

    status: int = 400
    slug: str = "error"
    title: str = "The request failed"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
        denial: Denial | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.extra = dict(extra or {})
        self.denial = denial


class InvalidInput(DomainError):
    """The input can never be accepted as it is."""

    status = 400
    slug = "invalid-input"
    title = "The input is not valid"

    @classmethod
    def of(cls, field: str, reason: str, *, denial: Denial | None = None) -> InvalidInput:
        """Return the error for one wrong field."""
        return cls(f"{field}: {reason}", errors=[FieldError(field, reason)], denial=denial)


class AuthenticationRequired(DomainError):
    """Nobody is logged in, or the credential is unknown, expired or revoked."""

    status = 401
    slug = "authentication-required"
    title = "Authentication is required"


class AccessDenied(DomainError):
    """The caller may see the workspace, but lacks the right for this verb."""

    status = 403
    slug = "access-denied"
    title = "Access is denied"


class NotFound(DomainError):
    """No such thing, or none that the caller may see: the two are answered alike."""

    status = 404
    slug = "not-found"
    title = "Not found"

    def __init__(self, *, denial: Denial | None = None) -> None:
        super().__init__("There is no such object.", denial=denial)


class Gone(DomainError):
    """It was deleted; ``extra`` holds what it left, for those who could see it."""

    status = 410
    slug = "gone"
    title = "It was deleted"


class Conflict(DomainError):
    """The state of the object does not allow the change; a fresh look may."""

    status = 409
    slug = "conflict"
    title = "The change conflicts with the current state"


class Refused(DomainError):
    """A gate refused, and the refusal is recorded as evidence."""

    status = 409
    slug = "refused"
    title = "A gate refused"


class PreconditionFailed(DomainError):
    """The object is not in the state that the caller expects."""

    status = 412
    slug = "precondition-failed"
    title = "The object changed in the meantime"


class PreconditionRequired(DomainError):
    """The change must say which state of the object it is meant for."""

    status = 428
    slug = "precondition-required"
    title = "The change needs a precondition"


class TooLarge(DomainError):
    """The input is over a size limit."""

    status = 413
    slug = "too-large"
    title = "The input is too large"


class TooManyRequests(DomainError):
    """The caller asks for costly work more often than is taken; a moment later it may again."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"


class Unavailable(DomainError):
    """A part that the answer needs cannot be reached; trying again later may work."""

    status = 503
    slug = "unavailable"
    title = "Temporarily unavailable"
