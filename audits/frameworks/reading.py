"""Read OSCAL catalogs (NIST, version 1.0 to 1.2) as JSON: strictly, so that nothing is guessed.

Read are groups, controls, controls in controls, the prose of their statement, links and what those
lead to in the back matter. Parameters, parts and properties are checked and otherwise left in the
document, which is kept whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from audits.frameworks.model import Control, Group, Link
from audits.frameworks.shapes import CATALOG, CONTROL, GROUP, METADATA, CatalogError, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CONTROLS: Final = 5_000
MAX_DEPTH: Final = 12
MAX_TITLE: Final = 500
MAX_STATEMENT: Final = 20_000
MAX_LINKS: Final = 200
# Relations of links by which a document says where it, or what it restates, is published.
PUBLISHED = ("canonical", "source", "alternate", "reference", "latest-version")
VERSION = re.compile(r"1\.[0-2](?:\.\d{1,3})?\Z")


@dataclass(frozen=True)
class Catalog:
    """What a catalog says: ``version`` is the document's own, ``links`` where it says that it is
    published."""

    title: str
    version: str
    oscal_version: str
    source_uri: str
    groups: tuple[Group, ...]
    controls: tuple[Control, ...]


def read_catalog(document: Any, *, framework: str) -> Catalog:
    """Return the catalog of a document ``{"catalog": …}``, its controls as those of ``framework``.

    Raises CatalogError that says where the document is wrong, and what was expected there.
    """
    if not isinstance(document, dict) or "catalog" not in document:
        raise CatalogError("catalog", "the document must be an object with a catalog")
    if unknown := sorted(set(document) - {"catalog", "$schema"}):
        raise CatalogError(unknown[0], "is not known beside a catalog")
    catalog = CATALOG.checked(document["catalog"], "catalog")
    metadata = METADATA.checked(catalog["metadata"], "catalog.metadata")
    if not VERSION.match(metadata["oscal-version"]):
        reason = f"is {metadata['oscal-version'][:20]!r}; OSCAL 1.0, 1.1 and 1.2 are read"
        raise CatalogError("catalog.metadata.oscal-version", reason)
    reader = _Reader(framework, _resources(catalog.get("back-matter", {})))
    reader.read(catalog, "catalog", group="", depth=0)
    if not reader.controls:
        raise CatalogError("catalog", "has no control")
    return Catalog(
        title=metadata["title"][:MAX_TITLE],
        version=metadata["version"],
        oscal_version=metadata["oscal-version"],
        source_uri=_published(metadata, reader),
        groups=tuple(reader.groups),
        controls=tuple(reader.controls.values()),
    )


def _resources(back_matter: Any) -> dict[str, Link]:
    """Return what the back matter has, by ``#uuid``."""
    path = "catalog.back-matter"
    found: dict[str, Link] = {}
    shape = Shape(
        "uuid", known="title description props document-ids citation rlinks base64 remarks"
    )
    matter = Shape(known="resources").checked(back_matter, path)
    for index, each in enumerate(matter.get("resources", [])):
        resource = shape.checked(each, f"{path}.resources[{index}]")
        rlinks = resource.get("rlinks", [])
        for place, rlink in enumerate(rlinks):
            Shape("href", known="media-type hashes").checked(
                rlink, f"{path}.resources[{index}].rlinks[{place}]"
            )
        href = rlinks[0]["href"] if rlinks else f"#{resource['uuid']}"
        citation = resource.get("citation")
        text = resource.get("title") or (citation or {}).get("text", "")
        found[f"#{resource['uuid'].lower()}"] = Link(href, str(text)[:MAX_TITLE])
    return found


def _published(metadata: dict[str, Any], reader: _Reader) -> str:
    """Return where the document says that it, or what it restates, is published."""
    found = list(reader.links(metadata, "catalog.metadata"))
    leads = {
        link.get("rel", ""): to.href
        for link, to in zip(metadata.get("links", []), found, strict=True)
        if to.href.startswith(("https://", "http://"))
    }
    return next((leads[rel] for rel in PUBLISHED if rel in leads), "")


