"""The addresses of the console's own pages, below /admin/."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.urls import path

from console.pages import (
    asset,
    deployments,
    experiments,
    former,
    import_addresses,
    inbox,
    notifications,
    playground,
    promotion,
    results,
    rules,
    runs,
    version,
    webhooks,
    workspace,
)
from console.pages.acts import access_requests, alias_rules, cards, life, register, talk
from console.pages.acts import catalogue as onwards
from console.pages.acts import deployments as serving
from console.pages.acts import experiments as trials
from console.pages.acts import rules as ruling
from console.pages.acts import webhooks as hooking
from console.pages.audits import addresses as audit_addresses
from console.pages.audits import (
    finding_addresses,
    framework_addresses,
    pack_addresses,
    report_addresses,
    stream_addresses,
)
from console.pages.catalogue import comparison, listing
from console.pages.lineage import questions
from console.pages.lineage import views as lineage
from console.pages.policies import addresses as policy_addresses
from console.pages.policies import bundles, configurations, coverage, policy
from console.pages.policies import playground as policy_playground
from console.pages.policies import resources as configured

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin import AdminSite
    from django.http import HttpResponse
    from django.urls import URLPattern

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]


VERSION_ACTS = {
    "state": life.change_state,
    "delete": life.delete,
    "describe": life.describe,
    "tag": life.tag,
    "untag": life.untag,
    "card": cards.write,
    "submit": cards.submit,
    "review": cards.review,
}
EXPERIMENT_ACTS = {
    "conclude": trials.conclude,
    "change": trials.change,
    "delete": trials.delete,
    "restore": trials.restore,
}
RUN_ACTS = {
    "change": trials.change_run,
    "delete": trials.delete_run,
    "restore": trials.restore_run,
}

ACCESS_ACTS = {
    "grant": access_requests.grant,
    "decline": access_requests.decline,
    "withdraw": access_requests.withdraw,
}

WEBHOOK_ACTS = {
    "change": hooking.change,
    "switch": hooking.switch,
    "rotate": hooking.rotate,
    "delete": hooking.delete,
    "ping": hooking.ping,
    "replay": hooking.replay,
}


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    """Return the pages, each behind the site's login."""

    def show(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return site.admin_view(partial(view, site))

    return [
        path("approvals/", show(inbox.inbox), name="console_inbox"),
        path("notifications/", show(notifications.inbox), name="console_notifications"),
        *_of_catalogue(show),
        *_of_workspaces(show),
        *_of_webhooks(show),
        *policy_addresses.of_fleet(show),
        *_of_people(show),
        *_of_things(show),
        *_of_experiments(show),
        *import_addresses.of_imports(show),
        *_of_lineage(show),
        *pack_addresses.of_packs(show),
        *stream_addresses.of_streams(show),
        *report_addresses.of_reports(show),
        *audit_addresses.of_trail(show),
        *audit_addresses.of_retention(show),
        *policy_addresses.of_assignments(show),
        *_of_policies(show),
        *_of_resources(show),
        *framework_addresses.of_frameworks(show),
        *framework_addresses.of_risks(show),
        *finding_addresses.of_findings(show),
        *finding_addresses.of_scans(show),
        *former.addresses(show),
        # Object pages that several apps contribute to stand where the object's app has its own.
        path("registry/workspace/<int:pk>/change/", show(workspace.workspace)),
        path("registry/asset/<int:pk>/change/", show(asset.asset)),
        path("registry/assetversion/<int:pk>/change/", show(version.version)),
        path("registry/promotion/<int:pk>/change/", show(promotion.promotion)),
        path("policies/resource/<int:pk>/change/", show(configured.resource)),
    ]


def _of_catalogue(show: Show) -> list[URLPattern]:
    asks = "access-requests/"
    return [
        path("catalogue/", show(listing.catalogue), name="console_catalogue"),
        path("catalogue/discoverable/", show(listing.stubs), name="console_stubs"),
        path("catalogue/compare/", show(comparison.side_by_side), name="console_compare"),
        path("catalogue/register/", show(onwards.register), name="console_register"),
        path("catalogue/derive/<uuid:uuid>/", show(onwards.derive), name="console_derive"),
        path("catalogue/deploy/<uuid:uuid>/", show(onwards.deploy), name="console_deploy"),
        path(
            f"{asks}asset/<uuid:uuid>/",
            show(access_requests.ask_for_asset),
            name="console_ask_for_asset",
        ),
        path(
            f"{asks}workspace/<slug:slug>/",
            show(access_requests.ask_for_workspace),
            name="console_ask_for_workspace",
        ),
        *[
            path(f"{asks}<uuid:uuid>/{verb}/", show(view), name=f"console_access_{verb}")
            for verb, view in ACCESS_ACTS.items()
        ],
    ]


def _of_workspaces(show: Show) -> list[URLPattern]:
    here = "workspaces/<slug:slug>/rules/"
    return [
        path(here, show(rules.rules), name="console_rules"),
        path(f"{here}set/", show(ruling.set_rule), name="console_rule_set"),
        path(f"{here}alias/", show(alias_rules.set_rule), name="console_alias_rule_set"),
        path("promotion-rules/<uuid:uuid>/end/", show(ruling.end_rule), name="console_rule_end"),
        path(
            "alias-rules/<uuid:uuid>/end/",
            show(alias_rules.end_rule),
            name="console_alias_rule_end",
        ),
        *[
            path(f"rule-proposals/<uuid:uuid>/{verb}/", show(view), name=f"console_proposal_{verb}")
            for verb, view in (("accept", ruling.accept), ("reject", ruling.reject))
        ],
    ]


def _of_webhooks(show: Show) -> list[URLPattern]:
    return [
        path("webhooks/", show(webhooks.webhooks), name="console_webhooks"),
        path("webhooks/new/", show(hooking.create), name="console_webhook_create"),
        path("webhooks/<uuid:uuid>/", show(webhooks.webhook), name="console_webhook"),
        *[
            path(f"webhooks/<uuid:uuid>/{verb}/", show(view), name=f"console_webhook_{verb}")
            for verb, view in WEBHOOK_ACTS.items()
        ],
    ]


def _of_people(show: Show) -> list[URLPattern]:
    return [
        path(
            "notifications/<uuid:uuid>/follow/",
            show(notifications.follow),
            name="console_notification_follow",
        ),
        path(
            "notifications/<uuid:uuid>/read-all/",
            show(notifications.read_all),
            name="console_notifications_read_all",
        ),
        path("watches/start/", show(notifications.watch), name="console_watch"),
        path("watches/<uuid:uuid>/stop/", show(notifications.unwatch), name="console_unwatch"),
        path("talk/<slug:about>/<uuid:uuid>/comment/", show(talk.add), name="console_comment"),
        path("talk/<slug:about>/<uuid:uuid>/assign/", show(talk.assign), name="console_assign"),
        path("comments/<uuid:uuid>/edit/", show(talk.edit), name="console_comment_edit"),
        path("comments/<uuid:uuid>/redact/", show(talk.redact), name="console_comment_redact"),
        path("assignments/<uuid:uuid>/close/", show(talk.close), name="console_assignment_close"),
    ]


def _of_things(show: Show) -> list[URLPattern]:
    return [
        path("register/", show(register.register), name="console_register_document"),
        path("deployments/", show(deployments.listed), name="console_deployments"),
        path("deployments/<uuid:uuid>/", show(deployments.deployment), name="console_deployment"),
        path(
            "deployments/<uuid:uuid>/check/", show(serving.check), name="console_deployment_check"
        ),
        path(
            "deployments/<uuid:uuid>/rollback/<int:number>/",
            show(serving.roll_back),
            name="console_deployment_rollback",
        ),
        *[
            path(f"versions/<uuid:uuid>/{verb}/", show(view), name=f"console_version_{verb}")
            for verb, view in VERSION_ACTS.items()
        ],
    ]


def _of_experiments(show: Show) -> list[URLPattern]:
    one = "experiments/<uuid:uuid>/"
    return [
        path("results/compare/", show(results.compared), name="console_results_compare"),
        path("versions/<uuid:uuid>/try/", show(playground.playground), name="console_playground"),
        path("experiments/", show(experiments.listed), name="console_experiments"),
        path("experiments/new/", show(trials.create), name="console_experiment_create"),
        path(one, show(experiments.experiment), name="console_experiment"),
        path(f"{one}compare/", show(runs.compared), name="console_runs_compare"),
        *[
            path(f"{one}{verb}/", show(view), name=f"console_experiment_{verb}")
            for verb, view in EXPERIMENT_ACTS.items()
        ],
        path("runs/<uuid:uuid>/", show(runs.run), name="console_run"),
        *[
            path(f"runs/<uuid:uuid>/{verb}/", show(view), name=f"console_run_{verb}")
            for verb, view in RUN_ACTS.items()
        ],
    ]


def _of_lineage(show: Show) -> list[URLPattern]:
    return [
        path("lineage/graph/", show(lineage.lineage), name="console_lineage"),
        path("lineage/graph.svg", show(lineage.drawing), name="console_lineage_svg"),
        path("lineage/graph.csv", show(lineage.rows), name="console_lineage_csv"),
        path("lineage/moments/", show(lineage.moments), name="console_lineage_moments"),
        path(
            "lineage/questions/<slug:slug>/",
            show(questions.answer),
            name="console_lineage_question",
        ),
    ]


def _of_policies(show: Show) -> list[URLPattern]:
    return [
        path(
            "policies/playground/",
            show(policy_playground.playground),
            name="console_policy_playground",
        ),
        path("policies/bundles/", show(bundles.bundles), name="console_policy_bundles"),
        path("policies/coverage/", show(coverage.coverage), name="console_coverage"),
        path("policies/policy/<int:pk>/change/", show(policy.policy)),
    ]


def _of_resources(show: Show) -> list[URLPattern]:
    return [
        path("configurations/submit/", show(configurations.submit), name="console_configurations"),
        path("snapshots/<uuid:uuid>/", show(configured.snapshot), name="console_snapshot"),
        path(
            "resources/<uuid:uuid>/retire/",
            show(configured.retire),
            name="console_resource_retire",
        ),
    ]
