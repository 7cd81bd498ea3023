"""Write a framework as an OSCAL catalog: the same framework gives the same document."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from audits.frameworks.model import Control, Framework, Group, Link

OSCAL_VERSION: Final = "1.1.3"
NAMESPACE: Final = uuid.UUID("5f6d9c4e-6c5b-5d0e-9b5d-6f1f0a1d7b11")
OURS: Final = "urn:muniment:oscal"


def catalog_of(framework: Framework) -> dict[str, Any]:
    """Return the framework as a document ``{"catalog": …}`` of OSCAL 1.1.

    A control without a title has its id for one, and the property ``title`` with the value
    ``unknown``; a bare id has ``verified`` with ``false``.
    """
    resource = str(uuid.uuid5(NAMESPACE, f"{framework.name} source"))
    edited = framework.edited if "T" in framework.edited else f"{framework.edited}T00:00:00+00:00"
    catalog: dict[str, Any] = {
        "uuid": str(uuid.uuid5(NAMESPACE, f"{framework.name} {framework.edited}")),
        "metadata": {
            "title": framework.title,
            "last-modified": edited,
            "version": framework.edited if framework.version is None else str(framework.version),
            "oscal-version": OSCAL_VERSION,
            "props": [
                _ours("framework", framework.name),
                _ours("complete", "true" if framework.is_complete else "false"),
            ],
            "links": [{"href": f"#{resource}", "rel": "source"}],
        },
    }
    if notes := " ".join(filter(None, (framework.note, framework.caution))):
        catalog["metadata"]["remarks"] = notes
    catalog.update(_members(framework, group=""))
    rlinks = {"rlinks": [{"href": framework.source_uri}]} if framework.source_uri else {}
    source = {"uuid": resource, "title": framework.source, **rlinks}
    catalog["back-matter"] = {"resources": [source, *_resources(framework)]}
    return {"catalog": catalog}


def _resources(framework: Framework) -> list[dict[str, Any]]:
    """Return what controls lead to, each once, in the order of its first control."""
    found = {link: None for control in framework.controls for link in control.links}
    return [
        {
            "uuid": _uuid_of(framework, link),
            **({"title": link.text} if link.text else {}),
            "rlinks": [{"href": link.href}],
        }
        for link in found
    ]


def _uuid_of(framework: Framework, link: Link) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{framework.name} {link.href} {link.text}"))


def _members(framework: Framework, *, group: str) -> dict[str, Any]:
    """Return the controls and groups that stand directly under ``group``."""
    controls = [
        _control(framework, each)
        for each in framework.controls
        if each.group == group and not each.parent
    ]
    groups = [_group(framework, each) for each in framework.groups if each.parent == group]
    return {
        **({"controls": controls} if controls else {}),
        **({"groups": groups} if groups else {}),
    }


def _group(framework: Framework, group: Group) -> dict[str, Any]:
    return {
        "id": f"group-{group.name}",
        "title": group.title or group.name,
        **_members(framework, group=group.name),
    }


def _control(framework: Framework, control: Control) -> dict[str, Any]:
    props = [{"name": "label", "value": control.name}]
    if not control.title:
        props.append(_ours("title", "unknown"))
    if not control.is_verified:
        props.append(_ours("verified", "false"))
    if control.is_withdrawn:
        props.append({"name": "status", "value": "withdrawn"})
    written: dict[str, Any] = {
        "id": control.name,
        "title": control.title or control.name,
        "props": props,
    }
    if control.links:
        written["links"] = [
            {"href": f"#{_uuid_of(framework, link)}", "rel": "reference"} for link in control.links
        ]
    if control.statement:
        written["parts"] = [{"name": "statement", "prose": control.statement}]
    if inner := [
        _control(framework, each) for each in framework.controls if each.parent == control.name
    ]:
        written["controls"] = inner
    return written


def _ours(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": OURS, "value": value}
