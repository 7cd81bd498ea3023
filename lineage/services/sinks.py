"""Where events go: the sinks that settings.OPENLINEAGE_TRANSPORT configures."""

from __future__ import annotations

import copy
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.errors import InvalidInput
from lineage.services.channels import BatchChannel, TransportChannel
from lineage.services.filters import Filter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lineage.services.channels import Channel

SETTING = "MUNIMENT_OPENLINEAGE_TRANSPORT"
DEFAULT = "default"
ENVIRONMENT_PREFIX = "OPENLINEAGE_"
OWN_KEY = "muniment"
BATCH = "muniment_batch"
# Transports that need a package which is not part of this service.
KAFKA = frozenset({"kafka", "msk_iam"})
CONFIRMED_KAFKA = "lineage.services.kafka.ConfirmedKafkaTransport"


@dataclass(frozen=True)
class Destination:
    """A sink's name, its configuration for a channel, and which events it is told of."""

    name: str
    config: Mapping[str, Any]
    filter: Filter

    @property
    def type(self) -> str:
        """Return the type of its transport; all else of the configuration may be secret."""
        return str(self.config["type"])

    def connect(self) -> Channel:
        """Return a new channel; raises whatever is raised for a bad configuration."""
        config = copy.deepcopy(dict(self.config))
        if self.type == BATCH:
            return BatchChannel.of({k: v for k, v in config.items() if k not in ("type", "name")})
        from openlineage.client.transport import get_default_factory

        if self.type == "kafka":
            config["type"] = CONFIRMED_KAFKA
        with _no_foreign_environment():
            return TransportChannel(get_default_factory().create(config))


def configured() -> tuple[Destination, ...]:
    """Return the sinks; raises InvalidInput that says what is wrong with the setting.

    Each part of a composite transport is a sink of its own, with its own cursor, so that one
    that is away neither holds up the others nor misses anything. A composite that stops at the
    first success stays one sink.
    """
    config = _parsed(settings.OPENLINEAGE_TRANSPORT)
    if config["type"] != "composite" or config.get("continue_on_success", True) is False:
        return (_destination(DEFAULT, config),)
    parts = config.get("transports")
    if isinstance(parts, list):
        parts = {
            str(part.get("name", index)) if isinstance(part, dict) else str(index): part
            for index, part in enumerate(parts)
        }
    if not isinstance(parts, dict) or not parts:
        raise InvalidInput.of(SETTING, "a composite transport needs transports")
    shared = config.get(OWN_KEY, {})
    return tuple(
        _destination(name, {OWN_KEY: shared, **_checked(part)}) for name, part in parts.items()
    )


def destination(name: str) -> Destination | None:
    """Return the configured sink of that name, if there is one now."""
    return next((sink for sink in configured() if sink.name == name), None)


def _destination(name: str, config: dict[str, Any]) -> Destination:
    """Return the sink; what is ours is taken out before openlineage-python sees the rest."""
    ours = Filter.of(config.get(OWN_KEY, {}), setting=SETTING)
    rest = {key: value for key, value in config.items() if key != OWN_KEY}
    return Destination(name, _with_defaults(rest), ours)


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
    if config["type"] in KAFKA and find_spec("confluent_kafka") is None:
        reason = (
            f"{config['type']} needs the package confluent-kafka, which does not come with this"
            " service: install openlineage-python[kafka] into its environment"
        )
        raise InvalidInput.of(SETTING, reason)
    if config["type"] == BATCH and not isinstance(config.get("url"), str):
        raise InvalidInput.of(SETTING, f'{BATCH} needs the "url" of a server')
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
