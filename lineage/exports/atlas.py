"""Apache Atlas, and Purview that speaks its API: type definitions, and entities in bulk.

A version or a dataset outside is a DataSet, and what made it a Process with inputs and outputs:
that is how Atlas draws lineage. Qualified names are ours and stay, so that uploading again changes
what is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lineage.exports.picture import Dataset, properties, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lineage.exports.picture import Edge, Job, Picture, Thing

VERSION_TYPE = "muniment_version"
DATASET_TYPE = "muniment_dataset"
PROCESS_TYPE = "muniment_process"
VERSION_ATTRIBUTES = ("workspace", "kind", "asset", "version", "digest", "stage", "aliases")
DATASET_ATTRIBUTES = ("namespace", "also")
PROCESS_ATTRIBUTES = ("relation", "run", "job")


def document(picture: Picture) -> dict[str, Any]:
    """Return ``typedefs`` for ``POST …/types/typedefs`` and ``entities`` for ``…/entity/bulk``."""
    guids = {thing.id: str(-number) for number, thing in enumerate(picture.things, 1)}
    entities = [_entity(picture, each, guids[each.id]) for each in picture.things]
    for process in _processes(picture, guids):
        entities.append(process | {"guid": str(-len(entities) - 1)})
    return {"typedefs": _typedefs(), "entities": entities}


def _entity(picture: Picture, thing: Thing, guid: str) -> dict[str, Any]:
    told = properties(thing)
    return {
        "typeName": _type(thing),
        "guid": guid,
        "attributes": {
            "qualifiedName": _qualified(picture, thing),
            "name": title(thing),
            **{name: told[name] for name in _attributes(thing) if name in told},
        },
    }


def _processes(picture: Picture, guids: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a process per thing and what made it; and one per job that made nothing here."""
    active = set()
    for thing in picture.things:
        makers: dict[str, list[tuple[Thing, Edge]]] = {}
        for source, edge in picture.into(thing):
            makers.setdefault(edge.maker, []).append((source, edge))
            active.add(edge.job)
        for maker in sorted(makers):
            yield _process(picture, thing, makers[maker], guids=guids)
    for job in picture.jobs:
        if job.path not in active:
            yield _idle(picture, job, guids)


def _process(
    picture: Picture, made: Thing, sources: list[tuple[Thing, Edge]], *, guids: dict[str, str]
) -> dict[str, Any]:
    relations = list(dict.fromkeys(edge.relation for _, edge in sources))
    first = sources[0][1]
    read = list(dict.fromkeys(source for source, _ in sources))
    told = {"relation": ", ".join(relations), "run": first.run, "job": first.job}
    return {
        "typeName": PROCESS_TYPE,
        "attributes": {
            "qualifiedName": f"{_qualified(picture, made)}#{first.maker}",
            "name": f"{first.job or ', '.join(relations)}: {title(made)}",
            **{key: value for key, value in told.items() if value},
            "inputs": _pointers(picture, read, guids),
            "outputs": _pointers(picture, [made], guids),
        },
    }


def _idle(picture: Picture, job: Job, guids: dict[str, str]) -> dict[str, Any]:
    """Return the process of a job that only reads, or only writes."""
    sides = {"inputs": job.inputs, "outputs": job.outputs}
    return {
        "typeName": PROCESS_TYPE,
        "attributes": {
            "qualifiedName": f"muniment://{picture.instance}#{job.path}",
            "name": job.name,
            "job": job.path,
            **{
                side: _pointers(picture, [picture.known[each] for each in ids], guids)
                for side, ids in sides.items()
            },
        },
    }


def _pointers(
    picture: Picture, things: Iterable[Thing], guids: dict[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "typeName": _type(thing),
            "guid": guids[thing.id],
            "uniqueAttributes": {"qualifiedName": _qualified(picture, thing)},
        }
        for thing in things
    ]


def _type(thing: Thing) -> str:
    return DATASET_TYPE if isinstance(thing, Dataset) else VERSION_TYPE


def _attributes(thing: Thing) -> tuple[str, ...]:
    return DATASET_ATTRIBUTES if isinstance(thing, Dataset) else VERSION_ATTRIBUTES


def _qualified(picture: Picture, thing: Thing) -> str:
    if isinstance(thing, Dataset):
        return thing.path
    return f"muniment://{picture.instance}/{thing.path}"


def _typedefs() -> dict[str, Any]:
    definitions = (
        (VERSION_TYPE, "DataSet", "A version of an asset in Muniment.", VERSION_ATTRIBUTES),
        (DATASET_TYPE, "DataSet", "A dataset that events told Muniment of.", DATASET_ATTRIBUTES),
        (PROCESS_TYPE, "Process", "What made a version or dataset.", PROCESS_ATTRIBUTES),
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
        "isIndexable": name in {"digest", "run", "job"},
    }
