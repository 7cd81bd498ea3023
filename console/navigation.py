"""The sidebar: what a person browses, grouped by what they came to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

from console.pages.audits.streams import may_manage
from console.pages.inbox import to_decide
from policies.services.trials import may_try
from registry.admin.mixin import actor_of
from registry.queries.notifications import COUNTED, unread_count
from registry.queries.promotions import awaiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from core.actors import Actor


class Item(NamedTuple):
    """A line of the sidebar: the list of one model, as far as the user may see it, or the page of
    the console with that name."""

    title: str
    icon: str
    model: str
    query: str = ""
    for_administrators: bool = False


GROUPS: tuple[tuple[str, tuple[Item, ...]], ...] = (
    (
        "Registry",
        (
            Item("Models", "neurology", "registry.asset", "kind__exact=model"),
            Item("Prompts", "chat", "registry.asset", "kind__exact=prompt"),
            Item("Datasets", "database", "registry.asset", "kind__exact=dataset"),
            Item("Flows", "account_tree", "registry.asset", "kind__exact=flow"),
            Item("Results", "science", "registry.asset", "kind__exact=result"),
            Item("Versions", "history", "registry.assetversion"),
            Item("Promotions", "move_up", "registry.promotion"),
            Item("Imports", "upload_file", "console_imports"),
        ),
    ),
    (
        "Governance",
        (
            Item("Policies", "gavel", "policies.policy"),
            Item("Policy sets", "library_books", "policies.policyset"),
            Item("Policy bundles", "archive", "console_policy_bundles"),
            Item("Assignments", "assignment", "console_policy_assignments"),
            Item("Exemptions", "approval_delegation", "console_exemptions"),
            Item("What if", "help", "console_what_ifs"),
            Item("Resources", "dns", "policies.resource"),
            Item("Decisions", "balance", "policies.decision"),
            Item("OPA decisions", "cell_tower", "policies.fleetdecision"),
            Item("Coverage", "verified", "console_coverage"),
            Item("Policy playground", "play_circle", "console_policy_playground"),
        ),
    ),
    (
        "Evidence",
        (
            Item("Findings", "flag", "console_findings"),
            Item("Scans", "radar", "console_scans"),
            Item("Reports", "description", "console_reports"),
            Item("Evidence packs", "folder_zip", "console_packs"),
            Item("Frameworks", "account_balance", "console_frameworks"),
            Item("Risks", "warning", "console_risks"),
            Item("Trail", "footprint", "console_trail"),
            Item("Permitted?", "verified_user", "console_permitted"),
            Item("Transparency log", "receipt_long", "console_log"),
            Item("Retention", "inventory_2", "console_retention"),
            Item("Streams", "stream", "console_streams"),
            Item("Lineage events", "conversion_path", "lineage.lineageevent"),
            Item("Received events", "move_to_inbox", "lineage.receivedevent"),
        ),
    ),
    (
        "Administration",
        (
            Item("Workspaces", "workspaces", "registry.workspace"),
            Item("Members", "group", "registry.grant"),
            Item("Accounts", "person", "core.user", for_administrators=True),
            Item("Groups", "groups", "auth.group", for_administrators=True),
            Item("API tokens", "key", "registry.token", for_administrators=True),
            Item("Tasks", "pending_actions", "core.task", for_administrators=True),
            Item(
                "Schedules",
                "schedule",
                "django_celery_beat.periodictask",
                for_administrators=True,
            ),
        ),
    ),
)


def _everybody(actor: Actor) -> bool:
    return True


# Pages among the lists, and who is shown the way to them.
PAGES: dict[str, Callable[[Actor], bool]] = {
    "console_policy_assignments": _everybody,
    "console_policy_bundles": _everybody,
    "console_exemptions": _everybody,
    "console_coverage": _everybody,
    "console_frameworks": _everybody,
    "console_imports": _everybody,
    "console_risks": _everybody,
    "console_reports": _everybody,
    "console_what_ifs": _everybody,
    "console_packs": _everybody,
    "console_policy_playground": may_try,
    "console_trail": _everybody,
    "console_permitted": _everybody,
    "console_log": _everybody,
    "console_findings": _everybody,
    "console_scans": _everybody,
    "console_retention": _everybody,
    "console_streams": may_manage,
}


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return Unfold's navigation for the user of ``request``."""
    is_administrator = bool(request.user.is_active and request.user.is_superuser)
    groups: list[dict[str, Any]] = [{"title": None, "items": _own(request)}]
    for title, items in GROUPS:
        shown = [
            _line(request, item, address)
            for item in items
            if (is_administrator or not item.for_administrators)
            and (item.model not in PAGES or PAGES[item.model](actor_of(request)))
            and (address := _address(item))
        ]
        if shown:
            groups.append({"title": title, "separator": True, "items": shown})
    return groups


