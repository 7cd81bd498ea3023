"""Answers from the protocol buffers of Vertex AI and Workbench, by the names of their JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from google.cloud import aiplatform_v1, notebooks_v2

SERVICES = {"aiplatform.googleapis.com": aiplatform_v1, "notebooks.googleapis.com": notebooks_v2}
MESSAGE, STRING, BOOLEAN = 11, 9, 8
KINDS = {MESSAGE: "structure", STRING: "string", BOOLEAN: "boolean"}
DURATION = "google.protobuf.Duration"


def kind_of(field: Any) -> str:
    if field.message_type and field.message_type.GetOptions().map_entry:
        return "structure"
    if field.is_repeated:
        return "list"
    if field.message_type and field.message_type.full_name == DURATION:
        return "string"  # "3600s"
    return KINDS.get(field.type, "other")


def told(kind: str, path: str) -> dict[str, Any] | None:
    service, _, name = kind.partition("/")
    message = getattr(SERVICES[service], name)
    descriptor, kind_here = message.pb(message()).DESCRIPTOR, "structure"
    for step in path.split("."):
        if descriptor is None:
            return None
        if descriptor.GetOptions().map_entry:
            return {"kind": KINDS.get(descriptor.fields_by_name["value"].type, "other"), "enum": []}
        field = next((each for each in descriptor.fields if each.json_name == step), None)
        if field is None:
            return None
        descriptor, kind_here = field.message_type, kind_of(field)
    return {"kind": kind_here, "enum": []}


json.dump([told(*pair) for pair in json.load(sys.stdin)], sys.stdout)
