"""MLflow's wire format: arguments in, JSON and error bodies out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.http import HttpResponse

from core.errors import (
    AccessDenied,
    AuthenticationRequired,
    Conflict,
    DomainError,
    InvalidInput,
    NotFound,
    Refused,
    TooLarge,
    Unavailable,
)
from core.http.parsers import loads, require_clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

JSON = "application/json"
WHOLE = re.compile(r"-?[0-9]{1,18}\Z")
MAX_VERSION = 2**31 - 1
MAX_KEY = 250
MAX_VALUE = 100_000
MAX_TAGS = 1_000
MAX_REASON = 4_000
# MLflow's code and HTTP status for each of our failures; the first class that fits counts.
CODES: tuple[tuple[type[DomainError], str, int], ...] = (
    (InvalidInput, "INVALID_PARAMETER_VALUE", 400),
    (AuthenticationRequired, "UNAUTHENTICATED", 401),
    (AccessDenied, "PERMISSION_DENIED", 403),
    (Refused, "PERMISSION_DENIED", 403),
    (NotFound, "RESOURCE_DOES_NOT_EXIST", 404),
    (Conflict, "RESOURCE_CONFLICT", 409),
    (TooLarge, "BAD_REQUEST", 413),
    (Unavailable, "TEMPORARILY_UNAVAILABLE", 503),
)


class WireError(DomainError):
    """A failure with the code, status and words that MLflow's clients know it by."""

    def __init__(self, code: str, status: int, message: str, *, cause: DomainError | None = None):
        super().__init__(message, denial=cause.denial if cause else None)
        self.code = code
        self.status = status


def missing(message: str, *, cause: DomainError | None = None) -> WireError:
    """Return the failure for a thing that is not there, or not for the caller to see."""
    return WireError("RESOURCE_DOES_NOT_EXIST", 404, message, cause=cause)


def existing(message: str, *, cause: DomainError | None = None) -> WireError:
    """Return the failure for a name that is taken."""
    return WireError("RESOURCE_ALREADY_EXISTS", 400, message, cause=cause)


def answer(content: Any, *, status: int = 200) -> HttpResponse:
    """Return ``content`` as JSON."""
    return HttpResponse(msgspec.json.encode(content), content_type=JSON, status=status)


def failure(error: DomainError) -> HttpResponse:
    """Return MLflow's error body for ``error``."""
    if isinstance(error, WireError):
        code, status = error.code, error.status
    else:
        code, status = next(
            ((code, status) for kind, code, status in CODES if isinstance(error, kind)),
            ("BAD_REQUEST", error.status),
        )
    response = answer({"error_code": code, "message": error.detail}, status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer, Basic realm="mlflow", charset="UTF-8"'
    return response


class Arguments:
    """What a caller sent: the query of a GET, else the JSON body."""

    def __init__(self, request: HttpRequest) -> None:
        self._query = request.GET if request.method == "GET" else None
        self._body: Mapping[str, Any] = {} if request.method == "GET" else _body(request)

    def _value(self, name: str) -> Any:
        return self._body.get(name) if self._query is None else self._query.get(name)

    def has(self, name: str) -> bool:
        """Tell whether the caller sent it."""
        return self._value(name) is not None

    def text(self, name: str, *, is_required: bool = False, limit: int = MAX_VALUE) -> str:
        """Return a text, empty where it is absent; raises InvalidInput."""
        value = self._value(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise _wrong(name, value, "must be a string")
        if self._query is not None:
            require_clean(value, name)
        if is_required and not value.strip():
            raise InvalidInput(
                f"Missing value for required parameter '{name}'. "
                "See the API docs for more information about request parameters."
            )
        if len(value) > limit:
            raise InvalidInput.of(name, f"is longer than {limit} characters")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a text, None where it is absent."""
        return None if self._value(name) is None else self.text(name)

    def texts(self, name: str) -> Sequence[str]:
        """Return a list of texts, empty where it is absent."""
        if self._query is not None:
            found: Any = self._query.getlist(name)
            require_clean(found, name)
        else:
            found = self._body.get(name) or []
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise _wrong(name, found, "must be a list of strings")
        return found

    def number(self, name: str, *, default: int, most: int) -> int:
        """Return a whole number from 1 to ``most``."""
        value = self._value(name)
        if value is None:
            return default
        if isinstance(value, str) and WHOLE.match(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong(name, value, "must be a whole number")
        if value < 1:
            raise _wrong(name, value, "It must be a positive integer")
        if value > most:
            raise _wrong(name, value, f"It must be at most {most}")
        return value

    def version(self) -> int:
        """Return the number in ``version``, which clients send as a text."""
        value = self._value("version")
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value:
            return int(self.text("version", is_required=True))
        if not WHOLE.match(value) or abs(int(value)) > MAX_VERSION:
            raise _wrong("version", value, "must be an integer")
        return int(value)

    def flag(self, name: str) -> bool:
        """Return a truth value, false where it is absent."""
        value = self._value(name)
        if isinstance(value, bool) or value is None:
            return bool(value)
        raise _wrong(name, value, "must be true or false")

    def tags(self) -> dict[str, str]:
        """Return ``tags``, a list of keys and values; of equal keys the last counts."""
        found = self._body.get("tags") or []
        if not isinstance(found, list) or len(found) > MAX_TAGS:
            raise InvalidInput.of("tags", f"must be a list of at most {MAX_TAGS} tags")
        return dict(_tag(item, f"tags[{index}]") for index, item in enumerate(found))

    def tag_key(self) -> str:
        """Return the key of a tag."""
        return self.text("key", is_required=True, limit=MAX_KEY)


def _tag(item: Any, path: str) -> tuple[str, str]:
    if not isinstance(item, dict):
        raise InvalidInput.of(path, "must be an object with key and value")
    key, value = item.get("key"), item.get("value", "")
    if not isinstance(key, str) or not key or len(key) > MAX_KEY:
        raise InvalidInput.of(f"{path}.key", f"must be a string of 1 to {MAX_KEY} characters")
    if not isinstance(value, str) or len(value) > MAX_VALUE:
        raise InvalidInput.of(f"{path}.value", f"must be a string of at most {MAX_VALUE}")
    return key, value


def _wrong(name: str, value: Any, reason: str) -> InvalidInput:
    return InvalidInput(f"Invalid value {str(value)[:100]!r} for parameter '{name}': {reason}.")


def _body(request: HttpRequest) -> Mapping[str, Any]:
    """Return the JSON object of the body, empty for an empty body."""
    limit: int = settings.MAX_BODY_BYTES
    raw = request.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(f"The body is over the limit of {limit} bytes.")
    found = loads(raw) if raw.strip() else {}
    if not isinstance(found, dict):
        raise InvalidInput("The body must be a JSON object.")
    return found
