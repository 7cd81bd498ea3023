"""What every Rego engine takes in and gives back: modules, bundles, outcomes, reports.

Nothing here, or anywhere in ``policies.engines``, imports Django: an engine turns bytes (a bundle
of reviewed policies, one JSON document) into outcomes and has no other effect.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cached_property
from typing import Protocol

from policies.engines.rego_tokens import RegoSyntaxError, package_clause

ENTRYPOINT = "verdict"
# Packages that mean something to OPA itself (masks of its logs, who may call it), or to what we
# put beside policies.
RESERVED = frozenset({"system", "muniment_fleet", "muniment_mounts"})
MAX_MODULE_BYTES = 256 * 1024

# Also what makes a package safe inside a URL path and inside generated Rego.
PACKAGE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*(\.[a-zA-Z_][a-zA-Z0-9_]*)*", re.ASCII)
MODULE_PATH = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_./-]*\.rego", re.ASCII)


class EngineError(Exception):
    """Base of what an engine raises; a policy's own failure is an `Outcome`, never an exception."""


class EngineUnavailable(EngineError):
    """The engine as a whole cannot answer (not installed, not reachable, closed).

    A caller that decides something on the answer must then refuse.
    """


class InvalidModule(EngineError):
    """A module or bundle that can be refused without asking any engine."""


class InvalidInput(EngineError):
    """An input document that is not one JSON object, or that engines would read differently."""


class State(StrEnum):
    """The answer of one policy for one document."""

    PASS = auto()
    FAIL = auto()
    UNKNOWN = auto()
    NOT_APPLICABLE = auto()
    ERROR = auto()


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One reason inside a verdict: where in the document (`path`, may be empty) and why."""

    path: str
    msg: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy said about one document.

    `findings` are sorted, so that equal answers of different engines compare equal. `error` is
    set exactly when `state` is `State.ERROR`. `duration_us` is wall time in microseconds.
    """

    state: State
    findings: tuple[Finding, ...] = ()
    error: str = ""
    duration_us: int = 0
    engine: str = ""
    engine_version: str = ""

    @property
    def answer(self) -> tuple[State, tuple[Finding, ...]]:
        """The part that must not depend on engine, machine or moment."""
        return self.state, self.findings


@dataclass(frozen=True)
class Module:
    """One reviewed Rego v1 source under its path, for example ``azure_ml/private_endpoint.rego``.

    Raises `InvalidModule` when the path, the size or the package clause is unusable.
    """

    path: str
    source: str

    def __post_init__(self) -> None:
        if not MODULE_PATH.fullmatch(self.path) or ".." in self.path:
            raise InvalidModule(f"{self.path!r} is not a module path like folder/name.rego")
        if "\0" in self.source:
            raise InvalidModule(f"{self.path}: the source contains a NUL character")
        try:
            size = len(self.source.encode())
        except UnicodeEncodeError as error:
            raise InvalidModule(f"{self.path}: the source is not valid Unicode") from error
        if size > MAX_MODULE_BYTES:
            raise InvalidModule(f"{self.path}: {size} bytes, at most {MAX_MODULE_BYTES} are taken")
        if not PACKAGE.fullmatch(self.package):
            raise InvalidModule(
                f"{self.path}: package {self.package!r} must be plain names joined by dots"
            )

    @cached_property
    def package(self) -> str:
        """The path of the package clause, without ``data.``."""
        try:
            return package_clause(self.source).path
        except RegoSyntaxError as error:
            raise InvalidModule(f"{self.path}:{error}") from error

    @property
    def is_reserved(self) -> bool:
        """Whether its package is one that a policy must not be in."""
        return self.package.partition(".")[0] in RESERVED

    @cached_property
    def digest(self) -> str:
        """``sha256:<hex>`` of the UTF-8 bytes of the source."""
        return sha256_digest(self.source.encode())


@dataclass(frozen=True)
class Bundle:
    """Modules that are evaluated together; each is self-contained and has its own package.

    Raises `InvalidModule` for an empty bundle and for two modules with one path or package: two
    texts under one package would silently merge into one policy.
    """

    modules: tuple[Module, ...]

    def __post_init__(self) -> None:
        if not self.modules:
            raise InvalidModule("a bundle needs at least one module")
        for noun, names in (
            ("path", [module.path for module in self.modules]),
            ("package", [module.package for module in self.modules]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise InvalidModule(f"two modules of the bundle have the {noun} {twice[0]}")

    @cached_property
    def packages(self) -> tuple[str, ...]:
        return tuple(module.package for module in self.modules)

    @cached_property
    def by_package(self) -> Mapping[str, Module]:
        return {module.package: module for module in self.modules}

    @cached_property
    def digest(self) -> str:
        """``sha256:<hex>`` over the canonical JSON list of ``[path, module digest]`` by path."""
        listing = sorted([module.path, module.digest] for module in self.modules)
        return sha256_digest(json.dumps(listing, separators=(",", ":")).encode())

    def require(self, packages: Sequence[str]) -> None:
        """Raise `InvalidModule` unless every package is one of the bundle's."""
        for package in packages:
            if package not in self.by_package:
                raise InvalidModule(f"package {package!r} is not in the bundle")


@dataclass(frozen=True, slots=True, order=True)
class CheckProblem:
    """One thing wrong with a module; `line` and `column` count from 1, 0 means the whole file."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The result of compiling without evaluating. `checked_by` names tools and versions."""

    problems: tuple[CheckProblem, ...]
    checked_by: str

    @property
    def ok(self) -> bool:
        return not self.problems


class Engine(Protocol):
    """A way to evaluate Rego. Implementations are safe to share between threads."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def evaluate(
        self, bundle: Bundle, *, packages: Sequence[str], input_json: str, deadline: float
    ) -> dict[str, Outcome]:
        """One outcome for each of `packages`, whatever happens to a single policy.

        `input_json` is the text of one JSON object. `deadline` is in seconds for the whole call;
        what is not answered by then is `State.ERROR`. Raises `InvalidInput`, `InvalidModule`
        (a package that the bundle lacks) and `EngineUnavailable`.
        """
        ...

    def evaluate_many(
        self, bundle: Bundle, *, packages: Sequence[str], inputs: Sequence[str], deadline: float
    ) -> list[dict[str, Outcome]]:
        """As `evaluate`, for each input in order; `deadline` is in seconds for each input."""
        ...

    def check(self, bundle: Bundle) -> CheckReport:
        """Compile every module of the bundle; raises `EngineUnavailable`."""
        ...

    def close(self) -> None:
        """Let go of processes and connections; later calls raise `EngineUnavailable`."""
        ...


def sha256_digest(content: bytes) -> str:
    """``sha256:<hex>`` of the bytes."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
