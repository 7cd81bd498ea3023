"""Prompts: text or chat templates with declared variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from registry.kinds.base import Kind, LinkedVersion, Problem
from registry.kinds.links import LinkRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


def check_variables(spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]) -> Iterator[Problem]:
    """Yield a problem for each variable that is used but not declared, or the reverse."""
    texts = (
        [spec["template"]] if spec["type"] == "text" else [m["content"] for m in spec["messages"]]
    )
    used = {name for text in texts for name in VARIABLE.findall(text)}
    declared = set(spec.get("variables", {}))
    for name in sorted(used - declared):
        yield Problem("spec.variables", f"the template uses {{{{{name}}}}}, which is not declared")
    for name in sorted(declared - used):
        yield Problem(f"spec.variables.{name}", "is declared, but the template does not use it")


PROMPT = Kind(
    slug="prompt",
    label="Prompt",
    plural="prompts",
    schema_version=1,
    summary="A text or chat template with typed variables.",
    link_roles=frozenset({LinkRole.DERIVED_FROM, LinkRole.USES_MODEL}),
    extra_check=check_variables,
)
