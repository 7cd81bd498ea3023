"""Go on from the catalogue: register, make a version from another, deploy one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminTextareaWidget

from console.pages.acts.fields import LinksField, ObjectField, offer, words
from console.pages.acts.specimens import specimen
from console.pages.subjects import page_of
from core.plain_yaml import dumps
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.kinds import CHOICES, KINDS
from registry.permissions import Permission
from registry.queries.versions import reference_of, version_by_uuid
from registry.services import derivation, versions

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from registry.models import AssetVersion

ALIASES = "Between commas. Protected ones are moved by promotion."
SAME = (("new", "makes a new version"), ("existing", "is answered with the version that is there"))


class RegisterForm(forms.Form):
    """A version of something new, or a next one."""

    workspace = operations.choice("Workspace")
    kind = forms.ChoiceField(choices=CHOICES, widget=forms.HiddenInput)
    name = operations.text("Name", help_text="The name of an asset that is there: a next version.")
    spec = ObjectField("Content", rows=16)
    links = LinksField(
        label="Links",
        required=False,
        help_text="One a line, such as “trained_on team/dataset/tickets/3”.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "class": "mu-code"}),
    )
    aliases = words("Aliases", help_text=ALIASES)
    if_same = operations.choice("Equal content", SAME)
    reason = operations.text("Reason", required=False)


class DeriveForm(forms.Form):
    """What is other about the version that is made."""

    role = operations.choice("How it is made")
    workspace = operations.choice("Workspace")
    name = operations.text("Name")
    spec = ObjectField(
        "What is other",
        help_text="YAML or JSON, as a merge patch (RFC 7396): what is not named stays as it is,"
        " null takes it away.",
    )
    aliases = words("Aliases", help_text=ALIASES)
    reason = operations.text("Reason", required=False)


class DeployForm(forms.Form):
    """Where it serves."""

    name = operations.text("Name of the deployment")
    endpoint = operations.text("Endpoint", required=False, help_text="Where it answers.")
    configuration = ObjectField(
        "Configuration",
        help_text="YAML or JSON: content filters, network, scale. Policies look at it.",
    )
    reason = operations.text("Reason", required=False)


def register(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Register a version; ``kind`` in the address chooses what the content starts from."""
    actor = actor_of(request)
    kind = KINDS.get(request.GET.get("kind", ""), KINDS["model"])
    made: list[AssetVersion] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        registered = versions.register(actor=actor, **data)
        made.append(registered.version)
        verb = "Registered" if registered.is_new else "Equal content is there already"
        return messages.SUCCESS, f"{verb}: {reference_of(registered.version)}."

    operation = operations.Operation(
        f"Register: {kind.label.lower()}",
        "Register",
        call,
        lambda: page_of(made[0]),
        reverse("admin:console_catalogue"),
        intro=f"{kind.summary} Metrics and artifacts go by REST and MLflow.",
        template="console/register.html",
        context={"kinds": KINDS.values(), "chosen": kind},
    )
    start = {"kind": kind.slug, "spec": dumps(specimen(kind))}
    form = RegisterForm(request.POST or None, initial=start)
    form.fields["spec"].help_text = format_html(
        'YAML or JSON, by <a class="mu-link" href="/api/registry/kinds/{}/schema/">its schema</a>.',
        kind.slug,
    )
    _offer_workspaces(form, actor)
    return operations.answer(request, operation, form, site=site)


def derive(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a version from another one that the user may read."""
    actor = actor_of(request)
    origin = version_by_uuid(actor, uuid)
    kind = KINDS[origin.asset.kind]
    made: list[AssetVersion] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made.append(derivation.derive(actor=actor, version=uuid, **data).version)
        return messages.SUCCESS, f"Registered: {reference_of(made[0])}."

    operation = operations.Operation(
        f"Derive from {reference_of(origin)}",
        "Register",
        call,
        lambda: page_of(made[0]),
        page_of(origin),
        intro="The version that is made is linked to this one. Its card is written anew.",
        template="console/derive.html",
        context={"origin": origin, "body": dumps(dict(origin.spec.body))},
    )
    start = {"workspace": origin.asset.workspace.slug, "name": origin.asset.name}
    form = DeriveForm(request.POST or None, initial=start)
    ways = [way for way in derivation.WAYS if way in kind.link_roles]
    offer(form, "role", [(way.value, way.value.replace("_", " ")) for way in ways])
    _offer_workspaces(form, actor)
    return operations.answer(request, operation, form, site=site)


def deploy(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a deployment that sends all of its traffic to the version."""
    actor = actor_of(request)
    found = version_by_uuid(actor, uuid)
    made: list[str] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        revision = derivation.deploy(actor=actor, version=uuid, **data)
        made.append(page_of(revision.deployment))
        return messages.SUCCESS, f"{revision.deployment.reference} is desired."

    operation = operations.Operation(
        f"Deploy {reference_of(found)}",
        "Deploy",
        call,
        lambda: made[0],
        page_of(found),
        intro=f"All of the traffic goes to this version, in {found.asset.workspace.slug}.",
    )
    form = DeployForm(request.POST or None, initial={"name": found.asset.name})
    return operations.answer(request, operation, form, site=site)


def _offer_workspaces(form: forms.Form, actor: Actor) -> None:
    rows = access.visible_workspaces(actor, permission=Permission.CREATE_VERSION)
    offered = [(place.slug, f"{place.slug} ({place.stage})") for place in rows.order_by("slug")]
    offer(form, "workspace", offered)
