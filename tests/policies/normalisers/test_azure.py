"""Answers of Azure, files of `az ml`, and parameters of Azure Verified Modules."""

from __future__ import annotations

import pytest

from policies.normalisers import Hints, NormalisationError, normalise
from tests.policies.normalisers.reading import only, read

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
COMPUTE = f"{WORKSPACE}/computes"
ID = f"/subscriptions/1/resourceGroups/g/providers/{WORKSPACE}/ws"
ACCESS = "properties.publicNetworkAccess"
CONNECTIONS = "properties.privateEndpointConnections"


def test_an_answer_tells_all_of_a_resource_and_nothing_of_what_hangs_on_it() -> None:
    found = only(
        "arm-get",
        {"id": ID, "name": "ws", "type": WORKSPACE, "properties": {"hbiWorkspace": False}},
        reads=[ACCESS, CONNECTIONS, "diagnosticSettings"],
    )

    assert (found.external_id, found.provenance) == (ID, "observed")
    assert found.fields is not None
    assert found.fields["properties.hbiWorkspace"] == "observed"
    assert found.fields[ACCESS] == found.fields[CONNECTIONS] == "absent"
    assert "diagnosticSettings" not in found.fields


def test_null_is_absent() -> None:
    found = only(
        "arm-get",
        {"id": ID, "type": WORKSPACE, "properties": {"publicNetworkAccess": None}},
        reads=[ACCESS],
    )

    assert found.fields is not None
    assert found.fields[ACCESS] == "absent"


def test_children_beside_their_resource_are_put_into_it() -> None:
    setting = f"{ID}/providers/microsoft.insights/diagnosticSettings/logs"
    connection = f"{ID}/privateEndpointConnections/pe"

    found = only(
        "arm-get",
        {
            "value": [
                {"id": setting, "type": "Microsoft.Insights/diagnosticSettings", "name": "logs"},
                {"id": ID, "type": WORKSPACE, "name": "ws", "properties": {}},
                {"id": connection, "type": f"{WORKSPACE}/privateEndpointConnections"},
            ]
        },
        reads=["diagnosticSettings", CONNECTIONS],
    )

    assert [each["id"] for each in found.configuration["diagnosticSettings"]] == [setting]
    assert [each["id"] for each in found.configuration["properties"]["privateEndpointConnections"]]
    assert found.fields is not None
    assert found.fields["diagnosticSettings"] == found.fields[CONNECTIONS] == "observed"


def test_an_empty_list_of_settings_inside_of_a_resource_says_that_there_are_none() -> None:
    found = only(
        "arm-get",
        {"id": ID, "type": WORKSPACE, "properties": {}, "diagnosticSettings": {"value": []}},
        reads=["diagnosticSettings"],
    )

    assert found.configuration["diagnosticSettings"] == []
    assert found.fields is not None
    assert found.fields["diagnosticSettings"] == "observed"


def test_a_child_whose_resource_is_not_there_is_left_out_and_says_why() -> None:
    found, skipped = normalise(
        "arm-get",
        [
            {
                "id": f"{ID}/privateEndpointConnections/pe",
                "type": f"{WORKSPACE}/privateEndpointConnections",
            }
        ],
    )

    assert found == []
    assert [each.reason for each in skipped] == ["what it belongs to is not here"]


def test_resource_graph_is_read_and_its_types_are_written_as_ever() -> None:
    row = {"id": ID, "name": "ws", "type": WORKSPACE.lower(), "properties": {}}

    found = only("arm-get", {"count": 1, "data": [row], "resultTruncated": "false"})

    assert found.type == WORKSPACE


def test_an_error_of_the_platform_is_no_resource() -> None:
    with pytest.raises(NormalisationError, match="error of the platform"):
        normalise("arm-get", {"error": {"code": "ResourceNotFound"}})


