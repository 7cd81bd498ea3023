"""The engine of this process: an OPA server where one is configured, else the embedded one."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from policies.engines.base import Engine

_lock = threading.Lock()
_engines: dict[tuple[str, str, str, int], Engine] = {}


def engine() -> Engine:
    """Return the engine that the settings name, started when first asked for.

    One for the whole process: it holds child processes or connections. Raises EngineUnavailable.
    """
    wanted = (
        settings.OPA_URL,
        settings.OPA_TOKEN,
        settings.OPA_CA,
        settings.POLICY_TIMEOUT_SECONDS,
    )
    with _lock:
        if wanted not in _engines:
            _engines[wanted] = _start(*wanted)
        return _engines[wanted]


def _start(url: str, token: str, ca_file: str, seconds: int) -> Engine:
    if url:
        from policies.engines.opa import OpaEngine  # the embedded profile never loads requests

        return OpaEngine(url, token=token, ca_file=Path(ca_file) if ca_file else None)
    from policies.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(policy_seconds=seconds)
