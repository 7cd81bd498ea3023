"""Pins: specs name the versions that they stand on by content digest, and links point there.

A digest in the spec makes the version's own digest cover what it stands on, so that it means the
same in every workspace; the link makes it a row that lineage, promotion and access can follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.kinds.base import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from registry.kinds.base import LinkedVersion
    from registry.kinds.links import LinkRole


@dataclass(frozen=True)
class Pin:
    """A digest at ``path`` of the spec, of a version of ``kind``."""

    path: str
    kind: str
    digest: str


def check_pins(
    pins: Sequence[Pin], links: Iterable[LinkedVersion], *, roles: frozenset[LinkRole]
) -> Iterator[Problem]:
    """Yield a problem for each pin without a link in one of ``roles``, and each such link that
    nothing in the spec pins."""
    linked = {(link.kind, link.digest) for link in links if link.role in roles}
    for pin in pins:
        if (pin.kind, pin.digest) not in linked:
            yield Problem(
                pin.path, f"no link of this version points at a {pin.kind} with this digest"
            )
    pinned = {(pin.kind, pin.digest) for pin in pins}
    for kind, digest in sorted(linked - pinned):
        yield Problem("links", f"the {kind} {digest} is linked, but nothing in the spec pins it")


def member_pins(spec: Mapping[str, Any]) -> list[Pin]:
    """Return the pins of ``spec.members``."""
    return [
        Pin(f"spec.members[{index}].digest", member["kind"], member["digest"])
        for index, member in enumerate(spec.get("members", ()))
    ]


def check_member_names(spec: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem where two members bear one name."""
    names = [member["name"] for member in spec.get("members", ())]
    if len(set(names)) < len(names):
        yield Problem("spec.members", "two members bear one name")


def check_members(
    spec: Mapping[str, Any], links: tuple[LinkedVersion, ...], *, roles: frozenset[LinkRole]
) -> Iterator[Problem]:
    """Yield what is wrong between ``spec.members`` and the links in ``roles``."""
    yield from check_member_names(spec)
    yield from check_pins(member_pins(spec), links, roles=roles)
