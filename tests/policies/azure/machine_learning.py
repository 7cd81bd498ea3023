"""Cases for the definitions about workspaces and computes of Azure Machine Learning."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.cases import Entry, Parameters, booleans, texts

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
COMPUTE = f"{WORKSPACE}/computes"

SUBNET = (
    "/subscriptions/3f1c2a44/resourceGroups/assist/providers/Microsoft.Network"
    "/virtualNetworks/assist/subnets/train"
)
IDENTITY = (
    "/subscriptions/3f1c2a44/resourceGroups/assist/providers"
    "/Microsoft.ManagedIdentity/userAssignedIdentities/assist"
)


def workspace(**properties: Any) -> dict[str, Any]:
    return {"name": "assist-prod", "location": "westeurope", "properties": properties}


def compute(kind: str, **properties: Any) -> dict[str, Any]:
    return {
        "name": "train",
        "properties": {"computeType": kind, "disableLocalAuth": True, "properties": properties},
    }


KINDS = ["AmlCompute", "computeinstance", "ComputeInstance", "Kubernetes", "", 7, None, []]


def connection(status: object) -> dict[str, Any]:
    state = {} if status is None else {"status": status}
    return {
        "name": "pe",
        "properties": {
            "provisioningState": "Succeeded",
            "privateLinkServiceConnectionState": state,
        },
    }


def connections() -> list[Any]:
    return [
        [],
        None,
        *([connection(each)] for each in ("Approved", "APPROVED", "Pending", "Rejected", "", 7)),
        [connection(None)],
        [{"name": "pe"}],
        [connection("Pending"), connection("Approved")],
        [connection("Pending"), connection("Rejected")],
        [connection("Approved"), connection("Approved")],
        ["Approved"],
    ]


def _local_auth(file: str) -> Entry:
    return Entry(
        file=f"Machine Learning/{file}.json",
        rule="azure_ml.compute_local_auth",
        type=COMPUTE,
        base=compute("ComputeInstance"),
        values={"properties.disableLocalAuth": booleans(), "properties.computeType": KINDS},
    )


def _customer_key(file: str) -> Entry:
    return Entry(
        file=f"Machine Learning/{file}.json",
        rule="azure_ml.customer_managed_key",
        type=WORKSPACE,
        base={"kind": "Default", **workspace(encryption={"status": "Enabled"})},
        values={
            "properties.encryption.status": texts("Enabled", "Disabled"),
            "kind": ["Project", "project", "PROJECT", "Hub", "FeatureStore", "", 7],
        },
    )


def _private_endpoint(file: str) -> Entry:
    return Entry(
        file=f"Machine Learning/{file}.json",
        rule="azure_ml.private_endpoint",
        type=WORKSPACE,
        base=workspace(
            publicNetworkAccess="Disabled", privateEndpointConnections=[connection("Approved")]
        ),
        values={
            "properties.privateEndpointConnections": connections(),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
            "properties.managedNetwork": [
                {"outboundRules": {"storage": {"type": "PrivateEndpoint", "status": "Approved"}}}
            ],
        },
    )


def _public_access(file: str) -> Entry:
    return Entry(
        file=f"Machine Learning/{file}.json",
        rule="azure_ml.public_network_access",
        type=WORKSPACE,
        base=workspace(publicNetworkAccess="Disabled"),
        values={
            "properties.publicNetworkAccess": texts("Disabled", "Enabled"),
            "kind": ["Hub", "Project", "Default"],
        },
    )


ENTRIES = (
    Entry(
        file="Machine Learning/ComputeInstanceUpdates_Audit.json",
        rule="azure_ml.compute_os_image",
        type=COMPUTE,
        base=compute("ComputeInstance", osImageMetadata={"isLatestOsImageVersion": True}),
        values={
            "properties.properties.osImageMetadata.isLatestOsImageVersion": booleans(),
            "properties.computeType": KINDS,
        },
    ),
    _local_auth("DisableLocalAuth_Audit"),
    _local_auth("DisableLocalAuth_Modify"),
    Entry(
        file="Machine Learning/IdleShutdown_Audit.json",
        rule="azure_ml.compute_idle_shutdown",
        type=COMPUTE,
        base=compute("ComputeInstance", idleTimeBeforeShutdown="PT30M"),
        values={
            "properties.properties.idleTimeBeforeShutdown": texts("PT30M", "P1D", "never"),
            "properties.computeType": KINDS,
        },
    ),
    Entry(
        file="Machine Learning/Vnet_Audit.json",
        rule="azure_ml.compute_virtual_network",
        type=COMPUTE,
        base=compute("AmlCompute", subnet={"id": SUBNET}),
        values={
            "properties.properties.subnet.id": texts(SUBNET),
            "properties.properties.subnet": [{"id": SUBNET}, {}, None, "subnet"],
            "properties.computeType": KINDS,
        },
    ),
    _customer_key("Workspace_CMKEnabled_Audit"),
    _customer_key("Workspace_CMKEnabled_Audit_V2"),
    Entry(
        file="Machine Learning/ManagedNetworkIsolationMode_Audit.json",
        rule="azure_ml.managed_network_isolation",
        type=WORKSPACE,
        base=workspace(managedNetwork={"isolationMode": "AllowOnlyApprovedOutbound"}),
        values={
            "properties.managedNetwork.isolationMode": texts(
                "AllowOnlyApprovedOutbound", "AllowInternetOutbound", "Disabled"
            ),
        },
        parameters=(
            Parameters(azure={"isolationMode": "AllowOnlyApprovedOutbound"}),
            Parameters(
                azure={"isolationMode": "AllowInternetOutbound"},
                ours={"isolation_mode": "AllowInternetOutbound"},
            ),
            Parameters(ours={"isolation_mode": "Disabled"}),
        ),
    ),
    _private_endpoint("Workspace_PrivateEndpoint_Audit"),
    _private_endpoint("Workspace_PrivateEndpoint_Audit_V2"),
    _private_endpoint("Workspace_PrivateEndpoint_DINE"),
    _public_access("Workspace_PublicNetworkAccessDisabled_Audit"),
    _public_access("Workspace_PublicNetworkAccessDisabled_Modify"),
    Entry(
        file="Machine Learning/Workspace_UAIEnabled_Audit.json",
        rule="azure_ml.user_assigned_identity",
        type=WORKSPACE,
        base={
            **workspace(primaryUserAssignedIdentity=IDENTITY),
            "identity": {"type": "UserAssigned"},
        },
        values={
            "properties.primaryUserAssignedIdentity": texts(IDENTITY),
            "identity.type": ["SystemAssigned", "UserAssigned", "None"],
        },
    ),
    Entry(
        file="Machine Learning/Workspace_EnableV1LegacyMode_Audit.json",
        rule="azure_ml.v1_legacy_mode",
        type=WORKSPACE,
        base=workspace(v1LegacyMode=True, publicNetworkAccess="Enabled"),
        values={
            "properties.v1LegacyMode": booleans(),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
        },
    ),
)
