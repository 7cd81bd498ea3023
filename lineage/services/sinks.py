"""Where events go: the sinks that settings.OPENLINEAGE_TRANSPORT configures."""

from __future__ import annotations

import copy
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openlineage.client.transport import Transport

SETTING = "MUNIMENT_OPENLINEAGE_TRANSPORT"
DEFAULT = "default"
ENVIRONMENT_PREFIX = "OPENLINEAGE_"
# What a server answers when the event itself is wrong, so that trying again cannot help.
REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


@dataclass(frozen=True)
class Destination:
    """A sink's name, and its configuration for openlineage-python's transport factory."""

    name: str
    config: Mapping[str, Any]

    def connect(self) -> Transport:
        """Return a new transport; raises whatever the factory raises for a bad configuration."""
        from openlineage.client.transport import get_default_factory

        with _no_foreign_environment():
            return get_default_factory().create(copy.deepcopy(dict(self.config)))


def configured() -> tuple[Destination, ...]:
    """Return the sinks; raises InvalidInput that says what is wrong with the setting.

    Each part of a composite transport is a sink of its own, with its own cursor, so that one
    that is away neither holds up the others nor misses anything. A composite that stops at the
    first success stays one sink.
    """
    config = _parsed(settings.OPENLINEAGE_TRANSPORT)
    if config["type"] != "composite" or config.get("continue_on_success", True) is False:
        return (Destination(DEFAULT, _with_defaults(config)),)
    parts = config.get("transports")
    if isinstance(parts, list):
        parts = {
            str(part.get("name", index)) if isinstance(part, dict) else str(index): part
            for index, part in enumerate(parts)
        }
    if not isinstance(parts, dict) or not parts:
        raise InvalidInput.of(SETTING, "a composite transport needs transports")
    return tuple(Destination(name, _with_defaults(_checked(part))) for name, part in parts.items())


def destination(name: str) -> Destination | None:
    """Return the configured sink of that name, if there is one now."""
    return next((sink for sink in configured() if sink.name == name), None)


def is_refusal(error: Exception) -> bool:
    """Tell whether ``error`` says that the sink will never take this very event."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status in REFUSALS


def _parsed(text: str) -> dict[str, Any]:
    if not text:
        path = str(settings.DATA_DIR / "lineage.ndjson")
        return {"type": "file", "log_file_path": path, "append": True}
    try:
        return _checked(json.loads(text))
    except ValueError as error:
        raise InvalidInput.of(SETTING, f"is not JSON: {error}") from error


def _checked(config: Any) -> dict[str, Any]:
    if not isinstance(config, dict) or not isinstance(config.get("type"), str):
        raise InvalidInput.of(SETTING, 'must be an object with a "type", as {"type": "http", …}')
    if config["type"] == "async_http":
        reason = "async_http does not tell whether an event arrived; use http"
        raise InvalidInput.of(SETTING, reason)
    return config


def _with_defaults(config: dict[str, Any]) -> dict[str, Any]:
    """Leave waiting to the sink's back-off: inside the transport it would hold the worker."""
    return {"retry": {"total": 0}, **config} if config["type"] == "http" else config


@contextmanager
def _no_foreign_environment() -> Iterator[None]:
    """Hide OPENLINEAGE_* variables, which are for other programs: OPENLINEAGE_DISABLED would
    make the factory return a transport that drops everything and says it was sent."""
    hidden = {key: os.environ.pop(key) for key in [*os.environ] if _is_foreign(key)}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _is_foreign(key: str) -> bool:
    return key.startswith(ENVIRONMENT_PREFIX)
