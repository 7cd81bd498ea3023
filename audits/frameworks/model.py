"""A framework of controls, whoever wrote it down."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Link:
    """Where a control leads to, with what is known of it."""

    href: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What a framework puts controls under; ``parent`` is the name of the group around it."""

    name: str
    title: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One control. ``is_verified``: its title stands in what ``links`` leads to, or was imported.

    ``group`` and ``parent`` (a control that this one refines) are names, empty for none.
    ``statement`` is the prose of an imported control; what ships has none. A withdrawn control
    asks for nothing any more.
    """

    framework: str
    name: str
    title: str
    is_verified: bool
    group: str = ""
    parent: str = ""
    statement: str = ""
    is_withdrawn: bool = False
    links: tuple[Link, ...] = ()

    @property
    def reference(self) -> str:
        """Return ``framework/name``, as policies name it."""
        return f"{self.framework}/{self.name}"

    @property
    def counts(self) -> bool:
        """Tell whether the control is part of what coverage is a share of."""
        return self.is_verified and not self.is_withdrawn


@dataclass(frozen=True)
class Framework:
    """A law, standard or own rule book, with its controls in their own order.

    ``version`` is None for what ships. ``is_complete``: all its controls stand here.
    ``extent`` says what a policy checks of a control that it names: ``whole`` or ``part``.
    ``caution`` is what of it was not looked up; ``edited`` the day, or moment, of the catalogue.
    """

    name: str
    title: str
    source: str
    source_uri: str
    is_complete: bool
    extent: str
    note: str
    caution: str
    edited: str
    version: int | None = None
    groups: tuple[Group, ...] = ()
    controls: tuple[Control, ...] = field(default=())

    @property
    def is_shipped(self) -> bool:
        """Tell whether it came with the product."""
        return self.version is None

    @cached_property
    def by_name(self) -> Mapping[str, Control]:
        """Return the controls by their names."""
        return {control.name: control for control in self.controls}

    @cached_property
    def verified(self) -> int:
        """Return how many controls count."""
        return sum(control.counts for control in self.controls)

    @cached_property
    def unverified(self) -> int:
        """Return how many bare ids there are, which coverage leaves out."""
        return sum(not each.is_verified and not each.is_withdrawn for each in self.controls)

    @cached_property
    def withdrawn(self) -> int:
        """Return how many controls ask for nothing any more."""
        return sum(control.is_withdrawn for control in self.controls)

    @cached_property
    def group_titles(self) -> Mapping[str, str]:
        """Return the titles of groups by their names."""
        return {group.name: group.title for group in self.groups}


def stored(groups: tuple[Group, ...], controls: tuple[Control, ...]) -> dict[str, Any]:
    """Return groups and controls as JSON to be kept; `restored` reads it."""
    return {
        "groups": [{"name": g.name, "title": g.title, "parent": g.parent} for g in groups],
        "controls": [
            {
                "name": each.name,
                "title": each.title,
                "group": each.group,
                "parent": each.parent,
                "statement": each.statement,
                "is_withdrawn": each.is_withdrawn,
                "links": [{"href": link.href, "text": link.text} for link in each.links],
            }
            for each in controls
        ],
    }


def restored(
    framework: str, kept: Mapping[str, Any]
) -> tuple[tuple[Group, ...], tuple[Control, ...]]:
    """Return the groups and controls of an imported framework."""
    groups = tuple(Group(**each) for each in kept["groups"])
    controls = tuple(
        Control(
            framework,
            is_verified=True,
            **{**each, "links": tuple(Link(**link) for link in each["links"])},
        )
        for each in kept["controls"]
    )
    return groups, controls