def test_a_workspace_of_az_ml_says_what_its_file_says() -> None:
    found = only(
        "azureml-cli",
        {
            "$schema": "https://azuremlschemas.azureedge.net/latest/workspace.schema.json",
            "name": "ws",
            "public_network_access": "disabled",
            "managed_network": {
                "isolation_mode": "allow_only_approved_outbound",
                "outbound_rules": [{"name": "kv", "type": "private_endpoint"}],
            },
            "customer_managed_key": {"key_vault": "kv", "key_uri": "https://kv/keys/k"},
            "identity": {
                "type": "user_assigned",
                "user_assigned_identities": [{"resource_id": "/ids/one"}],
            },
        },
        reads=["properties.v1LegacyMode", CONNECTIONS, "properties.primaryUserAssignedIdentity"],
    )

    assert found.type == WORKSPACE
    assert found.configuration["properties"] == {
        "publicNetworkAccess": "Disabled",
        "managedNetwork": {
            "isolationMode": "AllowOnlyApprovedOutbound",
            "outboundRules": {"kv": {"type": "PrivateEndpoint"}},
        },
        "encryption": {
            "status": "Enabled",
            "keyVaultProperties": {"keyVaultArmId": "kv", "keyIdentifier": "https://kv/keys/k"},
        },
    }
    assert found.configuration["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": {"/ids/one": {}},
    }
    assert found.fields is not None
    assert found.fields["properties.primaryUserAssignedIdentity"] == "absent"
    assert "properties.v1LegacyMode" not in found.fields
    assert CONNECTIONS not in found.fields


def test_a_compute_of_az_ml_that_is_silent_about_accounts_does_not_tell_them() -> None:
    told = {"name": "cpu", "type": "computeinstance", "idle_time_before_shutdown_minutes": 30}
    reads = ["properties.disableLocalAuth", "properties.properties.subnet.id"]

    silent = only("azureml-cli", told, reads=reads)
    closed = only("azureml-cli", {**told, "ssh_public_access_enabled": False}, reads=reads)

    assert silent.type == COMPUTE
    assert silent.configuration["properties"] == {
        "computeType": "ComputeInstance",
        "properties": {"idleTimeBeforeShutdown": "PT30M"},
    }
    assert silent.fields is not None
    assert "properties.disableLocalAuth" not in silent.fields
    assert silent.fields["properties.properties.subnet.id"] == "absent"
    assert closed.configuration["properties"]["disableLocalAuth"] is True


def test_endpoints_and_deployments_of_az_ml_are_told_apart() -> None:
    endpoint = only("azureml-cli", {"name": "ask", "auth_mode": "aad_token"})
    deployment = only(
        "azureml-cli",
        {
            "name": "blue",
            "endpoint_name": "ask",
            "model": "azureml://registries/azureml/models/m/versions/1",
        },
    )

    assert endpoint.type == f"{WORKSPACE}/onlineEndpoints"
    assert (deployment.type, deployment.external_id) == (
        f"{WORKSPACE}/onlineEndpoints/deployments",
        "ask/blue",
    )
    assert deployment.configuration["properties"] == {
        "model": "azureml://registries/azureml/models/m/versions/1"
    }


def test_parameters_of_a_module_need_its_name() -> None:
    with pytest.raises(NormalisationError, match="avm/res/cognitive-services/account"):
        normalise("avm-parameters", {"parameters": {"name": {"value": "x"}}})


def test_what_parameters_leave_out_is_left_to_the_module_and_not_told() -> None:
    account, model = read(
        "avm-parameters",
        {
            "parameters": {
                "name": {"value": "ai"},
                "disableLocalAuth": {"value": True},
                "managedIdentities": {"value": {"systemAssigned": True}},
                "deployments": {"value": [{"name": "gpt", "model": {"name": "gpt-4o"}}]},
            }
        },
        module="br/public:avm/res/cognitive-services/account:0.13.0",
        reads=[ACCESS, "properties.disableLocalAuth"],
    )

    assert account.configuration["properties"] == {"disableLocalAuth": True}
    assert account.configuration["identity"] == {"type": "SystemAssigned"}
    assert account.fields is not None
    assert account.fields["properties.disableLocalAuth"] == "declared"
    assert ACCESS not in account.fields
    assert model.external_id == "ai/gpt"
    assert model.configuration["properties"]["model"] == {"name": "gpt-4o"}


def test_native_documents_are_taken_as_they_are() -> None:
    told = {"type": "Acme/things", "external_id": "one", "configuration": {"open": True}}

    beside, _ = normalise(
        "native", {"open": True}, hints=Hints(type="Acme/things", external_id="one")
    )

    assert read("native", [told]) == beside
    assert beside[0].fields is None
