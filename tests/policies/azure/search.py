"""Cases for the definitions of Azure AI Search."""

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

SERVICE = "Microsoft.Search/searchServices"
ENDPOINT = "Microsoft.Network/privateEndpoints"
TARGET = f"/subscriptions/3f1c2a44/resourceGroups/assist/providers/{SERVICE}/assist"


def service(**properties: Any) -> dict[str, Any]:
    return {
        "name": "assist-search",
        "location": "westeurope",
        "sku": {"name": "standard"},
        "properties": properties,
    }


def _public_access(file: str) -> Entry:
    return Entry(
        file=f"Search/{file}.json",
        rule="azure_search.public_network_access",
        type=SERVICE,
        base=service(publicNetworkAccess="Disabled"),
        values={
            "properties.publicNetworkAccess": texts("Disabled", "Enabled", "SecuredByPerimeter"),
            "sku.name": ["free", "basic"],
        },
    )


def _local_auth(file: str) -> Entry:
    return Entry(
        file=f"Search/{file}.json",
        rule="azure_search.local_auth_disabled",
        type=SERVICE,
        base=service(disableLocalAuth=True),
        values={
            "properties.disableLocalAuth": booleans(),
            "properties.authOptions": [None, {"apiKeyOnly": {}}, {"aadOrApiKey": {}}],
        },
    )


ENCRYPTED = {"enforcement": "Enabled", "encryptionComplianceStatus": "Compliant"}
ENFORCEMENTS = texts("Enabled", "Disabled", "Unspecified")

ENTRIES = (
    _public_access("PublicNetworkAccessDisabled_Modify"),
    _public_access("RequirePublicNetworkAccessDisabled_Deny"),
    _local_auth("DisableLocalAuth_AuditDeny"),
    _local_auth("DisableLocalAuth_Modify"),
    Entry(
        file="Search/CMK_Deny.json",
        rule="azure_search.customer_managed_key_enforced",
        type=SERVICE,
        base=service(encryptionWithCmk=ENCRYPTED),
        values={
            "properties.encryptionWithCmk.enforcement": ENFORCEMENTS,
            "properties.encryptionWithCmk.encryptionComplianceStatus": ["NonCompliant"],
        },
    ),
    Entry(
        file="Search/CMK_Audit.json",
        rule="azure_search.customer_managed_key",
        type=SERVICE,
        base=service(encryptionWithCmk=ENCRYPTED),
        values={
            "properties.encryptionWithCmk.enforcement": ENFORCEMENTS,
            "properties.encryptionWithCmk.encryptionComplianceStatus": texts(
                "Compliant", "NonCompliant"
            ),
        },
    ),
    Entry(
        file="Search/RequirePrivateLinkSupportedResource_Deny.json",
        rule="azure_search.sku_supports_private_link",
        type=SERVICE,
        base=service(),
        values={
            "sku.name": texts("free", "basic", "standard"),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
        },
    ),
    Entry(
        file="Search/PrivateEndpoints_Audit.json",
        rule="azure_search.private_endpoint",
        type=SERVICE,
        base=service(privateEndpointConnections=[connection("Approved")]),
        values={
            "properties.privateEndpointConnections": connections(),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
        },
    ),
    Entry(
        file="Search/PrivateEndpoints_DINE.json",
        rule="azure_search.private_endpoint_when_closed",
        type=SERVICE,
        base=service(
            publicNetworkAccess="Disabled", privateEndpointConnections=[connection("Approved")]
        ),
        values={
            "properties.privateEndpointConnections": connections(),
            "properties.publicNetworkAccess": texts("Disabled", "Enabled"),
            "sku.name": texts("free", "standard"),
        },
    ),
    Entry(
        file="Search/AuditDiagnosticLog_Audit.json",
        rule="azure_search.diagnostic_logs",
        type=SERVICE,
        silent=NO_SETTINGS,
        base={**service(), "diagnosticSettings": [diagnostics(log(True), analytics=ANALYTICS)]},
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
        file="Search/PrivateDNSZone_DINE.json",
        rule="azure_search.private_dns_zone",
        type=ENDPOINT,
        silent=NO_ZONE_GROUPS,
        base={
            "name": "to-search",
            "properties": {
                "privateLinkServiceConnections": [private_link("searchService", target=TARGET)]
            },
            "privateDnsZoneGroups": [{"name": "default"}],
        },
        values={
            "privateDnsZoneGroups": zone_groups(),
            "properties.privateLinkServiceConnections": [
                [],
                None,
                [{"name": "to-service"}],
                *(
                    [private_link(*groups, target=TARGET)]
                    for groups in (
                        (),
                        ("SEARCHSERVICE",),
                        ("blob",),
                        ("blob", "searchService"),
                        ("",),
                        (None,),
                        (7,),
                    )
                ),
                [private_link("blob", target=TARGET), private_link("searchService", target=TARGET)],
            ],
        },
        parameters=(Parameters(azure={"privateDnsZoneId": "zone"}),),
    ),
)
