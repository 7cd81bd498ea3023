"""Where a policy lives inside an OPA server: under a package that contains its own digest.

An OPA server merges all modules of one package, whoever pushed them, so two versions of a policy
under their reviewed package would silently become one policy, and replacing one by the other
races with every evaluation of other processes. A mounted module cannot collide: the server gets
the reviewed text with ``muniment_mounts.m<digest>.`` put in front of the path in its package
clause and not one other character changed. Equal text always mounts at the same place, so a push
is idempotent and needs no lock. `unmounted` inverts it exactly; what the server returns is held
against the reviewed text with it. That the text means the same at the other place is sure
because a policy never mentions `data` (the lint and, with OPA's own parser, the engine see to it).
"""

from __future__ import annotations

import json

from policies.engines.base import ENTRYPOINT, Bundle, Module
from policies.engines.rego_tokens import package_clause

ROOT = "muniment_mounts"
_PLACES = {"package", "annotations"}

_MANY = """
many[place] := found if {
	some place, document in input.many
	found := verdicts with input as document
}
"""


def mount_package(module: Module) -> str:
    """The package under which an OPA server evaluates the module."""
    return f"{_prefix(module.digest)}{module.package}"


def mount_id(module: Module) -> str:
    """The id of the policy in the server, with the digest of the reviewed text."""
    return f"muniment/modules/{_hex(module.digest)}"


def mounted(module: Module) -> str:
    """The text that the server gets."""
    clause = package_clause(module.source)
    source = module.source
    return f"{source[: clause.start]}{_prefix(module.digest)}{source[clause.start :]}"


def unmounted(text: str, digest: str) -> str:
    """The reviewed text again; raises `ValueError` when `text` is not mounted under `digest`."""
    clause = package_clause(text)
    prefix = _prefix(digest)
    if not clause.path.startswith(prefix):
        raise ValueError(f"the package {clause.path} is not mounted under {digest}")
    return text[: clause.start] + text[clause.start + len(prefix) :]


def survey_id(bundle: Bundle) -> str:
    """The id of the generated module that asks all policies of a bundle at once."""
    return f"muniment/surveys/{_hex(bundle.digest)}"


def survey_package(bundle: Bundle) -> str:
    return f"{ROOT}.b{_hex(bundle.digest)}"


def survey(bundle: Bundle) -> str:
    """A module whose `verdicts` maps each package of the bundle to its verdict where defined, and
    whose `many` has those of several inputs by their place in ``input.many``.

    One request then answers a whole bundle. The names in it match `base.PACKAGE`, and are written
    as JSON strings.
    """
    lines = [f"package {survey_package(bundle)}", ""]
    for module in sorted(bundle.modules, key=lambda each: each.package):
        reference = f"data.{mount_package(module)}.{ENTRYPOINT}"
        lines.append(f"verdicts[{json.dumps(module.package)}] := {reference}")
    return "\n".join([*lines, _MANY])


def reads_data(tree: object, module: Module) -> bool:
    """Whether OPA's syntax tree of the mounted module refers to `data` outside of itself.

    The tree is resolved: a rule of the module's own appears as a path below its mount, which no
    text can name that does not contain its own digest. The package and the annotations name
    their own place too.
    """
    own = ["data", *mount_package(module).split(".")]
    waiting: list[object] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            terms = node.get("value")
            if node.get("type") == "ref" and isinstance(terms, list):
                names = [term.get("value") for term in terms]
                if names[: len(own)] == own and len(names) > len(own):
                    terms = terms[1:]
                waiting.extend(terms)
            elif node.get("type") == "var" and terms == "data":
                return True
            else:
                waiting.extend(value for key, value in node.items() if key not in _PLACES)
        elif isinstance(node, list):
            waiting.extend(node)
    return False


def _prefix(digest: str) -> str:
    return f"{ROOT}.m{_hex(digest)}."


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")
