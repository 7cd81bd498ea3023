"""The prompt templates that the product ships."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from core.errors import NotFound
from core.plain_yaml import loads

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Template:
    """A prompt to start from: its spec, and a card to finish."""

    name: str
    title: str
    summary: str
    spec: Mapping[str, Any]
    card: Mapping[str, str]


@cache
def templates() -> dict[str, Template]:
    """Return the templates by name."""
    folder = resources.files("registry.seeds.prompts")
    files = [file for file in folder.iterdir() if file.name.endswith(".yaml")]
    read = {file.name.removesuffix(".yaml"): loads(file.read_bytes()) for file in files}
    return {name: Template(name=name, **read[name]) for name in sorted(read)}


def template(name: str) -> Template:
    """Return the template called ``name``; raises NotFound."""
    if found := templates().get(name):
        return found
    raise NotFound
