"""Read proposals with DataHub's own library: as its file source does, and as its emitter sends."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from datahub.emitter.mcp import MetadataChangeProposalWrapper
from datahub.ingestion.source.file import read_metadata_file
from datahub.metadata.schema_classes import (
    DataJobInputOutputClass,
    MetadataChangeProposalClass,
    UpstreamLineageClass,
)
from datahub.metadata.urns import DataFlowUrn, DataJobUrn, DatasetUrn

proposals = json.load(sys.stdin)
with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
    json.dump(proposals, file)
    file.flush()
    read = list(read_metadata_file(Path(file.name)))

edges, names, jobs = [], [], []
for raw, parsed in zip(proposals, read, strict=True):
    direct = MetadataChangeProposalClass.from_obj(raw)
    assert direct.validate(), raw
    wrapper = MetadataChangeProposalWrapper.try_from_mcpc(direct)
    assert wrapper is not None, f"DataHub knows no aspect {raw['aspectName']}"
    assert wrapper.validate(), raw
    assert isinstance(parsed, (MetadataChangeProposalWrapper, MetadataChangeProposalClass))
    if wrapper.entityType == "dataset":
        names.append(DatasetUrn.from_string(wrapper.entityUrn).name)
    elif wrapper.entityType == "dataFlow":
        DataFlowUrn.from_string(wrapper.entityUrn)
    if isinstance(wrapper.aspect, DataJobInputOutputClass):
        touched = [*wrapper.aspect.inputDatasets, *wrapper.aspect.outputDatasets]
        ends = [DatasetUrn.from_string(each).name for each in touched]
        jobs.append([DataJobUrn.from_string(wrapper.entityUrn).job_id, ends])
    # Everything that we wrote, the typed aspect has: no key is lost or unknown.
    ours, theirs = json.loads(raw["aspect"]["value"]), wrapper.aspect.to_obj()
    missing = {key for key in ours if key not in theirs}
    assert not missing, (raw["aspectName"], missing)
    if isinstance(wrapper.aspect, UpstreamLineageClass):
        target = DatasetUrn.from_string(wrapper.entityUrn).name
        edges += [
            [DatasetUrn.from_string(each.dataset).name, str(each.type), target]
            for each in wrapper.aspect.upstreams
        ]
print(json.dumps({"edges": sorted(edges), "names": sorted(set(names)), "jobs": sorted(jobs)}))
