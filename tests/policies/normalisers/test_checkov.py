"""Checkov's verdict on the same documents, check by check where both have it.

`docs/configurations.md` tells where and why ours is another.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policies.engines.base import State
from policies.engines.embedded import EmbeddedEngine
from tests.policies.normalisers.judging import judge, parsed, resources
from tests.support import checkov
from tests.support.parts import PartMissing, missing

pytestmark = [pytest.mark.slow, pytest.mark.interop]
# Our policy for the same question, by the form that Checkov's check is for.
SAME = {
    ("arm-template", "CKV2_AZURE_49"): "azure_ml.public_network_access",
    ("arm-template", "CKV_AZURE_243"): "azure_ml.private_endpoint",
    ("arm-template", "CKV_AZURE_236"): "azure_ai.local_auth_disabled",
    ("cloudformation", "CKV_AWS_370"): "aws_sagemaker.model_network_isolation",
    ("terraform-plan", "CKV_AZURE_236"): "azure_ai.local_auth_disabled",
    ("terraform-plan", "CKV_AWS_370"): "aws_sagemaker.model_network_isolation",
    ("terraform-plan", "CKV_AWS_122"): "aws_sagemaker.notebook_direct_internet",
}
# The check that a published document is about, by a part of its name, which tells the verdict too.
NAMED = {
    "AzureMLWorkspacePublicNetwork": "CKV2_AZURE_49",
    "AzureMLWorkspacePrivateEndpoint": "CKV_AZURE_243",
    "SagemakerModelWithNetworkIsolation": "CKV_AWS_370",
}
# Where ours is another verdict, as docs/configurations.md explains.
UNTOLD_ACCESS = ("CKV2_AZURE_49", True, State.FAIL)
INBOUND = ("CKV_AZURE_243", True, State.UNKNOWN), ("CKV_AZURE_243", False, State.UNKNOWN)
KNOWN = {UNTOLD_ACCESS, *INBOUND}
ARM = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def template(*resources: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"$schema": ARM, "contentVersion": "1.0.0.0", "resources": list(resources), **parts}


def account(name: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Microsoft.CognitiveServices/accounts",
        "apiVersion": "2023-05-01",
        "name": name,
        "location": "westeurope",
        "kind": "OpenAI",
        "sku": {"name": "S0"},
        "properties": properties,
    }


def workspace(name: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Microsoft.MachineLearningServices/workspaces",
        "apiVersion": "2024-04-01",
        "name": name,
        "location": "westeurope",
        "properties": properties,
    }


def planned(kind: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/x",
        "schema_version": 0,
        "values": values,
    }


def plan(*resources: dict[str, Any]) -> dict[str, Any]:
    changes = [
        {
            **{key: each[key] for key in ("address", "mode", "type", "name", "provider_name")},
            "change": {
                "actions": ["create"],
                "before": None,
                "after": each["values"],
                "after_unknown": {"id": True},
            },
        }
        for each in resources
    ]
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": list(resources)}},
        "resource_changes": changes,
        "configuration": {"root_module": {}},
    }


OWN: dict[str, tuple[str, Any]] = {
    "accounts.json": (
        "arm-template",
        template(
            account("open", disableLocalAuth=False),
            account("closed", disableLocalAuth=True),
            account("silent"),
        ),
    ),
    "workspaces.json": (
        "arm-template",
        template(
            workspace("open", publicNetworkAccess="Enabled"),
            workspace("closed", publicNetworkAccess="Disabled"),
            workspace("silent"),
        ),
    ),
    "models.json": (
        "cloudformation",
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": {"Isolated": {"Type": "String", "Default": "true"}},
            "Resources": {
                name: {
                    "Type": "AWS::SageMaker::Model",
                    "Properties": {"ExecutionRoleArn": "arn:aws:iam::1:role/r", **isolation},
                }
                for name, isolation in (
                    ("Open", {"EnableNetworkIsolation": False}),
                    ("Closed", {"EnableNetworkIsolation": True}),
                    ("Silent", {}),
                )
            },
        },
    ),
    "plan.json": (
        "terraform-plan",
        plan(
            planned("azurerm_cognitive_account", "open", {"name": "a", "local_auth_enabled": True}),
            planned(
                "azurerm_cognitive_account", "closed", {"name": "b", "local_auth_enabled": False}
            ),
            planned("aws_sagemaker_model", "open", {"enable_network_isolation": False}),
            planned("aws_sagemaker_model", "closed", {"enable_network_isolation": True}),
            planned(
                "aws_sagemaker_notebook_instance", "open", {"direct_internet_access": "Enabled"}
            ),
            planned(
                "aws_sagemaker_notebook_instance", "closed", {"direct_internet_access": "Disabled"}
            ),
        ),
    ),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(workers=1)
    yield engine
    engine.close()


def compared(
    engine: EmbeddedEngine, folder: Path, forms: dict[str, str]
) -> dict[tuple[str, str, str], tuple[bool, State]]:
    """Checkov's verdict and ours on each resource, by file, check and name."""
    try:
        theirs = checkov.verdicts(folder)
    except PartMissing as error:
        missing(str(error))
    found: dict[tuple[str, str, str], tuple[bool, State]] = {}
    for name, form in forms.items():
        for resource in resources(form, parsed(folder / name)):
            for (kind, check), policy in SAME.items():
                key = (name, check, resource.external_id.rpartition(".")[2])
                if kind != form or key not in theirs:
                    continue
                ours = judge(engine, policy, resource, form=form)
                if ours is not State.NOT_APPLICABLE:
                    found[key] = (theirs[key], ours)
    return found


def surprises(
    found: dict[tuple[str, str, str], tuple[bool, State]],
) -> dict[tuple[str, str, str], tuple[bool, State]]:
    """Where the two differ and the documentation says nothing of it."""
    return {
        key: (passes, ours)
        for key, (passes, ours) in found.items()
        if ours is not (State.PASS if passes else State.FAIL)
        and (key[1], passes, ours) not in KNOWN
    }


def test_published_documents_get_checkovs_verdict_or_the_documented_one(
    engine: EmbeddedEngine, test_data: Path, tmp_path: Path
) -> None:
    forms = {}
    for path in sorted((test_data / "workspace-configs").glob("*checkov*")):
        shutil.copy(path, tmp_path)
        forms[path.name] = "arm-template" if path.name.startswith("arm_") else "cloudformation"

    found = compared(engine, tmp_path, forms)

    assert len(found) >= 17
    assert surprises(found) == {}
    named = {
        name: passes
        for (name, check, _), (passes, _) in found.items()
        if any(part in name and check == NAMED[part] for part in NAMED)
    }
    assert named == {name: "pass" in name.casefold() for name in forms}


def test_documents_of_our_own_get_checkovs_verdict_or_the_documented_one(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    for name, (_, document) in OWN.items():
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")

    found = compared(engine, tmp_path, {name: form for name, (form, _) in OWN.items()})

    assert {check for _, check, _ in found} == {check for _, check in SAME}
    assert len(found) >= 15
    assert surprises(found) == {}
