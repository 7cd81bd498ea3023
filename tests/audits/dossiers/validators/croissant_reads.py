"""Loads datasets with mlcroissant, rows included; prints its complaints and the rows."""

from __future__ import annotations

import json
import sys

import mlcroissant

found = {}
for path in sys.argv[1:]:
    dataset = mlcroissant.Dataset(jsonld=path)
    issues = dataset.metadata.ctx.issues
    rows = [
        {key: value.decode() if isinstance(value, bytes) else value for key, value in row.items()}
        for row in dataset.records("rows")
    ]
    found[path] = {
        "errors": sorted(issues.errors),
        "warnings": sorted(issues.warnings),
        "version": str(dataset.metadata.ctx.conforms_to),
        "rows": rows,
    }
print(json.dumps(found))
