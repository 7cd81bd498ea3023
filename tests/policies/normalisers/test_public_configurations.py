"""Published documents, through their forms to a verdict: that in their names, where they have one.

`docs/configurations.md` says where ours is another, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.engines.base import State
from policies.engines.embedded import EmbeddedEngine
from tests.policies.normalisers.judging import judge, parsed, resources

ML = "avm_machine-learning-services_workspace"
AI = "avm_cognitive-services_account"


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(workers=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def published(test_data: Path) -> Path:
    return test_data / "workspace-configs"


@pytest.mark.parametrize(
    ("name", "policy", "state"),
    [
        ("AzureMLWorkspacePublicNetwork_fail", "azure_ml.public_network_access", State.FAIL),
        ("AzureMLWorkspacePublicNetwork_pass", "azure_ml.public_network_access", State.PASS),
        # Checkov passes what is left out; the platform's default is the open network.
        ("AzureMLWorkspacePublicNetwork_pass2", "azure_ml.public_network_access", State.FAIL),
        # No template lists the connections into a workspace.
        ("AzureMLWorkspacePrivateEndpoint_pass", "azure_ml.private_endpoint", State.UNKNOWN),
        ("AzureMLWorkspacePrivateEndpoint_pass2", "azure_ml.private_endpoint", State.UNKNOWN),
        ("AzureMLWorkspacePrivateEndpoint_fail", "azure_ml.private_endpoint", State.UNKNOWN),
        ("AzureMLWorkspacePrivateEndpoint_fail2", "azure_ml.private_endpoint", State.UNKNOWN),
    ],
)
def test_templates_of_azure_get_their_verdict(
    engine: EmbeddedEngine, published: Path, *, name: str, policy: str, state: State
) -> None:
    (resource,) = resources("arm-template", parsed(published / f"arm_checkov_{name}.json"))

    assert judge(engine, policy, resource, form="arm-template") is state


@pytest.mark.parametrize(("verdict", "state"), [("PASSED", State.PASS), ("FAILED", State.FAIL)])
def test_templates_of_cloudformation_get_their_verdict(
    engine: EmbeddedEngine, published: Path, verdict: str, state: State
) -> None:
    rule = "SagemakerModelWithNetworkIsolation"
    document = parsed(published / f"other_checkov_{rule}_{rule}-{verdict}.yaml")
    models = [
        each for each in resources("cloudformation", document) if each.type.endswith("::Model")
    ]

    assert models
    for each in models:
        said = judge(engine, "aws_sagemaker.model_network_isolation", each, form="cloudformation")
        assert said is state


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        ("private_endpoint", State.PASS),
        ("public_network_access", State.PASS),
        ("customer_managed_key", State.PASS),
        ("user_assigned_identity", State.FAIL),
        ("managed_network_isolation", State.FAIL),
        ("v1_legacy_mode", State.FAIL),
    ],
)
def test_an_answer_of_azure_is_judged_on_all_that_it_tells(
    engine: EmbeddedEngine, published: Path, policy: str, state: State
) -> None:
    document = parsed(published / "arm_get_2024-04-01_testworkspace.json")
    (workspace,) = resources("arm-get", document)

    assert judge(engine, f"azure_ml.{policy}", workspace, form="arm-get") is state


@pytest.mark.parametrize(
    ("name", "types"),
    [
        (f"{ML}_using-only-defaults", ["workspaces"]),
        (f"{ML}_using-large-parameter-set", ["workspaces", "workspaces/computes"]),
        (f"{ML}_creating-azure-ai-studio-hub-resource", ["workspaces"]),
        (f"{ML}_creating-azure-ai-studio-project-resource", ["workspaces"]),
        (f"{ML}_creating-azure-ml-managed-feature-store", ["workspaces"]),
        (
            f"{ML}_using-customer-managed-keys-with-user-assigned-identity",
            ["workspaces"],
        ),
        (f"{AI}_using-only-defaults", ["accounts"]),
        (f"{AI}_waf-aligned", ["accounts"]),
        (
            f"{AI}_using-openai-and-deployments-in-parameter-set-with-private-endpoint",
            ["accounts", "accounts/deployments"],
        ),
        ("avm_databricks_workspace_using-only-defaults", ["workspaces"]),
        ("avm_databricks_workspace_waf-aligned", ["workspaces"]),
    ],
)
def test_parameters_of_every_module_are_read(published: Path, name: str, types: list[str]) -> None:
    module = name.removeprefix("avm_").partition("_")
    path = "databricks/workspace"
    if module[0] != "databricks":
        path = f"{module[0]}/{module[2].partition('_')[0]}"

    found = resources(
        "avm-parameters", parsed(published / f"{name}.json"), module=f"avm/res/{path}"
    )

    assert [each.type.partition("/")[2] for each in found] == types
    assert all("declared" in set((each.fields or {}).values()) for each in found)


def test_parameters_say_what_they_say_and_leave_the_rest_unknown(
    engine: EmbeddedEngine, published: Path
) -> None:
    workspace, compute = resources(
        "avm-parameters",
        parsed(published / f"{ML}_using-large-parameter-set.json"),
        module="avm/res/machine-learning-services/workspace",
    )

    said = {
        policy: judge(engine, f"azure_ml.{policy}", resource, form="avm-parameters")
        for policy, resource in (
            ("user_assigned_identity", workspace),
            ("managed_network_isolation", workspace),
            ("private_endpoint", workspace),
            ("compute_local_auth", compute),
        )
    }

    assert said == {
        "user_assigned_identity": State.PASS,
        "managed_network_isolation": State.FAIL,
        "private_endpoint": State.UNKNOWN,
        "compute_local_auth": State.FAIL,
    }
