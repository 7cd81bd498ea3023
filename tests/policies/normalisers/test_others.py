"""Terraform plans, Databricks and Vertex AI."""

from __future__ import annotations

from typing import Any

import pytest

from policies.normalisers import NormalisationError, normalise
from tests.policies.normalisers.reading import only, read

ACCESS = "properties.publicNetworkAccess"


def planned(
    kind: str, values: dict[str, Any], *, name: str = "main", **marks: Any
) -> dict[str, Any]:
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "values": values,
        **marks,
    }


def plan(*resources: dict[str, Any], unknown: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"child_modules": [{"resources": list(resources)}]}},
        "resource_changes": [
            {"address": address, "change": {"after_unknown": marks}}
            for address, marks in (unknown or {}).items()
        ],
    }


PLANNED_WORKSPACE = "azurerm_machine_learning_workspace"
WORKSPACE_PLAN = plan(
    planned(
        PLANNED_WORKSPACE,
        {
            "name": "ws",
            "public_network_access_enabled": False,
            "v1_legacy_mode_enabled": None,
            "identity": [{"type": "UserAssigned", "identity_ids": ["/ids/one"]}],
            "managed_network": [{"isolation_mode": "AllowOnlyApprovedOutbound"}],
            "encryption": [],
        },
    ),
    unknown={f"{PLANNED_WORKSPACE}.main": {"primary_user_assigned_identity": True}},
)


def test_a_plan_is_told_in_the_shape_of_the_platform() -> None:
    found = only("terraform-plan", WORKSPACE_PLAN)

    assert found.external_id == f"{PLANNED_WORKSPACE}.main"
    assert found.configuration["properties"] == {
        "publicNetworkAccess": "Disabled",
        "managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound"},
    }
    assert found.configuration["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": {"/ids/one": {}},
    }
    assert found.notes == (
        "properties.primaryUserAssignedIdentity is known after the deployment only",
    )


def test_a_plan_tells_apart_what_is_not_set_and_what_it_does_not_know() -> None:
    found = only(
        "terraform-plan",
        WORKSPACE_PLAN,
        reads=[
            ACCESS,
            "properties.v1LegacyMode",
            "properties.encryption.status",
            "properties.primaryUserAssignedIdentity",
            "properties.privateEndpointConnections",
        ],
    )

    assert found.fields is not None
    assert found.fields[ACCESS] == "declared"
    assert found.fields["properties.v1LegacyMode"] == "absent"
    assert found.fields["properties.encryption.status"] == "absent"
    assert "properties.primaryUserAssignedIdentity" not in found.fields
    assert "properties.privateEndpointConnections" not in found.fields


def test_a_tag_that_a_plan_does_not_know_is_there_and_open() -> None:
    values = {"name": "ws", "tags": {"team": "search"}}
    unknown = {f"{PLANNED_WORKSPACE}.main": {"tags": {"env": True}}}
    secret = {"tags": {"owner": True}}
    document = plan(planned(PLANNED_WORKSPACE, values, sensitive_values=secret), unknown=unknown)

    found = only("terraform-plan", document, reads=["tags.env", "tags.other"])

    assert found.configuration["tags"] == {"team": "search", "env": None, "owner": None}
    assert found.fields is not None
    told = {path: found.fields[path] for path in found.fields if path.startswith("tags.")}
    assert told == {"tags.team": "declared", "tags.other": "absent"}
    assert "tags.env is known after the deployment only" in found.notes


def test_tags_of_aws_are_told_with_those_that_its_provider_adds() -> None:
    kind = "aws_sagemaker_notebook_instance"
    values = {"name": "n", "tags": {"a": "1"}, "tags_all": {"a": "1", "env": "prod"}}
    unknown = {f"{kind}.main": {"tags_all": {"owner": True}}}

    found = only("terraform-plan", plan(planned(kind, values), unknown=unknown))

    tags = sorted((each["Key"], each["Value"]) for each in found.configuration["Tags"])
    assert tags == [("a", "1"), ("env", "prod"), ("owner", None)]


