"""What Marquez's pages take an answer to hold, as JSON Schemas: our own words for its types."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
COUNT: Schema = {"type": "integer", "minimum": 0}
YES_OR_NO: Schema = {"type": "boolean"}
ANY_OBJECT: Schema = {"type": "object"}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(*words: str) -> Schema:
    return {"enum": list(words)}


def listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def shape(**members: Schema) -> Schema:
    """An object with all of ``members``."""
    return {"type": "object", "required": sorted(members), "properties": members}


def page(name: str, schema: Schema) -> Schema:
    return shape(**{name: listed(schema), "totalCount": COUNT})


ID = shape(namespace=TEXT, name=TEXT)
VERSION_ID = shape(namespace=TEXT, name=TEXT, version=TEXT)
NAMESPACE = shape(
    name=TEXT,
    createdAt=TIME,
    updatedAt=TIME,
    ownerName=TEXT,
    description=maybe(TEXT),
    isHidden=YES_OR_NO,
)
RUN = shape(
    id={"type": "string", "format": "uuid"},
    createdAt=TIME,
    updatedAt=TIME,
    nominalStartTime=maybe(TIME),
    nominalEndTime=maybe(TIME),
    state=one_of("NEW", "RUNNING", "COMPLETED", "FAILED", "ABORTED"),
    jobVersion=VERSION_ID,
    startedAt=maybe(TIME),
    endedAt=maybe(TIME),
    durationMs=maybe(COUNT),
    args={"type": "object", "additionalProperties": TEXT},
    facets=ANY_OBJECT,
)
FIELD = shape(name=TEXT, type=maybe(TEXT), tags=listed(TEXT), description=maybe(TEXT))
SOURCE_FIELD = shape(
    namespace=TEXT,
    dataset=TEXT,
    field=TEXT,
    transformationDescription=maybe(TEXT),
    transformationType=maybe(TEXT),
)
PLAIN_DATASET = {
    "id": ID,
    "type": one_of("DB_TABLE", "STREAM"),
    "name": TEXT,
    "physicalName": TEXT,
    "createdAt": TIME,
    "namespace": TEXT,
    "sourceName": TEXT,
    "fields": listed(FIELD),
    "tags": listed(TEXT),
    "lastModifiedAt": maybe(TIME),
    "description": maybe(TEXT),
    "facets": ANY_OBJECT,
}
DATASET = shape(
    **PLAIN_DATASET,
    updatedAt=TIME,
    deleted=YES_OR_NO,
    columnLineage=listed(shape(name=TEXT, inputFields=listed(SOURCE_FIELD))),
)
DATASET_VERSION = shape(
    **(PLAIN_DATASET | {"id": VERSION_ID}),
    version=TEXT,
    createdByRun=maybe(shape(id=TEXT, state=TEXT, facets=ANY_OBJECT)),
    lifecycleState=maybe(TEXT),
)
JOB = shape(
    id=ID,
    type=one_of("BATCH", "STREAM", "SERVICE"),
    name=TEXT,
    simpleName=TEXT,
    createdAt=TIME,
    updatedAt=TIME,
    namespace=TEXT,
    inputs=listed(ID),
    outputs=listed(ID),
    location=maybe(TEXT),
    description=maybe(TEXT),
    latestRun=maybe(RUN),
    latestRuns=listed(RUN),
    tags=listed(TEXT),
    parentJobName=maybe(TEXT),
    parentJobUuid=maybe(TEXT),
)
EDGES = listed(shape(origin=TEXT, destination=TEXT))
LINEAGE = shape(
    graph=listed(
        {
            "oneOf": [
                shape(id=TEXT, type=one_of(kind), data=data, inEdges=EDGES, outEdges=EDGES)
                for kind, data in (("JOB", JOB), ("DATASET", DATASET))
            ]
        }
    )
)
COLUMN = shape(
    namespace=TEXT,
    dataset=TEXT,
    datasetVersion=maybe(TEXT),
    field=TEXT,
    fieldType=maybe(TEXT),
    transformationDescription=maybe(TEXT),
    transformationType=maybe(TEXT),
    inputFields=listed(SOURCE_FIELD),
)
COLUMN_LINEAGE = shape(
    graph=listed(
        shape(id=TEXT, type=one_of("DATASET_FIELD"), data=COLUMN, inEdges=EDGES, outEdges=EDGES)
    )
)
EVENT = shape(
    eventType=TEXT,
    eventTime=TEXT,
    producer=TEXT,
    schemaURL=TEXT,
    run=shape(runId=TEXT),
    job=ID,
    inputs=listed(ID),
    outputs=listed(ID),
)
FOUND = shape(name=TEXT, namespace=TEXT, nodeId=TEXT, type=one_of("JOB", "DATASET"), updatedAt=TIME)
INTERVAL = {"startInterval": TIME, "endInterval": TIME}
EVENT_COUNTS = listed(shape(**INTERVAL, fail=COUNT, start=COUNT, complete=COUNT, abort=COUNT))
COUNTS = listed(shape(**INTERVAL, count=COUNT))