def _own(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        _home(request),
        _inbox(request),
        _notifications(request),
        _page(request, "Catalogue", "storefront", "admin:console_catalogue"),
        _page(request, "Deployments", "rocket_launch", "admin:console_deployments"),
        _page(request, "OPA fleet", "hub", "admin:console_fleet"),
        _experiments(request),
        _lineage(request),
    ]


def _home(request: HttpRequest) -> dict[str, Any]:
    address = reverse("admin:index")
    return {
        "title": "Home",
        "icon": "home",
        "link": address,
        "active": request.path == address,
    }


def _inbox(request: HttpRequest) -> dict[str, Any]:
    address = reverse("admin:console_inbox")
    line = {
        "title": "Approvals",
        "icon": "inbox",
        "link": address,
        "active": request.path == address,
    }
    actor = actor_of(request)
    waiting = awaiting(actor).count() + sum(rows.count() for rows in to_decide(actor))
    return {**line, "badge": str(waiting), "badge_variant": "warning"} if waiting else line


def _page(request: HttpRequest, title: str, icon: str, name: str) -> dict[str, Any]:
    address = reverse(name)
    active = request.path.startswith(address)
    return {"title": title, "icon": icon, "link": address, "active": active}


def _experiments(request: HttpRequest) -> dict[str, Any]:
    address = reverse("admin:console_experiments")
    active = request.path.startswith((address, reverse("admin:index") + "runs/"))
    return {"title": "Experiments", "icon": "labs", "link": address, "active": active}


def _lineage(request: HttpRequest) -> dict[str, Any]:
    line = _page(request, "Lineage", "hub", "admin:console_lineage")
    asks = request.path.startswith(reverse("admin:index") + "lineage/questions/")
    return {**line, "active": line["active"] or asks}


def _notifications(request: HttpRequest) -> dict[str, Any]:
    address = reverse("admin:console_notifications")
    line = {
        "title": "Notifications",
        "icon": "notifications",
        "link": address,
        "active": request.path == address,
    }
    unread = unread_count(actor_of(request))
    number = f"{COUNTED}+" if unread == COUNTED else str(unread)
    return {**line, "badge": number, "badge_variant": "info"} if unread else line


def _line(request: HttpRequest, item: Item, address: str) -> dict[str, Any]:
    is_here = request.path.startswith(address)
    if item.query:
        name, _, value = item.query.partition("=")
        is_here = is_here and request.GET.get(name) == value
    return {
        "title": item.title,
        "icon": item.icon,
        "link": f"{address}?{item.query}" if item.query else address,
        "active": is_here,
    }


def _address(item: Item) -> str:
    """Return the list's address, or none where the model has no list."""
    if item.model in PAGES:
        return reverse(f"admin:{item.model}")
    app_label, model_name = item.model.split(".")
    try:
        return reverse(f"admin:{app_label}_{model_name}_changelist")
    except NoReverseMatch:
        return ""


def stylesheet(request: HttpRequest) -> str:
    """Return the address of the console's own styles."""
    return static("console/console.css")


def icon(request: HttpRequest) -> str:
    """Return the address of the product's sign."""
    return static("console/muniment.svg")


def account(request: HttpRequest) -> list[dict[str, str]]:
    """Return what the menu of the logged-in account leads to."""
    return [
        {"title": "REST API", "link": reverse("docs")},
        {"title": "Change password", "link": reverse("admin:password_change")},
    ]