class _Reader:
    """Walks groups and controls, in the order of the document."""

    def __init__(self, framework: str, resources: dict[str, Link]) -> None:
        self.framework = framework
        self.resources = resources
        self.groups: list[Group] = []
        self.controls: dict[str, Control] = {}
        self._group_names: set[str] = set()

    def read(self, around: dict[str, Any], path: str, *, group: str, depth: int) -> None:
        """Read the controls and groups of a catalog or a group."""
        if depth > MAX_DEPTH:
            raise CatalogError(path, f"is nested deeper than {MAX_DEPTH} levels")
        for index, each in enumerate(around.get("controls", [])):
            self._control(each, f"{path}.controls[{index}]", group=group, parent="", depth=depth)
        for index, each in enumerate(around.get("groups", [])):
            place = f"{path}.groups[{index}]"
            found = GROUP.checked(each, place)
            name = found.get("id") or f"group-{len(self.groups) + 1}"
            if name in self._group_names:
                raise CatalogError(f"{place}.id", f"{name[:80]!r} is the id of another group too")
            self._group_names.add(name)
            self.groups.append(Group(name, found["title"][:MAX_TITLE], group))
            self.read(found, place, group=name, depth=depth + 1)

    def _control(self, raw: Any, path: str, *, group: str, parent: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise CatalogError(path, f"is nested deeper than {MAX_DEPTH} levels")
        control = CONTROL.checked(raw, path)
        name = control["id"]
        if name in self.controls:
            raise CatalogError(f"{path}.id", f"{name[:80]!r} is the id of another control too")
        if len(self.controls) >= MAX_CONTROLS:
            raise CatalogError(path, f"is beyond the limit of {MAX_CONTROLS} controls")
        self.controls[name] = Control(
            framework=self.framework,
            name=name,
            title=control["title"][:MAX_TITLE],
            is_verified=True,
            group=group,
            parent=parent,
            statement=_statement(control),
            is_withdrawn=_is_withdrawn(control),
            links=tuple(self.links(control, path))[:MAX_LINKS],
        )
        for index, each in enumerate(control.get("controls", [])):
            place = f"{path}.controls[{index}]"
            self._control(each, place, group=group, parent=name, depth=depth + 1)

    def links(self, around: dict[str, Any], path: str) -> Iterator[Link]:
        """Yield the links of a control, or of the document, with those into the back matter
        resolved."""
        shape = Shape("href", known="rel media-type resource-fragment text")
        for index, each in enumerate(around.get("links", [])):
            link = shape.checked(each, f"{path}.links[{index}]")
            found = self.resolved(link["href"])
            yield Link(found.href, link.get("text", "")[:MAX_TITLE] or found.text)

    def resolved(self, href: str) -> Link:
        """Return what an address of the document leads to."""
        return self.resources.get(href.lower(), Link(href[:2_000]))


def _is_withdrawn(control: dict[str, Any]) -> bool:
    return any(
        prop.get("name") == "status" and str(prop.get("value")).lower() == "withdrawn"
        for prop in control.get("props", [])
    )


def _statement(control: dict[str, Any]) -> str:
    """Return the prose of the part that states the control, items on lines of their own."""
    lines = [
        line
        for part in control.get("parts", [])
        if part.get("name") == "statement"
        for line in _prose(part)
    ]
    return "\n".join(lines)[:MAX_STATEMENT]


def _prose(part: dict[str, Any]) -> Iterator[str]:
    label = next((p.get("value") for p in part.get("props", []) if p.get("name") == "label"), "")
    if text := part.get("prose", "").strip():
        yield f"{label} {text}".strip()
    for inner in part.get("parts", []):
        yield from _prose(inner)
