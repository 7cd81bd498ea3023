"""Holds documents against the JSON schema and the SHACL shapes of SPDX 3.0.1, without a network;
prints what each breaks."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from pyshacl import validate
from rdflib import RDF, Graph, Namespace

SH = Namespace("http://www.w3.org/ns/shacl#")
folder, *paths = sys.argv[1:]
schema = json.loads(Path(folder, "schema-v3.0.1.json").read_text("utf-8"))
context = json.loads(Path(folder, "spdx-context-v3.0.1.jsonld").read_text("utf-8"))
shapes = Graph().parse(Path(folder, "spdx-model-v3.0.1.jsonld"), format="json-ld")


def broken_shapes(document: dict[str, object]) -> list[str]:
    """Messages of the violations; the context is the file's, not the web's."""
    told = json.dumps({**document, "@context": context["@context"]})
    graph = Graph().parse(data=told, format="json-ld")
    _, report, _ = validate(graph, shacl_graph=shapes, ont_graph=shapes, advanced=False)
    found = []
    for violation in report.subjects(RDF.type, SH.ValidationResult):
        part = [report.value(violation, name) for name in (SH.focusNode, SH.resultPath)]
        found.append(" ".join(str(each) for each in (*part, report.value(violation, SH.value))))
    return sorted(found)


validator, told = Draft202012Validator(schema), {}
for path in paths:
    document = json.loads(Path(path).read_text("utf-8"))
    told[path] = {
        "schema": [error.message[:200] for error in validator.iter_errors(document)],
        "shapes": broken_shapes(document),
    }
print(json.dumps(told))
