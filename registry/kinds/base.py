"""What a kind of asset is: a name, a published schema, and checks that a schema cannot express."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from registry.kinds.links import LinkRole


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a spec: ``path`` such as ``spec.members[0].digest``, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class LinkedVersion:
    """A version that the one being registered links to."""

    role: LinkRole
    kind: str
    name: str
    digest: str
    spec: Mapping[str, Any] = field(default_factory=dict)


class ExtraCheck(Protocol):
    """Returns what is wrong with a spec that already fits its schema."""

    def __call__(
        self, spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]
    ) -> Iterable[Problem]: ...


def nothing_more(spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]) -> Iterable[Problem]:
    """Accept every spec that fits its schema."""
    return ()


@dataclass(frozen=True)
class Kind:
    """A kind of asset.

    ``link_roles`` are the relations that its versions may start; the roles in ``member_roles``
    name members: versions without which this one is not whole, and which a promotion takes along.
    What is wrong with a confidential kind is told without repeating its values.
    """

    slug: str
    label: str
    plural: str
    schema_version: int
    summary: str
    link_roles: frozenset[LinkRole] = frozenset()
    member_roles: frozenset[LinkRole] = frozenset()
    extra_check: ExtraCheck = field(default=nothing_more)
    is_confidential: bool = False

    @cached_property
    def schema(self) -> dict[str, Any]:
        """Return the published JSON Schema (2020-12) of the spec."""
        file = (
            resources.files("registry.kinds") / f"schemas/{self.slug}.v{self.schema_version}.json"
        )
        schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return schema

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        mask = "the value" if self.is_confidential else None
        return jsonschema_rs.Draft202012Validator(self.schema, validate_formats=True, mask=mask)

    def problems(
        self, spec: Mapping[str, Any], *, links: tuple[LinkedVersion, ...] | None = ()
    ) -> list[Problem]:
        """Return everything that is wrong with ``spec``, empty when it is valid.

        Without links (None) only the schema is asked.
        """
        found = list(self._schema_problems(spec))
        return found if found or links is None else list(self.extra_check(spec, links))

    def _schema_problems(self, spec: Mapping[str, Any]) -> Iterator[Problem]:
        for error in self._validator.iter_errors(spec):
            path = "spec"
            for part in error.instance_path:
                path += f"[{part}]" if isinstance(part, int) else f".{part}"
            yield Problem(path, error.message[:300])
