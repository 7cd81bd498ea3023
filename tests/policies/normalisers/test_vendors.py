"""The names in our tables are those of the vendors' own libraries."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from policies.normalisers.azureml_cli import TABLES
from policies.normalisers.sagemaker_shapes import SHAPES
from tests.support.environments import environment
from tests.support.parts import PartMissing, missing

pytestmark = [pytest.mark.slow, pytest.mark.interop]
AZURE_AI_ML = "1.35.2"
BOTOCORE = "1.44.8"
DATABRICKS = "0.162.0"
# Prints the fields that files can have, by type.
ASK_AZURE = """
import json
from marshmallow import fields
from azure.ai.ml._schema.workspace import WorkspaceSchema
from azure.ai.ml._schema.compute.compute_instance import ComputeInstanceSchema
from azure.ai.ml._schema.compute.aml_compute import AmlComputeSchema
from azure.ai.ml._schema._endpoint import ManagedOnlineEndpointSchema
from azure.ai.ml._schema._deployment.online.online_deployment import ManagedOnlineDeploymentSchema

def names(*schemas):
    found = [pair for each in schemas for pair in each._declared_fields.items()]
    return sorted({name for name, field in found if not field.dump_only})

W = "Microsoft.MachineLearningServices/workspaces"
print(json.dumps({
    W: names(WorkspaceSchema),
    f"{W}/computes": names(ComputeInstanceSchema, AmlComputeSchema),
    f"{W}/onlineEndpoints": names(ManagedOnlineEndpointSchema),
    f"{W}/onlineEndpoints/deployments": names(ManagedOnlineDeploymentSchema),
}))
"""
ASK_BOTOCORE = """
import json, sys
from botocore.loaders import Loader
model = Loader().load_service_model("sagemaker", "service-2")
outputs = {
    name: model["operations"]["Describe" + name]["output"]["shape"] for name in sys.argv[1:]
}
print(json.dumps({
    name: sorted(model["shapes"][shape]["members"]) for name, shape in outputs.items()
}))
"""
ASK_DATABRICKS = """
import dataclasses, json
from databricks.sdk.service.compute import ClusterDetails
from databricks.sdk.service.provisioning import Workspace
from databricks.sdk.service.serving import ServingEndpointDetailed
print(json.dumps({
    each.__name__: [one.name for one in dataclasses.fields(each)]
    for each in (ClusterDetails, Workspace, ServingEndpointDetailed)
}))
"""


def ask(package: str, version: str, program: str, *words: str) -> Any:
    """What a program prints that runs where the vendor's library is."""
    try:
        home = environment(f"{package}-{version}", [f"{package}=={version}"])
    except PartMissing as error:
        missing(str(error))
    done = subprocess.run(
        [str(Path(home) / "bin" / "python"), "-W", "ignore", "-c", program, *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_files_of_az_ml_have_the_lines_that_we_read() -> None:
    theirs = ask("azure-ai-ml", AZURE_AI_ML, ASK_AZURE)

    for kind, table in TABLES.items():
        ours = {row.source.partition(".")[0] for row in table} - {"type"}
        assert ours <= set(theirs[kind]), kind


def test_describe_answers_have_the_members_that_we_list() -> None:
    short = [kind.rpartition("::")[2] for kind in SHAPES]
    theirs = ask("botocore", BOTOCORE, ASK_BOTOCORE, *short)

    assert {name: sorted(SHAPES[f"AWS::SageMaker::{name}"].told) for name in short} == theirs


def test_databricks_has_the_fields_that_tell_its_resources_apart() -> None:
    theirs = ask("databricks-sdk", DATABRICKS, ASK_DATABRICKS)

    assert "cluster_id" in theirs["ClusterDetails"]
    assert {"workspace_id", "workspace_name"} <= set(theirs["Workspace"])
    assert {"name", "config", "route_optimized"} <= set(theirs["ServingEndpointDetailed"])
