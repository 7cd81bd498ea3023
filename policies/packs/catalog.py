"""The policies that ship with the product, read from this folder."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.engines.base import Bundle, Module
from policies.engines.metadata import Metadata, parse_metadata

FOLDER = Path(__file__).parent
MANIFEST = FOLDER / "checked.json"
_TESTS = "_test.rego"


@dataclass(frozen=True, slots=True)
class Checked:
    """Digests of a policy and its tests as OPA compiled and ran them."""

    policy: str
    tests: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What OPA has checked, by the path of the policy, and which OPA it was."""

    opa_version: str
    policies: Mapping[str, Checked]


@dataclass(frozen=True, slots=True)
class Example:
    """A document that ships with a policy, and the state that it must get."""

    name: str
    state: str
    input: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShippedPolicy:
    """One policy with its tests. `is_checked`: OPA compiled exactly this text and passed it."""

    module: Module
    tests: Module
    metadata: Metadata
    is_checked: bool

    @property
    def pack(self) -> str:
        """The folder, for example ``azure_ml``."""
        return self.module.path.partition("/")[0]

    @property
    def name(self) -> str:
        """The file name without its ending, for example ``private_endpoint``."""
        return Path(self.module.path).stem

    @property
    def fixtures(self) -> Path:
        """The folder of its example documents, each named by the state that it must get."""
        return FOLDER / self.pack / "fixtures" / self.name

    def examples(self) -> Iterator[Example]:
        """The documents of the folder, by name."""
        for path in sorted(self.fixtures.glob("*.json")):
            document = json.loads(path.read_text(encoding="utf-8"))
            yield Example(path.stem, path.stem.partition("-")[0], document)


@functools.cache
def shipped() -> tuple[ShippedPolicy, ...]:
    """Every shipped policy, by path."""
    checked = manifest().policies
    return tuple(
        ShippedPolicy(
            module=module,
            tests=tests,
            metadata=parse_metadata(module),
            is_checked=checked.get(module.path) == Checked(module.digest, tests.digest),
        )
        for module, tests in sources()
    )


@functools.cache
def bundle() -> Bundle:
    """All shipped policies together."""
    return Bundle(tuple(policy.module for policy in shipped()))


def manifest() -> Manifest:
    """The committed result of the last check by OPA."""
    stored = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return Manifest(
        stored["opa_version"],
        {path: Checked(**digests) for path, digests in stored["policies"].items()},
    )


def sources() -> Iterator[tuple[Module, Module]]:
    """Each policy's module and the module of its tests."""
    for path in sorted(FOLDER.glob("*/*.rego")):
        if not path.name.endswith(_TESTS):
            yield _module(path), _module(path.with_name(f"{path.stem}{_TESTS}"))


def _module(path: Path) -> Module:
    return Module(path.relative_to(FOLDER).as_posix(), path.read_text(encoding="utf-8"))
