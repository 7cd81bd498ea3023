"""``python -m policies.engines.replay FILE``: hold an exported decision against an engine of today.

The export (`GET /api/policies/decisions/{uuid}/export/`) carries all that the answer depends on:
the policy's text, the very bytes of the input, and what was answered. Neither Django nor a
database is needed, and nothing but the file is read.

Exit codes: 0 the answer is the same, 1 it differs (and how), 2 the file cannot be used: it is
damaged, was changed, or no engine answers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.engines.base import (
    Bundle,
    Engine,
    EngineError,
    Finding,
    Module,
    Outcome,
    sha256_digest,
)

FORMAT = "muniment.decision/v1"
ENGINES = ("embedded", "opa-cli", "opa-server")
SAME, DIFFERS, UNUSABLE = 0, 1, 2
SECONDS = 30.0
MAX_BYTES = 64 * 1024 * 1024


class Unusable(ValueError):
    """The export cannot be replayed; the text says what is wrong with it."""


@dataclass(frozen=True)
class Exported:
    """A decision as its export tells it, held against its own digests."""

    decision: str
    module: Module
    input_json: str
    expected: tuple[str, tuple[Finding, ...]]
    engine: str
    engine_version: str


@dataclass(frozen=True)
class Replayed:
    """What an engine of today says about an exported decision."""

    exported: Exported
    outcome: Outcome

    @property
    def is_same(self) -> bool:
        """Tell whether state and findings are those that were exported."""
        return (self.outcome.state.value, self.outcome.findings) == self.exported.expected

    def differences(self) -> list[str]:
        """Return what differs, in words."""
        state, findings = self.exported.expected
        found: list[str] = []
        if self.outcome.state.value != state:
            why = f" ({self.outcome.error})" if self.outcome.error else ""
            found.append(f"state: was {state}, is {self.outcome.state.value}{why}")
        now = set(self.outcome.findings)
        found += [
            f"no longer found: {each.path}: {each.msg}" for each in sorted(set(findings) - now)
        ]
        found += [f"newly found: {each.path}: {each.msg}" for each in sorted(now - set(findings))]
        return found


def export_digest(document: Mapping[str, Any]) -> str:
    """Return the digest of an export, over everything in it but the digest itself."""
    rest = {key: value for key, value in document.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def read_export(text: str | bytes) -> Exported:
    """Return the decision in an export; raises Unusable where it is none, or was changed."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise Unusable(f"the format is {document['format']!r}, not {FORMAT}")
        if document["digest"] != export_digest(document):
            raise Unusable("the file was changed: its digest does not cover what it holds")
        policy, given, told = document["policy"], document["input"], document["answer"]
        module = Module(policy["path"], policy["source"])
        _require(module.digest, policy["digest"], "the policy's text")
        _require(sha256_digest(given["text"].encode()), given["digest"], "the input")
        if json.loads(given["text"]).get("parameters") != document["parameters"]:
            raise Unusable("the parameters are not those of the input")
        findings = tuple(sorted(Finding(each["path"], each["msg"]) for each in told["findings"]))
        return Exported(
            decision=str(document["decision"]),
            module=module,
            input_json=given["text"],
            expected=(str(told["state"]), findings),
            engine=str(told["engine"]),
            engine_version=str(told["engine_version"]),
        )
    except Unusable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, EngineError) as error:
        raise Unusable(f"it is no exported decision: {type(error).__name__}: {error}") from error


def replay(exported: Exported, engine: Engine, *, deadline: float = SECONDS) -> Replayed:
    """Evaluate an exported decision again; raises `EngineError` where the engine cannot."""
    package = exported.module.package
    outcomes = engine.evaluate(
        Bundle((exported.module,)),
        packages=[package],
        input_json=exported.input_json,
        deadline=deadline,
    )
    return Replayed(exported, outcomes[package])


def engine_called(name: str, *, url: str = "", token: str = "") -> Engine:
    """Return the engine; raises `EngineUnavailable`. Engines load their libraries only here."""
    if name == "opa-server":
        from policies.engines.opa import OpaEngine

        return OpaEngine(url, token=token)
    if name == "opa-cli":
        from policies.engines.opa_eval import OpaEvalEngine

        return OpaEvalEngine()
    from policies.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(workers=1, policy_seconds=SECONDS)


def told(replayed: Replayed) -> dict[str, Any]:
    """Return the result as JSON tells it."""
    exported, outcome = replayed.exported, replayed.outcome
    return {
        "decision": exported.decision,
        "is_same": replayed.is_same,
        "differences": replayed.differences(),
        "policy_digest": exported.module.digest,
        "then": {
            "state": exported.expected[0],
            "engine": exported.engine,
            "engine_version": exported.engine_version,
        },
        "now": {
            "state": outcome.state.value,
            "engine": outcome.engine,
            "engine_version": outcome.engine_version,
            "duration_us": outcome.duration_us,
        },
    }


def lines(replayed: Replayed) -> list[str]:
    """Return the result as lines for people."""
    result = told(replayed)
    then, now = result["then"], result["now"]
    head = "same" if replayed.is_same else "differs"
    return [
        f"{head}: decision {result['decision']}, policy {result['policy_digest']}",
        f"then {then['state']} ({then['engine']} {then['engine_version']}), "
        f"now {now['state']} ({now['engine']} {now['engine_version']})",
        *replayed.differences(),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay the file that the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m policies.engines.replay", description=__doc__)
    parser.add_argument("file", type=Path, help="the export, or - to read it from stdin")
    parser.add_argument("--engine", choices=ENGINES, default="embedded")
    parser.add_argument("--url", default="", help="the OPA server; its token is MUNIMENT_OPA_TOKEN")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    given = parser.parse_args(arguments)
    try:
        text = _content(given.file)
        token = os.environ.get("MUNIMENT_OPA_TOKEN", "")
        with closing(engine_called(given.engine, url=given.url, token=token)) as engine:
            result = replay(read_export(text), engine)
    except (OSError, Unusable, EngineError) as error:
        sys.stderr.write(f"unusable: {error}\n")
        return UNUSABLE
    shown = [json.dumps(told(result), indent=2)] if given.json else lines(result)
    sys.stdout.write("\n".join([*shown, ""]))
    return SAME if result.is_same else DIFFERS


def _content(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(MAX_BYTES)
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES)


def _require(found: str, claimed: object, noun: str) -> None:
    if found != claimed:
        raise Unusable(f"{noun} was changed: it has the digest {found}, not {claimed}")


if __name__ == "__main__":
    sys.exit(main())
