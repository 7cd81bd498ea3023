"""Prompts: text or chat templates with typed variables, put together from other prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.kinds.base import Kind, LinkedVersion, Problem
from registry.kinds.links import LinkRole
from registry.kinds.pins import Pin, check_pins
from registry.kinds.templates import declaration_problems, used_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEMBER_ROLES = frozenset({LinkRole.USES_PROMPT})


def check_prompt(spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]) -> Iterator[Problem]:
    """Yield a problem for what is used but not declared, or the reverse, and for includes.

    Includes are pinned by digest, so that a prompt's own digest covers all of its text, and no
    prompt can include itself.
    """
    variables, includes = spec.get("variables", {}), spec.get("includes", {})
    used, used_includes = used_in(spec)
    yield from declaration_problems(variables)
    pins = [
        Pin(f"spec.includes.{name}.digest", "prompt", told["digest"])
        for name, told in includes.items()
    ]
    yield from check_pins(pins, links, roles=MEMBER_ROLES)
    linked = {link.digest: link for link in links if link.role in MEMBER_ROLES}
    for name, told in includes.items():
        if told["digest"] in linked:
            inner = linked[told["digest"]].spec
            yield from _include_problems(name, inner, variables)
            used |= set(inner.get("variables", {}))
    yield from _unmatched(used_includes, set(includes), path="spec.includes", what="> ")
    yield from _unmatched(used, set(variables), path="spec.variables", what="")


def _include_problems(
    name: str, inner: Mapping[str, Any], variables: Mapping[str, Any]
) -> Iterator[Problem]:
    """Yield what keeps a prompt from being included where these variables are declared."""
    if inner.get("type") != "text":
        yield Problem(f"spec.includes.{name}", "is a chat prompt; only text can be included")
    for variable, told in inner.get("variables", {}).items():
        ours = variables.get(variable)
        if ours is not None and ours["type"] != told["type"]:
            yield Problem(
                f"spec.variables.{variable}.type", f"must be {told['type']}, as in {name}"
            )


def _unmatched(used: set[str], declared: set[str], *, path: str, what: str) -> Iterator[Problem]:
    for name in sorted(used - declared):
        yield Problem(path, f"the template uses {{{{{what}{name}}}}}, which is not declared")
    for name in sorted(declared - used):
        yield Problem(f"{path}.{name}", "is declared, but the template does not use it")


PROMPT = Kind(
    slug="prompt",
    label="Prompt",
    plural="prompts",
    schema_version=1,
    summary="A text or chat template with typed variables.",
    link_roles=frozenset({LinkRole.DERIVED_FROM, LinkRole.USES_MODEL, LinkRole.USES_PROMPT}),
    # A prompt does not read the same without the prompts that it includes.
    member_roles=MEMBER_ROLES,
    extra_check=check_prompt,
)
