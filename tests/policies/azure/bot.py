"""Cases for the definitions of Azure Bot Service."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.cases import Entry, Parameters, booleans, texts
from tests.policies.azure.machine_learning import connection, connections

BOT = "Microsoft.BotService/botServices"
ENDPOINT = "Microsoft.Network/privateEndpoints"
PROVIDERS = "/subscriptions/3f1c2a44/resourceGroups/assist/providers"
ADDRESS = "https://assist.example.com/api/messages"


def bot(**properties: Any) -> dict[str, Any]:
    return {"name": "assist-bot", "kind": "azurebot", "properties": properties}


def link(service: object, groups: object) -> dict[str, Any]:
    """One connection of a private endpoint, as the endpoint tells it."""
    return {"name": "assist", "properties": {"privateLinkServiceId": service, "groupIds": groups}}


def links(service: str, group: str, other: str) -> list[Any]:
    """Lists of connections: to the service by its group, by others, and elsewhere."""
    return [
        [],
        None,
        {},
        [link(service, [group])],
        [link(service.upper(), [group.upper()])],
        [link(service, [])],
        [link(service, None)],
        [link(service, group)],
        [link(service, ["other"])],
        [link(service, [group, group.lower()])],
        [link(service, [group, "other"])],
        [link(other, [group])],
        [link(None, [group])],
        [link(other, [group]), link(service, [group])],
        [link(other, [group]), link(service, ["other"])],
        [{}],
        ["assist"],
    ]


def endpoint(service: str, group: str) -> dict[str, Any]:
    return {
        "name": "pe-assist",
        "properties": {"privateLinkServiceConnections": [link(service, [group])]},
        "privateDnsZoneGroups": [{"name": "default", "properties": {}}],
    }


WITHOUT_ZONES = {
    "privateDnsZoneGroups": "Azure looks for resources that do not come with the endpoint",
}
ZONE_GROUPS: list[Any] = [
    [],
    None,
    {},
    "default",
    ["default"],
    [{}],
    [{"name": "default"}],
    [{"name": "default"}, {"name": "more"}],
]


def _private_endpoint(file: str) -> Entry:
    return Entry(
        file=f"Bot Service/{file}.json",
        rule="azure_bot.private_endpoint",
        type=BOT,
        base=bot(privateEndpointConnections=[connection("Approved")], endpoint=ADDRESS),
        values={
            "properties.privateEndpointConnections": connections(),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
            "properties.endpoint": ["https://bot.example.com", ""],
            "kind": ["azurebot", "bot"],
        },
    )


def _isolated(file: str) -> Entry:
    return Entry(
        file=f"Bot Service/{file}.json",
        rule="azure_bot.public_network_access",
        type=BOT,
        base=bot(publicNetworkAccess="Disabled", endpoint=ADDRESS),
        values={
            "properties.publicNetworkAccess": texts("Disabled", "Enabled", "SecuredByPerimeter"),
            "properties.endpoint": [ADDRESS, ""],
            "kind": ["azurebot", "bot"],
        },
    )


def _switch(file: str, rule: str, name: str) -> Entry:
    return Entry(
        file=f"Bot Service/{file}.json",
        rule=f"azure_bot.{rule}",
        type=BOT,
        base=bot(**{name: True, "publicNetworkAccess": "Enabled"}),
        values={
            f"properties.{name}": booleans(),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
            "kind": ["azurebot", "bot"],
        },
    )


ENTRIES = (
    _switch("CMKEnabled_Audit", "customer_managed_key", "isCmekEnabled"),
    _switch("DisableLocalAuth_Audit", "local_auth_disabled", "disableLocalAuth"),
    _isolated("NetworkIsolatedEnabled_Audit"),
    _isolated("PublicNetworkAccess_Audit"),
    Entry(
        file="Bot Service/PrivateDNSZone_DINE.json",
        rule="azure_bot.private_dns_zone",
        type=ENDPOINT,
        base=endpoint(f"{PROVIDERS}/{BOT}/assist", "Bot"),
        values={
            "properties.privateLinkServiceConnections": [
                *links(f"{PROVIDERS}/{BOT}/assist", "Bot", f"{PROVIDERS}/Microsoft.Web/sites/x"),
                [link(f"{PROVIDERS}/{BOT}/assist", ["Token"])],
            ],
            "privateDnsZoneGroups": ZONE_GROUPS,
        },
        parameters=(
            Parameters(ours={"group_ids": ["Bot"]}),
            Parameters(azure={"privateEndpointGroupId": "Token"}, ours={"group_ids": ["Token"]}),
        ),
        silent=WITHOUT_ZONES,
    ),
    _private_endpoint("PrivateEndpoint_Audit"),
    _private_endpoint("PrivateEndpoint_DINE"),
    Entry(
        file="Bot Service/ValidEndpoint_Audit.json",
        rule="azure_bot.https_endpoint",
        type=BOT,
        base=bot(endpoint=ADDRESS),
        values={
            "properties.endpoint": [
                *texts(ADDRESS, "http://assist.example.com", "https://", "https:/assist"),
                f" {ADDRESS}",
                f"http://proxy.example.com/?to={ADDRESS}",
            ],
        },
    ),
)
