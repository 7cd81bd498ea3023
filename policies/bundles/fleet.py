"""What a bundle for an OPA of elsewhere holds beside the reviewed policies.

A policy reads its input alone, its parameters included. An OPA that pulls a bundle gets them as
data: ``data.muniment_fleet.rules`` has, by policy version, each rule (an assignment of it) with its
parameters and effect. The generated module puts the two together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.bundles import masks as decision_masks
from policies.engines import mounts
from policies.engines.base import ENTRYPOINT, Module
from policies.engines.rego_rules import rules_of
from policies.engines.rego_tokens import tokenize

PACKAGE = "muniment_fleet"
MODULE_PATH = f"{PACKAGE}/rules.rego"
DATA_PATH = "data.json"
PATCH_PATH = "patch.json"
_HEAD = f"""# What assigned policies say about an input, each with the parameters of its assignment.
package {PACKAGE}

# The rules whose answer refuses: they are enforced under deny, and do not stand.
default allow := false

allow if count(refusals) == 0

refusals contains id if {{
	some rules in data.{PACKAGE}.rules
	some rule in rules
	rule.effect == "deny"
	rule.is_enforced
	id := rule.id
	not stands(id)
}}

stands(id) if verdicts[id].state in {{"pass", "not_applicable"}}
"""


@dataclass(frozen=True)
class Placed:
    """A policy version in a bundle: its name there, its text, and the package that answers."""

    reference: str
    module: Module
    is_mounted: bool = False

    @property
    def key(self) -> str:
        """Return the name under which the data has its rules; free of ``/``, as in a patch."""
        return self.reference.replace("/", "@")

    @property
    def package(self) -> str:
        """Return its package in the bundle."""
        return mounts.mount_package(self.module) if self.is_mounted else self.module.package

    @property
    def path(self) -> str:
        """Return its file in the bundle."""
        return f"{self.package.replace('.', '/')}.rego"

    @property
    def text(self) -> str:
        """Return its text: as reviewed, or mounted in a package of its own."""
        return mounts.mounted(self.module) if self.is_mounted else self.module.source


def placed(versions: Iterable[tuple[str, int, Module]]) -> list[Placed]:
    """Place policy versions, each as ``(policy's name, number, module)``.

    The newest version of a policy lies in its reviewed package; an earlier one, which shares that
    package and would merge with it, in one that contains its digest. So does one whose package is
    the place of a rule of another, for which OPA would take none of the bundle.
    """
    found: list[Placed] = []
    taken: list[Module] = []
    for name, number, module in sorted(versions, key=lambda each: (each[0], -each[1])):
        is_mounted = module.is_reserved or any(_collide(module, each) for each in taken)
        found.append(Placed(f"{name}/{number}", module, is_mounted=is_mounted))
        if not is_mounted:
            taken.append(module)
    return found


def _collide(one: Module, other: Module) -> bool:
    """Whether OPA does not take both in their own packages, or makes one of them."""
    if one.package == other.package:
        return True
    outer, inner = sorted((one, other), key=lambda each: len(each.package))
    if not inner.package.startswith(f"{outer.package}."):
        return False
    place = inner.package.removeprefix(f"{outer.package}.").partition(".")[0]
    return any(rule.name == place for rule in rules_of(tokenize(outer.source)))


def files(
    policies: Sequence[Placed],
    rules: Mapping[str, Sequence[Mapping[str, Any]]],
    masks: Sequence[str] = (),
) -> Files:
    """Return the files of a bundle.

    ``rules`` are those of each policy, by its `Placed.key`; ``masks`` the places that the OPA takes
    out of its decision log, beside secrets.
    """
    texts = {each.path: each.text.encode() for each in policies}
    texts[decision_masks.MODULE_PATH] = decision_masks.module(masks).encode()
    texts[MODULE_PATH] = _module(policies).encode()
    data = {PACKAGE: {"rules": {key: list(found) for key, found in sorted(rules.items())}}}
    roots = _roots([each.package for each in policies])
    return Files(texts, data, (*roots, PACKAGE))


@dataclass(frozen=True)
class Files:
    """Modules by path, data, and the paths of both that the bundle owns."""

    modules: Mapping[str, bytes]
    data: Mapping[str, Any]
    roots: tuple[str, ...]

    @property
    def whole(self) -> dict[str, bytes]:
        """Return all files by path."""
        text = json.dumps(self.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return {**self.modules, DATA_PATH: text.encode()}


def patch(before: Mapping[str, Any], after: Mapping[str, Any]) -> bytes:
    """Return ``patch.json`` of a delta bundle: what makes the data ``before`` into ``after``."""
    old, new = before[PACKAGE]["rules"], after[PACKAGE]["rules"]
    operations: list[dict[str, Any]] = [
        {"op": "upsert", "path": f"/{PACKAGE}/rules/{key}", "value": found}
        for key, found in sorted(new.items())
        if old.get(key) != found
    ]
    operations += [
        {"op": "remove", "path": f"/{PACKAGE}/rules/{key}"} for key in sorted(set(old) - set(new))
    ]
    return json.dumps({"data": operations}, sort_keys=True).encode()


def _module(policies: Sequence[Placed]) -> str:
    answers = [
        f"\nverdicts[rule.id] := verdict if {{\n"
        f"\tsome rule in data.{PACKAGE}.rules[{json.dumps(each.key)}]\n"
        f"\tverdict := data.{each.package}.{ENTRYPOINT} with input.parameters as "
        f"rule.parameters\n}}\n"
        for each in sorted(policies, key=lambda found: found.key)
    ]
    return "".join([_HEAD, *(answers or ["\nverdicts := {}\n"])])


def _roots(packages: Iterable[str]) -> list[str]:
    """Return the packages as roots, without those that lie inside another one."""
    kept: list[str] = []
    for root in sorted({package.replace(".", "/") for package in packages}):
        if not any(root.startswith(f"{outer}/") for outer in kept):
            kept.append(root)
    return kept
