"""Reads documents into SPDX's own model, which checks types and cardinalities; prints them."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from spdx_python_model import v3_0_1

found = {}
for path in sys.argv[1:]:
    objects = v3_0_1.SHACLObjectSet()
    with Path(path).open(encoding="utf-8") as file:
        v3_0_1.JSONLDDeserializer().read(file, objects)
    # Writing checks what reading does not: that nothing required is missing.
    v3_0_1.JSONLDSerializer().write(objects, io.BytesIO())
    found[path] = {
        "models": sorted(each.name for each in objects.foreach_type(v3_0_1.ai_AIPackage)),
        "datasets": sorted(
            each.name for each in objects.foreach_type(v3_0_1.dataset_DatasetPackage)
        ),
        "relations": len(list(objects.foreach_type(v3_0_1.Relationship))),
        "missing": sorted(objects.missing_ids),
    }
print(json.dumps(found))
