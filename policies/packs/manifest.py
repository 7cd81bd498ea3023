"""``python -m policies.packs.manifest``: check the shipped policies with OPA and write down which.

Run after a change of a policy or its tests, or of OPA. A policy whose digest is not written down
may be audited with, but never gates.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from policies.engines import lint
from policies.engines.base import Bundle, EngineError
from policies.engines.metadata import parse_metadata
from policies.engines.opa_cli import OpaCli
from policies.packs.catalog import MANIFEST, sources


class CheckFailed(EngineError):
    """A shipped policy is not fit to be shipped."""


def checked_manifest(opa: OpaCli) -> dict[str, Any]:
    """The manifest's content; raises `CheckFailed` with every problem."""
    pairs = list(sources())
    bundle = Bundle(tuple(module for module, _ in pairs))
    tests = [tests for _, tests in pairs]
    problems = [str(problem) for module in bundle.modules for problem in lint.check(module)]
    problems += [str(problem) for problem in opa.check(bundle, tests=tests).problems]
    if not problems:
        problems += [f"test failed: {name}" for name in opa.test(bundle, tests=tests).failures]
    if problems:
        raise CheckFailed("\n".join(problems))
    for module in bundle.modules:
        parse_metadata(module)
    return {
        "opa_version": opa.version,
        "policies": {
            module.path: {"policy": module.digest, "tests": test.digest} for module, test in pairs
        },
    }


def main() -> int:
    """Write the manifest; 1 when a policy fails its checks or there is no OPA."""
    try:
        content = checked_manifest(OpaCli())
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    MANIFEST.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(content['policies'])} policies checked by OPA\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
