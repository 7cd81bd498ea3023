"""Cases for the definitions of Azure Databricks."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.cases import Entry, Parameters, booleans, texts
from tests.policies.azure.documents import (
    ANALYTICS,
    NO_SETTINGS,
    NO_ZONE_GROUPS,
    connection,
    connections,
    diagnostics,
    log,
    private_link,
    settings,
    zone_groups,
)

WORKSPACE = "Microsoft.Databricks/workspaces"
ENDPOINT = "Microsoft.Network/privateEndpoints"
TARGET = f"/subscriptions/3f1c2a44/resourceGroups/assist/providers/{WORKSPACE}/assist"
NETWORK = (
    "/subscriptions/3f1c2a44/resourceGroups/assist/providers/Microsoft.Network"
    "/virtualNetworks/assist"
)
PROFILE = "AzureDatabricksServicesDiagnosticsLogsToWorkspace"


def workspace(**properties: Any) -> dict[str, Any]:
    return {
        "name": "assist-lakehouse",
        "location": "westeurope",
        "sku": {"name": "premium"},
        "properties": properties,
    }


def parameters(**values: Any) -> dict[str, Any]:
    return {name: {"type": "String", "value": value} for name, value in values.items()}


def _private_endpoint(file: str, *chosen: Parameters) -> Entry:
    return Entry(
        file=f"Azure Databricks/{file}.json",
        rule="azure_databricks.private_endpoint",
        type=WORKSPACE,
        base=workspace(
            publicNetworkAccess="Disabled", privateEndpointConnections=[connection("Approved")]
        ),
        values={
            "properties.privateEndpointConnections": connections(),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
            "sku.name": ["standard", "premium"],
        },
        parameters=chosen or (Parameters(),),
    )


def sent(*logs: object, name: str = PROFILE, analytics: str | None = ANALYTICS) -> dict[str, Any]:
    return diagnostics(*logs, name=name, analytics=analytics)


NETWORKED = {
    "customVirtualNetworkId": NETWORK,
    "customPublicSubnetName": "host",
    "customPrivateSubnetName": "container",
}

ENTRIES = (
    Entry(
        file="Azure Databricks/Databricks_AuditPublicNetworkAccess.json",
        rule="azure_databricks.public_network_access",
        type=WORKSPACE,
        base=workspace(publicNetworkAccess="Disabled"),
        values={
            "properties.publicNetworkAccess": texts("Disabled", "Enabled"),
            "properties.requiredNsgRules": ["NoAzureDatabricksRules", "AllRules"],
        },
    ),
    Entry(
        file="Azure Databricks/Databricks_DisablePublicIP_Audit.json",
        rule="azure_databricks.no_public_ip",
        type=WORKSPACE,
        base=workspace(parameters=parameters(enableNoPublicIp=True)),
        values={
            "properties.parameters.enableNoPublicIp.value": booleans(),
            "properties.parameters.enableNoPublicIp.type": ["Bool", "String"],
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
            "sku.name": ["standard", "premium"],
        },
    ),
    Entry(
        file="Azure Databricks/AllowedDatabricksSkus_Audit.json",
        rule="azure_databricks.premium_sku",
        type=WORKSPACE,
        base=workspace(),
        values={
            # Azure takes an empty list or object for no tier; to us it is no premium one.
            "sku.name": [
                each
                for each in texts("premium", "standard", "trial")
                if not isinstance(each, list | dict)
            ],
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
        },
    ),
    Entry(
        file="Azure Databricks/Databricks_VNETEnabled_Audit.json",
        rule="azure_databricks.virtual_network",
        type=WORKSPACE,
        base=workspace(parameters=parameters(**NETWORKED)),
        values={
            f"properties.parameters.{name}.value": [value, "", 7, None, False]
            for name, value in NETWORKED.items()
        },
    ),
    _private_endpoint("Databricks_PrivateEndpoint_Audit"),
    _private_endpoint(
        "Databricks_PrivateEndpoint_DINE", Parameters(azure={"privateEndpointSubnetId": "subnet"})
    ),
    Entry(
        file="Azure Databricks/Databricks_AuditDiagnosticLog_Audit.json",
        rule="azure_databricks.diagnostic_logs",
        type=WORKSPACE,
        silent=NO_SETTINGS,
        base={**workspace(), "diagnosticSettings": [diagnostics(log(True), analytics=ANALYTICS)]},
        values={
            "diagnosticSettings": settings(),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
        },
        parameters=(
            Parameters(),
            Parameters(azure={"requiredRetentionDays": "90"}, ours={"retention_days": 90}),
        ),
    ),
    Entry(
        file="Azure Databricks/Databricks_AuditDiagnosticLog_DINE.json",
        rule="azure_databricks.diagnostic_logs_to_workspace",
        type=WORKSPACE,
        silent=NO_SETTINGS,
        base={**workspace(), "diagnosticSettings": [sent(log(True))]},
        values={
            "diagnosticSettings": [
                *settings(),
                [sent()],
                [sent(log(True), log("true"))],
                [sent(log(True), log(False))],
                [sent({"category": "jobs"})],
                [sent(log(True), name=PROFILE.upper())],
                [sent(log(True), name="other")],
                [sent(log(True), analytics=None)],
                [sent(log(True), analytics=ANALYTICS.upper())],
                [sent(log(True), analytics=f"{ANALYTICS}-2")],
                [sent(log(False)), sent(log(True), name="other")],
                [sent(log(True), name="other"), sent(log(True))],
            ],
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
        },
        parameters=(
            Parameters(azure={"logAnalytics": ANALYTICS}, ours={"log_analytics": ANALYTICS}),
            Parameters(
                azure={"logAnalytics": ANALYTICS, "profileName": "other"},
                ours={"log_analytics": ANALYTICS, "setting_name": "other"},
            ),
        ),
    ),
    Entry(
        file="Azure Databricks/Databricks_PrivateDNSZone_DINE.json",
        rule="azure_databricks.private_dns_zone",
        type=ENDPOINT,
        silent=NO_ZONE_GROUPS,
        base={
            "name": "to-lakehouse",
            "properties": {
                "privateLinkServiceConnections": [private_link("databricks_ui_api", target=TARGET)]
            },
            "privateDnsZoneGroups": [{"name": "default"}],
        },
        values={
            "privateDnsZoneGroups": zone_groups(),
            "properties.privateLinkServiceConnections": [
                [],
                None,
                [{"name": "to-service"}],
                [private_link("databricks_ui_api", target=TARGET.upper())],
                [private_link("databricks_ui_api", target=TARGET.replace("Databricks", "Search"))],
                [private_link("databricks_ui_api", target=None)],
                *(
                    [private_link(*groups, target=TARGET)]
                    for groups in (
                        (),
                        ("DATABRICKS_UI_API",),
                        ("browser_authentication",),
                        ("databricks_ui_api", "browser_authentication"),
                        ("",),
                        (7,),
                    )
                ),
                [
                    private_link("browser_authentication", target=TARGET),
                    private_link("databricks_ui_api", target=TARGET),
                ],
            ],
        },
        parameters=(
            Parameters(azure={"privateDnsZoneId": "zone"}),
            Parameters(
                azure={"privateDnsZoneId": "zone", "groupId": "browser_authentication"},
                ours={"group_id": "browser_authentication"},
            ),
        ),
    ),
)
