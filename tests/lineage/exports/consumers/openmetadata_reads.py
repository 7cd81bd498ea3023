"""Check each request against the models that OpenMetadata generates from its JSON Schemas."""

from __future__ import annotations

import json
import sys
import sysconfig
import types
from pathlib import Path
from urllib.parse import unquote

# The package's own __init__ imports its connectors; its generated models need none of them.
package = types.ModuleType("metadata")
package.__path__ = [str(Path(sysconfig.get_paths()["purelib"]) / "metadata")]
sys.modules["metadata"] = package

from metadata.generated.schema.api.data.createContainer import CreateContainerRequest  # noqa: E402
from metadata.generated.schema.api.data.createMlModel import CreateMlModelRequest  # noqa: E402
from metadata.generated.schema.api.data.createPipeline import CreatePipelineRequest  # noqa: E402
from metadata.generated.schema.api.services.createMlModelService import (  # noqa: E402
    CreateMlModelServiceRequest,
)
from metadata.generated.schema.api.services.createPipelineService import (  # noqa: E402
    CreatePipelineServiceRequest,
)
from metadata.generated.schema.api.services.createStorageService import (  # noqa: E402
    CreateStorageServiceRequest,
)
from metadata.generated.schema.type.basic import FullyQualifiedEntityName  # noqa: E402
from metadata.generated.schema.type.entityLineage import LineageDetails  # noqa: E402

MODELS = {
    "services/mlmodelServices": CreateMlModelServiceRequest,
    "services/storageServices": CreateStorageServiceRequest,
    "services/pipelineServices": CreatePipelineServiceRequest,
    "mlmodels": CreateMlModelRequest,
    "containers": CreateContainerRequest,
    "pipelines": CreatePipelineRequest,
}
KINDS = {"mlmodels": "mlmodel", "containers": "container", "pipelines": "pipeline"}
known, edges = set(), []
for request in json.load(sys.stdin)["requests"]:
    assert request["method"] == "PUT"
    path = request["path"].removeprefix("/api/v1/")
    if not path.startswith("lineage/"):
        made = MODELS[path].model_validate(request["body"])
        if path in KINDS:
            name = made.name.root
            quoted = f'"{name}"' if "." in name else name
            known.add((KINDS[path], f"{made.service.root}.{quoted}"))
        continue
    LineageDetails.model_validate(request["body"])
    _, from_kind, _, source, to_kind, _, target = path.split("/")
    ends = [(from_kind, unquote(source)), (to_kind, unquote(target))]
    for kind, name in ends:
        FullyQualifiedEntityName.model_validate(name)
        assert (kind, name) in known, f"an edge to {name}, which no request makes before"
    edges.append([name for _, name in ends])
print(json.dumps({"edges": sorted(edges), "entities": len(known)}))
