"""What the OPA of this machine may do while it reads Rego that somebody wrote: compute.

OPA resolves ``$ref`` of JSON Schemas, in METADATA and in the arguments of `json.match_schema`, from
any address: compiling a text would be a request into the network of this service. The lint
refuses what it knows of; these capabilities hold for tests of policies too, which it does not read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from policies.engines.base import EngineUnavailable

REACHING = frozenset(
    {
        "http.send",
        "json.match_schema",
        "json.verify_schema",
        "net.lookup_ip_addr",
        "opa.runtime",
    }
)
_known: dict[tuple[Path, str], str] = {}


def confined(
    binary: Path, version: str, *, run: Callable[[list[str]], CompletedProcess[str]]
) -> str:
    """Return the JSON of the binary's own capabilities without those that reach out; asked once
    for each binary and version, with ``run``. Raises EngineUnavailable."""
    key = (binary, version)
    if key not in _known:
        reply = run(["capabilities", "--current"])
        try:
            told: dict[str, Any] = json.loads(reply.stdout)
            builtins = [each for each in told["builtins"] if each["name"] not in REACHING]
        except (ValueError, KeyError, TypeError) as error:
            raise EngineUnavailable(f"{binary} does not tell its capabilities") from error
        _known[key] = json.dumps(told | {"builtins": builtins, "allow_net": []})
    return _known[key]
