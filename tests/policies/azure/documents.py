"""Parts of documents that several families have in common."""

from __future__ import annotations

from typing import Any

_SUBSCRIPTION = "/subscriptions/3f1c2a44/resourceGroups/logs/providers"
# What Azure looks up beside a resource; a document that comes without it does not tell.
NO_SETTINGS = {"diagnosticSettings": "settings are resources that do not come with this one"}
NO_ZONE_GROUPS = {"privateDnsZoneGroups": "groups are resources that do not come with this one"}
ANALYTICS = f"{_SUBSCRIPTION}/Microsoft.OperationalInsights/workspaces/logs"
STORAGE = f"{_SUBSCRIPTION}/Microsoft.Storage/storageAccounts/logs"


def connection(status: object) -> dict[str, Any]:
    """A private endpoint connection of a service, in a state."""
    return {
        "name": "pe",
        "properties": {"privateLinkServiceConnectionState": {"status": status}},
    }


def connections() -> list[Any]:
    """Lists of connections, and what is no such list."""
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
        {},
        "Approved",
    ]


def log(enabled: object, *retention: object, category: str = "Operations") -> dict[str, Any]:
    """A category of a diagnostic setting; `retention`: whether it is limited, and to how long."""
    kept = dict(zip(("enabled", "days"), retention, strict=False))
    return {"category": category, "enabled": enabled, "retentionPolicy": kept}


def diagnostics(
    *logs: object, name: str = "audit", storage: str | None = None, analytics: str | None = None
) -> dict[str, Any]:
    """A diagnostic setting with categories and destinations."""
    destinations = {"storageAccountId": storage, "workspaceId": analytics}
    return {
        "name": name,
        "type": "Microsoft.Insights/diagnosticSettings",
        "properties": {
            "logs": list(logs),
            **{key: value for key, value in destinations.items() if value is not None},
        },
    }


def settings() -> list[Any]:
    """Lists of diagnostic settings: destinations, switches and retentions of every sort."""
    bare = {"category": "Operations", "enabled": True}
    return [
        [],
        None,
        "none",
        [{"name": "audit"}],
        [diagnostics()],
        [diagnostics(bare, analytics=ANALYTICS)],
        [diagnostics(bare, storage=STORAGE)],
        *(
            [diagnostics(log(enabled, False, 0), analytics=ANALYTICS)]
            for enabled in (True, False, "true", "FALSE", None, 1)
        ),
        *(
            [diagnostics(log(True, True, days), storage=STORAGE)]
            for days in (0, "0", 1, 30, 89, 90, 364, 365, 366, "365", "30", "", None)
        ),
        [diagnostics(log(False, True, 365), storage=STORAGE)],
        [diagnostics(log(True, "true", 30), storage=STORAGE)],
        [diagnostics(log(True, True, 30), storage=STORAGE, analytics=ANALYTICS)],
        [diagnostics(log(True, True, 30), analytics=ANALYTICS)],
        [diagnostics(log(False, False, 0), log(True, False, 0), analytics=ANALYTICS)],
        [diagnostics(log(False, False, 0), log(True, True, 30), storage=STORAGE)],
        [diagnostics(log(False, False, 0)), diagnostics(log(True, False, 0), name="other")],
    ]


def private_link(*groups: object, target: object) -> dict[str, Any]:
    """A connection of a private endpoint to a service."""
    return {
        "name": "to-service",
        "properties": {"privateLinkServiceId": target, "groupIds": list(groups)},
    }


def zone_groups() -> list[Any]:
    """Lists of groups of private DNS zones, and what is no such list."""
    group = {"name": "default", "properties": {"privateDnsZoneConfigs": []}}
    return [[group], [group, group], [{}], [], None, "none", [7]]
