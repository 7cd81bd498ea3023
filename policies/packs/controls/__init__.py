"""Catalogues of controls that policies refer to, as ``framework/control``. Plain Python.

Each framework is one JSON file beside this module: its controls by their public ids. Titles stand
there only where they are certain, with the public sources that they were compared with; an entry
that is not verified is a bare id.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Source:
    """A public place where titles of controls stand word for word."""

    name: str
    title: str
    uri: str


@dataclass(frozen=True, slots=True)
class Control:
    """One control. `is_verified`: the title stands in its `sources`; without it there is none."""

    reference: str
    name: str
    title: str
    is_verified: bool
    group: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What the document itself puts controls under: an article, a function, a clause."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Framework:
    """A law, standard or benchmark, and its controls in their own order.

    `is_complete`: all its controls stand here, so that a share of them means something. `extent`
    tells what a policy that refers to a control checks of it: ``whole`` or, as with laws and
    management standards always, ``part``. `sources` are those that its titles were compared with,
    `caution` is what was not looked up, and `edited` the day on which the catalogue was written.
    """

    name: str
    title: str
    source: str
    is_complete: bool
    extent: str
    note: str
    controls: tuple[Control, ...]
    source_uri: str = ""
    sources: tuple[Source, ...] = ()
    caution: str = ""
    edited: str = ""
    groups: tuple[Group, ...] = ()


@functools.cache
def frameworks() -> Mapping[str, Framework]:
    """Every framework, by name; those whose controls all stand here come first."""
    read = sorted(map(_read, FOLDER.glob("*.json")), key=lambda each: each.name)
    return {each.name: each for each in sorted(read, key=lambda each: not each.is_complete)}


def unknown_controls(references: Iterable[str]) -> list[str]:
    """Those references that lead to no control of any framework here, sorted."""
    known = {control.reference for each in frameworks().values() for control in each.controls}
    return sorted(set(references) - known)


def _read(path: Path) -> Framework:
    stored = json.loads(path.read_text(encoding="utf-8"))
    sources = {each["name"]: Source(**each) for each in stored.get("sources", ())}
    return Framework(
        name=stored["framework"],
        title=stored["title"],
        source=stored["source"],
        is_complete=stored["is_complete"],
        extent=stored["extent"],
        note=stored.get("note", ""),
        source_uri=stored["source_uri"],
        sources=tuple(sources.values()),
        caution=stored.get("caution", ""),
        edited=stored["edited"],
        groups=tuple(Group(each["id"], each.get("title", "")) for each in stored.get("groups", ())),
        controls=tuple(_control(stored["framework"], each, sources) for each in stored["controls"]),
    )


def _control(framework: str, stored: Mapping[str, Any], sources: Mapping[str, Source]) -> Control:
    return Control(
        reference=f"{framework}/{stored['id']}",
        name=stored["id"],
        title=stored.get("title", ""),
        is_verified=stored["verified"],
        group=stored.get("group", ""),
        sources=tuple(sources[name] for name in stored.get("sources", ())),
    )
