"""Answers from botocore's service model: the outputs of the Describe calls."""

from __future__ import annotations

import json
import sys
from typing import Any

import botocore.session

MODEL = botocore.session.get_session().get_service_model("sagemaker")


def told(kind: str, path: str) -> dict[str, Any] | None:
    shape = MODEL.operation_model(f"Describe{kind.rpartition('::')[2]}").output_shape
    for step in path.split("."):
        while shape.type_name == "list":
            shape = shape.member
        if shape.type_name != "structure" or step not in shape.members:
            return None
        shape = shape.members[step]
    return {"kind": shape.type_name, "enum": list(getattr(shape, "enum", None) or [])}


json.dump([told(*pair) for pair in json.load(sys.stdin)], sys.stdout)
