"""Submit a document of configurations, and say what became of each resource in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.urls import reverse
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from console.pages.acts.fields import offer
from console.pages.shell import page
from core.denials import record_denial
from core.errors import DomainError
from policies.normalisers import FORMS
from policies.services import submissions
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from policies.services.submissions import Submission

CHOICES = [(form.name, f"{form.title} ({form.provenance})") for form in FORMS.values()]


class SubmitForm(forms.Form):
    """Where a document goes, what form it has, and the document."""

    workspace = operations.choice("Workspace")
    format = operations.choice("Form", CHOICES)
    document = forms.CharField(
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 14, "class": "mu-code", "spellcheck": "false"}
        ),
        help_text="JSON or YAML. Secrets in it are replaced before anything is kept.",
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".yaml,.yml,.json"}),
        help_text="Read in place of the text above.",
    )
    source = operations.text(
        "Source", required=False, max_length=100, help_text="Who tells; by default the form."
    )
    module = operations.text(
        "Module",
        required=False,
        max_length=200,
        help_text="For parameters of an Azure Verified Module: which one, such as"
        " avm/res/cognitive-services/account.",
    )
    type = operations.text(
        "Type", required=False, max_length=200, help_text="Where the form does not tell it."
    )
    external_id = operations.text("Id", required=False, max_length=500, help_text="Likewise.")

    def clean(self) -> dict[str, Any]:
        """Return the fields with the bytes of the document."""
        data = dict(self.cleaned_data)
        upload = data.pop("file", None)
        if upload is not None and upload.size > settings.MAX_BODY_BYTES:
            self.add_error("file", f"is over {settings.MAX_BODY_BYTES} bytes")
        elif upload is not None:
            data["document"] = upload.read()
        else:
            data["document"] = data.get("document", "").encode()
        if not data["document"] and not self.errors:
            self.add_error("document", "Write a document, or choose a file.")
        return data


def submit(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the form, or submit the document and show what became of it."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "") for name in ("workspace", "format")}
    form = SubmitForm(request.POST or None, request.FILES or None, initial=asked)
    places = access.visible_workspaces(actor, permission=Permission.SUBMIT_CONFIGURATION)
    slugs = places.order_by("slug").values_list("slug", flat=True)
    offer(form, "workspace", [(slug, slug) for slug in slugs])
    done: Submission | None = None
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            done = submissions.submit_document(
                actor=actor,
                workspace=given.pop("workspace"),
                form=given.pop("format"),
                body=given.pop("document"),
                about=submissions.Particulars(**given),
            )
        except DomainError as error:
            record_denial(error, actor=actor)
            operations.show(error, form)
    return page(
        site,
        request,
        "console/configuration_submit.html",
        title="Submit configurations",
        form=form,
        done=done,
        recorded=list(zip(done.snapshots, done.notes, strict=True)) if done else [],
        forms=FORMS.values(),
        cancel=reverse("admin:policies_resource_changelist"),
    )
