"""Import what lists, folders and exports of other registries describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.shortcuts import redirect
from unfold.widgets import UnfoldAdminFileFieldWidget

from console.pages.acts.fields import offer, yes_no
from console.pages.imports import report_of
from console.pages.shell import page
from core.denials import record_denial
from core.errors import DomainError
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission
from registry.services.imports import work
from registry.services.imports.orders import Order

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from core.models import Task

FORMATS = {
    "csv": "A list as CSV",
    "json": "A list as JSON",
    "huggingface": "A folder of Hugging Face",
    "mlflow": "An export of an MLflow registry",
}
MODES = {
    "all": "all: one wrong row, and nothing is registered",
    "rows": "each row by itself: the right ones are registered",
}
YES_NO = {"": "not told", "true": "it holds personal data", "false": "it holds none"}


class ManyFilesWidget(UnfoldAdminFileFieldWidget):
    """Lets a browser choose several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Text files, each by its name."""

    widget = ManyFilesWidget

    def clean(self, data: Any, initial: Any = None) -> dict[str, str]:
        """Return the texts by name; raises ValidationError for what is no text, or too much."""
        files: list[UploadedFile[Any]] = [
            super(ManyFilesField, self).clean(each) for each in data or []
        ]
        if sum(file.size or 0 for file in files) > settings.MAX_BODY_BYTES:
            told = f"The files are over {settings.MAX_BODY_BYTES} bytes: the command takes more."
            raise forms.ValidationError(told)
        if not files:
            super().clean(None)
        return {str(file.name): _text(file) for file in files}


def _text(file: UploadedFile[Any]) -> str:
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        told = f"{file.name} is no text: the byte at {error.start} is not UTF-8."
        raise forms.ValidationError(told) from error


class ImportForm(forms.Form):
    """What is imported, where, and how."""

    workspace = operations.choice("Workspace")
    format = operations.choice("What it is", FORMATS.items())
    file = ManyFilesField(
        label="File",
        widget=ManyFilesWidget(attrs={"multiple": True}),
        help_text="Of a Hugging Face folder several, README.md among them.",
    )
    mode = operations.choice("Take", MODES.items())
    move_aliases = yes_no("Move aliases", help_text="As they stand there, under the rules here.")
    repository = operations.text(
        "Repository", required=False, max_length=300, help_text="Of Hugging Face, like acme/base."
    )
    revision = operations.text(
        "Revision", required=False, max_length=200, help_text="The commit that the files are of."
    )
    personal_data = operations.choice(
        "Personal data",
        YES_NO.items(),
        required=False,
        help_text="Of a dataset of Hugging Face: its card has no such field.",
    )
    reason = operations.text("Reason", required=False, max_length=4000)

    def clean(self) -> dict[str, Any]:
        """Return the fields; a list or an export is one file."""
        data = dict(self.cleaned_data)
        files = data.get("file") or {}
        if data.get("format") != "huggingface" and len(files) > 1:
            self.add_error("file", "Choose one file: the list, or the export.")
        return data

    def order(self) -> Order:
        """Return what the form asks for."""
        data = self.cleaned_data
        is_folder = data["format"] == "huggingface"
        names, texts = list(data["file"]), list(data["file"].values())
        told = {name: data[name] for name in ("repository", "revision") if data[name]}
        if data["personal_data"]:
            told["personal_data"] = data["personal_data"] == "true"
        return Order(
            format=data["format"],
            workspace=data["workspace"],
            content="" if is_folder else texts[0],
            files=data["file"] if is_folder else {},
            mode=data["mode"],
            source=told.get("repository", names[0]) if is_folder else names[0],
            reason=data["reason"],
            is_moving_aliases=data["move_aliases"],
            told=told if is_folder else {},
        )


def ask(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the form; tell what importing would make of the files, or have it done."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "") for name in ("workspace", "format")}
    form = ImportForm(request.POST or None, request.FILES or None, initial=asked)
    places = access.visible_workspaces(actor, permission=Permission.CREATE_VERSION)
    slugs = places.order_by("slug").values_list("slug", flat=True)
    offer(form, "workspace", [(slug, slug) for slug in slugs])
    report: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if "import" in request.POST:
                return _asked(work.request(actor=actor, order=form.order()))
            report = work.validate(actor=actor, order=form.order()).told()
        except DomainError as error:
            record_denial(error, actor=actor)
            _show(error, form)
    return page(
        site,
        request,
        "console/import_ask.html",
        title="Import",
        form=form,
        **report_of(report),
    )


def _show(error: DomainError, form: ImportForm) -> None:
    """Put what is wrong with the files at their field, and anything else where it belongs."""
    told = [each for each in error.errors if each.field.partition(".")[0] in {"content", "files"}]
    for each in told:
        name = each.field.partition(".")[2]
        form.add_error("file", f"{name}: {each.reason}" if name else each.reason)
    if not told:
        operations.show(error, form)


def _asked(task: Task) -> HttpResponse:
    return redirect("admin:console_import", task.uuid)
