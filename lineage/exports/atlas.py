"""Apache Atlas, and Purview that speaks its API: type definitions, and entities in bulk.

A version is a DataSet, and what made it a Process with inputs and outputs: that is how Atlas draws
lineage. Qualified names are ours and stay, so that uploading again changes what is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lineage.exports.picture import properties

if TYPE_CHECKING:
    from lineage.exports.picture import Edge, Picture, Version

VERSION_TYPE = "muniment_version"
PROCESS_TYPE = "muniment_process"
VERSION_ATTRIBUTES = ("workspace", "kind", "asset", "version", "digest", "stage", "aliases")
PROCESS_ATTRIBUTES = ("relation", "run")


def document(picture: Picture) -> dict[str, Any]:
    """Return ``typedefs`` for ``POST …/types/typedefs`` and ``entities`` for ``…/entity/bulk``."""
    guids = {version.id: str(-number) for number, version in enumerate(picture.versions, 1)}
    entities = [_version(picture, each, guids[each.id]) for each in picture.versions]
    for version in picture.versions:
        runs: dict[str, list[tuple[Version, Edge]]] = {}
        for source, edge in picture.into(version):
            runs.setdefault(edge.run, []).append((source, edge))
        for run in sorted(runs):
            guid = str(-len(entities) - 1)
            entities.append(_process(picture, version, runs[run], guids=guids, guid=guid))
    return {"typedefs": _typedefs(), "entities": entities}


def _version(picture: Picture, version: Version, guid: str) -> dict[str, Any]:
    told = properties(version)
    return {
        "typeName": VERSION_TYPE,
        "guid": guid,
        "attributes": {
            "qualifiedName": _qualified(picture, version),
            "name": f"{version.name} {version.number}",
            **{name: told[name] for name in VERSION_ATTRIBUTES if name in told},
        },
    }


def _process(
    picture: Picture,
    made: Version,
    sources: list[tuple[Version, Edge]],
    *,
    guids: dict[str, str],
    guid: str,
) -> dict[str, Any]:
    relations = list(dict.fromkeys(edge.relation for _, edge in sources))
    run = sources[0][1].run
    read = list(dict.fromkeys(source for source, _ in sources))
    return {
        "typeName": PROCESS_TYPE,
        "guid": guid,
        "attributes": {
            "qualifiedName": f"{_qualified(picture, made)}#{run}",
            "name": f"{', '.join(relations)}: {made.name} {made.number}",
            "relation": ", ".join(relations),
            "run": run,
            "inputs": [_pointer(picture, each, guids) for each in read],
            "outputs": [_pointer(picture, made, guids)],
        },
    }


def _pointer(picture: Picture, version: Version, guids: dict[str, str]) -> dict[str, Any]:
    return {
        "typeName": VERSION_TYPE,
        "guid": guids[version.id],
        "uniqueAttributes": {"qualifiedName": _qualified(picture, version)},
    }


def _qualified(picture: Picture, version: Version) -> str:
    return f"muniment://{picture.instance}/{version.path}"


def _typedefs() -> dict[str, Any]:
    definitions = (
        (VERSION_TYPE, "DataSet", "A version of an asset in Muniment.", VERSION_ATTRIBUTES),
        (PROCESS_TYPE, "Process", "What made a version in Muniment.", PROCESS_ATTRIBUTES),
    )
    return {
        "entityDefs": [
            {
                "category": "ENTITY",
                "name": name,
                "description": description,
                "superTypes": [parent],
                "typeVersion": "1.0",
                "attributeDefs": [_attribute(each) for each in attributes],
            }
            for name, parent, description, attributes in definitions
        ]
    }


def _attribute(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "typeName": "string",
        "isOptional": True,
        "cardinality": "SINGLE",
        "valuesMinCount": 0,
        "valuesMaxCount": 1,
        "isUnique": False,
        "isIndexable": name in {"digest", "run"},
    }
