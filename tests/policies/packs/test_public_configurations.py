"""The shipped policies against configurations that other projects publish with their verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.engines.base import State
from policies.engines.embedded import EmbeddedEngine
from policies.packs.catalog import bundle

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"

MODEL = "AWS::SageMaker::Model"


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(workers=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def configurations(test_data: Path) -> Path:
    return test_data / "workspace-configs"


def judge(
    engine: EmbeddedEngine, policy: str, configuration: object, *, kind: str, provenance: str
) -> State:
    document = {
        "schema": "muniment.configuration/v1",
        "now": "2026-11-20T09:30:00.000000+00:00",
        "workspace": {"slug": "assist-prod", "stage": "production"},
        "resource": {
            "type": kind,
            "external_id": "x",
            "source": "test",
            "observed_at": "2026-11-20T09:30:00.000000+00:00",
            "provenance": provenance,
        },
        "configuration": configuration,
        "parameters": {},
    }
    package = f"muniment.{policy}"
    outcome = engine.evaluate(
        bundle(), packages=[package], input_json=json.dumps(document), deadline=60
    )[package]
    assert outcome.error == ""
    return outcome.state


def template_workspace(path: Path) -> Any:
    (resource,) = json.loads(path.read_text(encoding="utf-8"))["resources"]
    return resource


@pytest.mark.parametrize(
    ("name", "state"),
    [
        # Checkov passes a template with an outbound private endpoint in the managed network, and
        # fails the others. The Azure policy counts approved inbound connections, which no
        # template lists: with the Azure policy, and unlike Checkov, we say unknown to all four.
        ("arm_checkov_AzureMLWorkspacePrivateEndpoint_pass", State.UNKNOWN),
        ("arm_checkov_AzureMLWorkspacePrivateEndpoint_pass2", State.UNKNOWN),
        ("arm_checkov_AzureMLWorkspacePrivateEndpoint_fail", State.UNKNOWN),
        ("arm_checkov_AzureMLWorkspacePrivateEndpoint_fail2", State.UNKNOWN),
    ],
)
def test_templates_do_not_tell_private_endpoints(
    engine: EmbeddedEngine, configurations: Path, name: str, state: State
) -> None:
    workspace = template_workspace(configurations / f"{name}.json")

    found = judge(
        engine, "azure_ml.private_endpoint", workspace, kind=WORKSPACE, provenance="declared"
    )

    assert found is state


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("arm_checkov_AzureMLWorkspacePublicNetwork_fail", State.FAIL),
        ("arm_checkov_AzureMLWorkspacePublicNetwork_pass", State.PASS),
        # Checkov passes an absent property; the Azure policy fails it, and so do we.
        ("arm_checkov_AzureMLWorkspacePublicNetwork_pass2", State.FAIL),
    ],
)
def test_templates_tell_public_network_access(
    engine: EmbeddedEngine, configurations: Path, name: str, state: State
) -> None:
    workspace = template_workspace(configurations / f"{name}.json")

    found = judge(
        engine, "azure_ml.public_network_access", workspace, kind=WORKSPACE, provenance="declared"
    )

    assert found is state


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        ("private_endpoint", State.PASS),
        ("public_network_access", State.PASS),
        ("customer_managed_key", State.PASS),
        ("user_assigned_identity", State.FAIL),
        ("managed_network_isolation", State.FAIL),
        ("v1_legacy_mode", State.FAIL),
        ("compute_local_auth", State.NOT_APPLICABLE),
    ],
)
def test_the_answer_of_a_live_workspace_is_judged(
    engine: EmbeddedEngine, configurations: Path, policy: str, state: State
) -> None:
    path = configurations / "arm_get_2024-04-01_testworkspace.json"
    workspace = json.loads(path.read_text(encoding="utf-8"))

    found = judge(
        engine, f"azure_ml.{policy}", workspace, kind=workspace["type"], provenance="observed"
    )

    assert found is state


class _Tags(yaml.SafeLoader):
    """Reads CloudFormation's short functions (!GetAtt a.b) as one opaque mapping."""


_Tags.add_multi_constructor("!", lambda loader, suffix, node: {f"Fn::{suffix}": str(node.value)})


def cloudformation(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _Tags)  # noqa: S506 - a SafeLoader


def test_notebooks_are_judged_like_the_rule_of_cloudformation_guard(
    engine: EmbeddedEngine, configurations: Path
) -> None:
    name = "other_awsguard_sagemaker_notebook_no_direct_internet_access_tests.yml"
    judged = 0
    for case in cloudformation(configurations / name):
        (expected,) = case["expectations"]["rules"].values()
        for resource in case["input"].get("Resources", {}).values():
            if expected == "SKIP":  # Suppressions are ours by exemption, not by metadata.
                continue
            state = judge(
                engine,
                "aws_sagemaker.notebook_direct_internet",
                resource,
                kind=resource["Type"],
                provenance="declared",
            )
            assert state is (State.PASS if expected == "PASS" else State.FAIL), case["name"]
            judged += 1

    assert judged >= 3


@pytest.mark.parametrize(("verdict", "state"), [("PASSED", State.PASS), ("FAILED", State.FAIL)])
def test_sagemaker_models_are_judged_like_checkov_does(
    engine: EmbeddedEngine, configurations: Path, verdict: str, state: State
) -> None:
    rule = "SagemakerModelWithNetworkIsolation"
    template = cloudformation(configurations / f"other_checkov_{rule}_{rule}-{verdict}.yaml")
    models = [each for each in template["Resources"].values() if each["Type"] == MODEL]

    states = {
        judge(
            engine,
            "aws_sagemaker.model_network_isolation",
            model,
            kind=MODEL,
            provenance="declared",
        )
        for model in models
    }

    assert states == {state}
