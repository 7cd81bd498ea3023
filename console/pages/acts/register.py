"""Register a version from a document that is written or uploaded here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from rest_framework.exceptions import ValidationError
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from console.pages.acts.fields import offer
from console.pages.shell import page
from core.denials import record_denial
from core.errors import DomainError, FieldError, InvalidInput
from core.http.problems import shape_error
from core.plain_yaml import loads
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.api.serializers.documents import DocumentSerializer
from registry.kinds import CHOICES
from registry.permissions import Permission
from registry.queries.documents import FORMAT
from registry.services import documents

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

EXAMPLE = """\
type: text
template: |
  Answer {{question}} in one sentence.
variables:
  question: {type: string}
"""
ANY = ("", "As the document says")
# What stands in a document and not in a spec.
MARKS = frozenset({"format", "spec"})


class RegisterForm(forms.Form):
    """Where a version goes, what it is, and its document: a whole one, or the spec alone."""

    workspace = operations.choice("Workspace")
    kind = operations.choice(
        "Kind", [ANY, *CHOICES], required=False, help_text="Needed where only a spec is given."
    )
    name = operations.text(
        "Name", required=False, max_length=200, help_text="Needed where only a spec is given."
    )
    document = forms.CharField(
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 18, "spellcheck": "false"}),
        help_text="YAML or JSON: the spec of the kind, or a whole document as versions are"
        " exported.",
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".yaml,.yml,.json"}),
        help_text="Read in place of the text above.",
    )
    reason = operations.text("Reason", required=False)

    def clean(self) -> dict[str, Any]:
        """Return the fields with the text of the file, if there is one, as the document."""
        data = dict(self.cleaned_data)
        upload = data.pop("file", None)
        if upload is not None and upload.size > settings.MAX_BODY_BYTES:
            self.add_error("file", f"is over {settings.MAX_BODY_BYTES} bytes")
        elif upload is not None:
            data["document"] = upload.read()
        if not data.get("document"):
            self.add_error("document", "Write a document, or choose a file.")
        return data


def register(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the form; say what registering would make, or register."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "") for name in ("workspace", "kind", "name")}
    form = RegisterForm(request.POST or None, request.FILES or None, initial=asked)
    places = access.visible_workspaces(actor, permission=Permission.CREATE_VERSION)
    slugs = [(slug, slug) for slug in places.order_by("slug").values_list("slug", flat=True)]
    offer(form, "workspace", slugs)
    validation, problems = None, list[FieldError]()
    if request.method == "POST" and form.is_valid():
        try:
            document = _document(form.cleaned_data)
            given: Any = {"document": document, "workspace": form.cleaned_data["workspace"]}
            given |= {"actor": actor, "reason": form.cleaned_data["reason"]}
            if "register" in request.POST:
                return _done(request, documents.import_document(**given))
            validation = documents.validate_document(**given)
        except DomainError as error:
            record_denial(error, actor=actor)
            problems = _at_their_fields(error, form)
    return page(
        site,
        request,
        "console/register_document.html",
        title="Register a version",
        form=form,
        validation=validation,
        problems=problems,
        example=EXAMPLE,
        cancel=reverse("admin:registry_assetversion_changelist"),
    )


def _document(given: dict[str, Any]) -> dict[str, Any]:
    """Return the document that was given, of the right shape; raises InvalidInput.

    JSON is YAML, too. What is no whole document is the spec of one.
    """
    read = loads(given["document"])
    if not isinstance(read, dict):
        raise InvalidInput.of("document", "must be an object")
    document = read if MARKS & read.keys() else {"spec": read}
    told = {"format": FORMAT, "kind": given["kind"], "name": given["name"]}
    shape = DocumentSerializer(data={**{k: v for k, v in told.items() if v}, **document})
    try:
        shape.is_valid(raise_exception=True)
    except ValidationError as error:
        raise shape_error(error) from None
    return dict(shape.validated_data)


def _at_their_fields(error: DomainError, form: RegisterForm) -> list[FieldError]:
    """Put what is wrong with a field of the form there, and return what is wrong inside the
    document, which is told beside it."""
    inside = []
    for each in error.errors or [FieldError("", error.detail)]:
        if each.field in form.fields:
            form.add_error(each.field, each.reason)
        else:
            inside.append(each)
    return inside


def _done(request: HttpRequest, imported: documents.Imported) -> HttpResponse:
    """Say what was registered, and lead to it."""
    version = imported.version
    words = "Registered." if imported.is_new else "This content was registered before."
    if imported.aliases_left:
        words += f" Left where they were: {', '.join(imported.aliases_left)}."
    messages.success(request, words)
    return redirect("admin:registry_assetversion_change", version.pk)
