"""The engine of this process: an OPA server where one is configured, else the embedded one."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from policies.engines.base import EngineUnavailable
from policies.engines.opa_eval import OpaEvalEngine

if TYPE_CHECKING:
    from policies.engines.base import Engine
    from policies.engines.traces import Tracer

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


def engines_at_hand() -> list[Engine]:
    """Return every engine that can be asked for a second opinion: that of the settings, and the
    OPA command line where it is on this machine. None of them may answer."""
    found: list[Engine] = []
    for find in (engine, OpaEvalEngine):
        with suppress(EngineUnavailable):
            found.append(find())
    return found


def tracers_at_hand() -> list[Tracer]:
    """Return the engines of this machine that tell what a policy prints: never a server, which
    would keep a text that nobody reviewed. Empty where there is neither regopy nor OPA."""
    found: list[Tracer] = []
    for find in (_local, OpaEvalEngine):
        with suppress(EngineUnavailable):
            found.append(find())
    return found


def _local() -> Tracer:
    from policies.engines.embedded import EmbeddedEngine

    wanted = ("", "", "", settings.POLICY_TIMEOUT_SECONDS)
    with _lock:
        local = _engines.get(wanted) or _start(*wanted)
        _engines[wanted] = local
    assert isinstance(local, EmbeddedEngine)  # without an address there is no other
    return local


def _start(url: str, token: str, ca_file: str, seconds: int) -> Engine:
    if url:
        from policies.engines.opa import OpaEngine  # the embedded profile never loads requests

        return OpaEngine(url, token=token, ca_file=Path(ca_file) if ca_file else None)
    from policies.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(policy_seconds=seconds)
