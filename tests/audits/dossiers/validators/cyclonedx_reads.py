"""Holds documents against the schemas that cyclonedx-python-lib brings; prints what is wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

VERSIONS = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}

found = {}
for path in sys.argv[1:]:
    text = Path(path).read_text(encoding="utf-8")
    error = JsonStrictValidator(VERSIONS[json.loads(text)["specVersion"]]).validate_str(text)
    found[path] = str(error) if error else None
print(json.dumps(found))
