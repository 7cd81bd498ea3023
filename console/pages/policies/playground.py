"""The policy playground: try a text on a configuration, a fixture or a document of one's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from console.pages.shell import page
from core.denials import record_denial
from core.errors import DomainError, InvalidInput
from core.http.parsers import loads
from policies.engines.base import MAX_MODULE_BYTES
from policies.models import PolicyFixture, PolicyVersion, Snapshot
from policies.services import playground as service
from policies.services.trials import require_trying
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from policies.services.playground import Trial

LISTED = 50
OWN = ("", "The document below")
EXPLAIN = [
    ("fails", "What did not hold"),
    ("full", "Every step"),
    ("off", "Nothing"),
]
EXAMPLE = """\
# METADATA
# scope: package
# title: The workspace refuses the public network
# description: Only private endpoints reach it.
# custom:
#   severity: high
#   controls: [mcsb/NS-2]
#   remediation: Switch public network access off.
#   input_kinds: [configuration]
package acme.public_network

import rego.v1

verdict := {"state": "pass", "findings": []} if {
	input.configuration.properties.publicNetworkAccess == "Disabled"
} else := {"state": "fail", "findings": [finding]}

finding := {
	"msg": "the public network reaches it",
	"path": "configuration.properties.publicNetworkAccess",
}
"""
DOCUMENT = {
    "schema": "muniment.configuration/v1",
    "now": "2026-07-30T10:00:00.000000+00:00",
    "workspace": {"slug": "prod", "stage": "production"},
    "resource": {
        "type": "Microsoft.MachineLearningServices/workspaces",
        "external_id": "example",
        "source": "azure-arm",
        "observed_at": "2026-07-30T10:00:00.000000+00:00",
        "provenance": "observed",
    },
    "configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
    "parameters": {},
}


class TrialForm(forms.Form):
    """A text, and what to try it on."""

    source = forms.CharField(
        label="Rego",
        max_length=MAX_MODULE_BYTES,
        strip=False,
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 24, "spellcheck": "false", "class": "mu-code"}
        ),
    )
    subject = forms.CharField(
        label="Try it on", required=False, widget=UnfoldAdminSelectWidget(choices=[OWN])
    )
    document = forms.CharField(
        label="Document",
        required=False,
        strip=False,
        help_text="A whole input document as JSON, where nothing else is chosen above.",
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 8, "spellcheck": "false", "class": "mu-code"}
        ),
    )
    parameters = forms.CharField(
        label="Parameters",
        required=False,
        help_text="Those of an assignment, as JSON. Empty leaves them as the document has them.",
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 2, "spellcheck": "false", "class": "mu-code"}
        ),
    )
    explain = operations.choice("Explain", EXPLAIN)

    def clean(self) -> dict[str, Any]:
        """Return the fields with the texts of JSON read."""
        data = dict(self.cleaned_data)
        for name in ("document", "parameters"):
            if text := data.get(name, "").strip():
                try:
                    data[name] = loads(text.encode())
                except InvalidInput as error:
                    self.add_error(name, error.detail)
                    continue
                if not isinstance(data[name], dict):
                    self.add_error(name, "must be an object")
        return data


def playground(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the form; with a text, what came of trying it. For whoever writes or assigns policies;
    raises AccessDenied for others."""
    actor = actor_of(request)
    require_trying(actor, subject="policy playground")
    initial = {
        "source": _source(request.GET.get("version", "")),
        "subject": request.GET.get("on", ""),
        "document": json.dumps(DOCUMENT, indent=2),
        "explain": "fails",
    }
    form = TrialForm(request.POST or None, initial=initial)
    fields: Any = form.fields
    fields["subject"].widget.choices = _subjects(actor, request.GET.get("version", ""))
    trial = None
    if request.method == "POST" and form.is_valid():
        trial = _tried(actor, form)
    return page(
        site,
        request,
        "console/policy_playground.html",
        title="Policy playground",
        form=form,
        trial=trial,
        document=json.dumps(trial.input, indent=2, ensure_ascii=False) if trial else "",
    )


def _tried(actor: Actor, form: TrialForm) -> Trial | None:
    given = form.cleaned_data
    kind, _, identity = given["subject"].partition(":")
    chosen: dict[str, Any] = {"parameters": given["parameters"] or {}}
    if kind in {"snapshot", "fixture"}:
        chosen[kind] = _uuid(identity)
    else:
        chosen["document"] = given["document"] or {}
    try:
        return service.try_policy(
            actor=actor,
            source=given["source"].replace("\r\n", "\n"),
            explain=given["explain"],
            given=service.Given(**chosen),
        )
    except DomainError as error:
        record_denial(error, actor=actor)
        operations.show(error, form)
        return None


def _subjects(actor: Actor, version: str) -> list[tuple[str, Any]]:
    """What may be chosen: fixtures of the version, and the newest configurations in sight."""
    fixtures = (
        PolicyFixture.objects.filter(policy_version__uuid=uuid).order_by("state", "name")
        if (uuid := _uuid(version))
        else PolicyFixture.objects.none()
    )
    snapshots = (
        Snapshot.objects.filter(access.in_reach(actor, path="resource__workspace"))
        .select_related("resource__workspace")
        .defer("document")
        .order_by("-id")[:LISTED]
    )
    return [
        OWN,
        *_group(
            "Fixtures",
            [(f"fixture:{each.uuid}", f"{each.state}: {each.name}") for each in fixtures],
        ),
        *_group("Configurations", [(f"snapshot:{each.uuid}", _named(each)) for each in snapshots]),
    ]


def _group(title: str, choices: list[tuple[str, str]]) -> list[tuple[str, Any]]:
    return [(title, choices)] if choices else []


def _named(snapshot: Snapshot) -> str:
    resource = snapshot.resource
    kind = resource.type.rpartition("/")[2]
    told = f"{resource.workspace.slug}: {kind} {resource.external_id}"
    return f"{told[:80]}, {snapshot.observed_at:%Y-%m-%d %H:%M}"


def _source(version: str) -> str:
    uuid = _uuid(version)
    found = PolicyVersion.objects.filter(uuid=uuid).first() if uuid else None
    return found.source if found else EXAMPLE


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
