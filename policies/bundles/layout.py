"""How policies lie in an OPA bundle: each in the folder of its package, with tests and fixtures.

    azure_ml/private_endpoint/policy.rego
    azure_ml/private_endpoint/policy_test.rego
    azure_ml/private_endpoint/fixtures/pass/an-approved-connection.input
    .manifest

A fixture is the JSON of an input; it does not end in ``.json``, because OPA takes every such file
in a folder for data. What OPA has no place for (the names of policies here, the set that they
belong to) stands in the manifest's metadata under ``muniment``; without it, a bundle of others
can be read too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from policies.bundles import archive
from policies.bundles.archive import Archive, InvalidBundle
from policies.engines.base import InvalidModule, Module
from policies.engines.schemas import value_problems

KEY = "muniment"
FORMAT = 1
# What the metadata says of the set that chose the policies.
SET_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name", "title", "members"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "groups": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "title": {"type": "string"},
                    "controls": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
        "members": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["policy"],
                "additionalProperties": False,
                "properties": {
                    "policy": {"type": "string"},
                    "reference_id": {"type": "string"},
                    "effect": {"type": "string"},
                    "parameters": {"type": "object"},
                    "controls": {"type": "array", "items": {"type": "string"}},
                    "group": {"type": "string"},
                },
            },
        },
    },
}
_POLICY, _TESTS, _FIXTURES, _INPUT = "policy.rego", "_test.rego", "fixtures", ".input"


@dataclass(frozen=True)
class Example:
    """A fixture: the bytes of an input, and the state that it must get."""

    name: str
    state: str
    body: bytes


@dataclass(frozen=True)
class BundledPolicy:
    """A policy as it lies in a bundle; ``number`` is that of its version where it came from."""

    name: str
    source: str
    tests: str = ""
    fixtures: tuple[Example, ...] = ()
    number: int = 0

    @property
    def package(self) -> str:
        """Return its package; raises InvalidModule."""
        return Module(_POLICY, self.source).package

    @property
    def folder(self) -> str:
        """Return where it lies."""
        return self.package.replace(".", "/")


@dataclass(frozen=True)
class Contents:
    """What a bundle carries: policies, and perhaps the set that chose them, as its own document."""

    policies: tuple[BundledPolicy, ...]
    policy_set: Mapping[str, Any] = field(default_factory=dict)
    revision: str = ""


def bundle_files(contents: Contents) -> dict[str, bytes]:
    """Return every file of the bundle by path, the manifest among them."""
    files = dict(_files(contents.policies))
    files[archive.MANIFEST] = archive.manifest_bytes(**_manifest(contents, files))
    return files


def bundle_bytes(contents: Contents) -> bytes:
    """Return the bundle as one archive; equal contents give equal bytes."""
    files = dict(_files(contents.policies))
    return archive.build(files, **_manifest(contents, files))


def contents_of(found: Archive) -> Contents:
    """Return what a bundle carries, made here or by others; raises InvalidBundle.

    Every ``*.rego`` is a policy but those that end in ``_test.rego``, which are the tests of the
    policy beside them. Without our metadata a policy is named after its package.
    """
    told = found.manifest.metadata.get(KEY, {})
    if not isinstance(told, dict) or not isinstance(told.get("policies", []), list):
        raise InvalidBundle(f"the metadata {KEY} of the manifest must be an object")
    named = {
        str(each.get("path")): each for each in told.get("policies", []) if isinstance(each, dict)
    }
    policies = tuple(
        _policy(path, found.files, named.get(path, {}))
        for path in found.files
        if path.endswith(".rego") and not path.endswith(_TESTS)
    )
    if not policies:
        raise InvalidBundle("the bundle holds no policy: no *.rego that is not a test")
    chosen = told.get("set", {})
    if chosen and (problems := value_problems(SET_SCHEMA, chosen)):
        raise InvalidBundle(f"the set in the manifest's metadata: {problems[0]}")
    return Contents(policies, chosen, found.manifest.revision)


def _files(policies: Sequence[BundledPolicy]) -> Iterator[tuple[str, bytes]]:
    for policy in policies:
        yield f"{policy.folder}/{_POLICY}", policy.source.encode()
        if policy.tests:
            yield f"{policy.folder}/policy{_TESTS}", policy.tests.encode()
        for each in policy.fixtures:
            yield f"{policy.folder}/{_FIXTURES}/{each.state}/{each.name}{_INPUT}", each.body


def _manifest(contents: Contents, files: Mapping[str, bytes]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "format": FORMAT,
        "policies": [
            {
                "name": policy.name,
                "number": policy.number,
                "package": policy.package,
                "path": f"{policy.folder}/{_POLICY}",
                "digest": Module(_POLICY, policy.source).digest,
            }
            for policy in contents.policies
        ],
    }
    if contents.policy_set:
        told["set"] = dict(contents.policy_set)
    return {
        "revision": contents.revision or _revision(files, told),
        "roots": _roots(contents.policies),
        "metadata": {KEY: told},
    }


def _revision(files: Mapping[str, bytes], told: Mapping[str, Any]) -> str:
    """``sha256:<hex>`` of everything in the bundle, so that a change of any byte is another one."""
    listing = [[path, hashlib.sha256(files[path]).hexdigest()] for path in sorted(files)]
    whole = json.dumps([listing, told], sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(whole.encode()).hexdigest()}"


def _roots(policies: Sequence[BundledPolicy]) -> list[str]:
    """The packages of policies and tests, without those inside of others."""
    owned = {policy.folder for policy in policies}
    owned |= {
        Module(_POLICY, policy.tests).package.replace(".", "/")
        for policy in policies
        if policy.tests
    }
    return [root for root in sorted(owned) if not any(root.startswith(f"{o}/") for o in owned)]


def _policy(path: str, files: Mapping[str, bytes], told: Mapping[str, Any]) -> BundledPolicy:
    source = _text(path, files[path])
    try:
        package = Module(_POLICY, source).package
    except InvalidModule as error:
        raise InvalidBundle(f"{path}: {error}") from error
    tests = f"{path.removesuffix('.rego')}{_TESTS}"
    return BundledPolicy(
        name=str(told.get("name", package)),
        source=source,
        tests=_text(tests, files[tests]) if tests in files else "",
        fixtures=tuple(_examples(PurePosixPath(path).parent / _FIXTURES, files)),
        number=told["number"] if isinstance(told.get("number"), int) else 0,
    )


def _examples(folder: PurePosixPath, files: Mapping[str, bytes]) -> Iterator[Example]:
    for path, body in files.items():
        place = PurePosixPath(path)
        if place.suffix == _INPUT and place.parent.parent == folder:
            yield Example(place.name.removesuffix(_INPUT), place.parent.name, body)


def _text(path: str, body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise InvalidBundle(f"{path} is not UTF-8 (byte {error.start})") from error