def test_sensitive_values_of_a_plan_are_not_told() -> None:
    found = only(
        "terraform-plan",
        plan(
            planned(
                "azurerm_cognitive_account",
                {"name": "ai", "local_auth_enabled": False, "custom_subdomain_name": "s"},
                sensitive_values={"custom_subdomain_name": True},
            )
        ),
        reads=["properties.customSubDomainName"],
    )

    assert found.configuration["properties"] == {"disableLocalAuth": True}
    assert found.fields is not None
    assert "properties.customSubDomainName" not in found.fields


def test_a_planned_model_deployment_shows_its_content_filter() -> None:
    rule = {"name": "Hate", "source": "Prompt", "filter_enabled": True, "block_enabled": True}
    found = read(
        "terraform-plan",
        plan(
            planned("azurerm_cognitive_deployment", {"name": "gpt", "rai_policy_name": "strict"}),
            planned(
                "azurerm_cognitive_account_rai_policy",
                {"name": "strict", "mode": "Blocking", "content_filter": [rule]},
            ),
        ),
    )

    assert found[0].configuration["properties"]["raiPolicy"] == {
        "name": "strict",
        "mode": "Blocking",
        "contentFilters": [{"name": "Hate", "source": "Prompt", "enabled": True, "blocking": True}],
    }


def test_types_of_other_platforms_are_left_out_by_name() -> None:
    _, skipped = normalise("terraform-plan", plan(planned("random_id", {})))

    assert [(each.name, each.reason) for each in skipped] == [
        ("random_id.main", "random_id has no shape here")
    ]


def test_what_is_no_plan_says_how_to_make_one() -> None:
    with pytest.raises(NormalisationError, match="terraform show -json"):
        normalise("terraform-plan", {"values": {}})


def test_plans_of_three_clouds_tell_the_same_intent() -> None:
    notebook, endpoint = read(
        "terraform-plan",
        plan(
            planned(
                "aws_sagemaker_notebook_instance",
                {"name": "nb", "direct_internet_access": "Disabled", "tags": {"a": "b"}},
            ),
            planned(
                "google_vertex_ai_endpoint",
                {"name": "1", "encryption_spec": [{"kms_key_name": "projects/p/keys/k"}]},
            ),
        ),
    )

    assert notebook.configuration["DirectInternetAccess"] == "Disabled"
    assert notebook.configuration["Tags"] == [{"Key": "a", "Value": "b"}]
    assert endpoint.configuration["encryptionSpec"] == {"kmsKeyName": "projects/p/keys/k"}


def test_databricks_is_told_apart_by_what_stands_in_the_answer() -> None:
    cluster, endpoint, workspace = read(
        "databricks",
        [
            {"cluster_id": "c-1", "data_security_mode": "USER_ISOLATION"},
            {"name": "ask", "config": {"served_entities": []}},
            {"workspace_id": 7, "workspace_name": "w"},
        ],
    )

    assert [(each.type, each.external_id) for each in (cluster, endpoint, workspace)] == [
        ("databricks/clusters", "c-1"),
        ("databricks/serving-endpoints", "ask"),
        ("databricks/workspaces", "7"),
    ]
    assert only("databricks", {"clusters": [{"cluster_id": "c"}]}).type == "databricks/clusters"


def test_vertex_tells_the_type_by_the_name_of_a_resource() -> None:
    name = "projects/1/locations/europe-west1/endpoints/2"
    told = {"name": name, "displayName": "ask"}
    kind = "aiplatform.googleapis.com/Endpoint"

    found = only("vertex", told, reads=["encryptionSpec.kmsKeyName"])

    assert (found.type, found.external_id) == (kind, name)
    assert found.fields is not None
    assert found.fields["encryptionSpec.kmsKeyName"] == "absent"
    assert only("vertex", {"assetType": kind, "resource": {"data": told}}).configuration == told
    assert only("vertex", {"endpoints": [told]}) == only("vertex", told)
