"""Write the bundle of a version, and register what a bundle carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from unfold.widgets import UnfoldAdminFileFieldWidget

from console.pages.acts.fields import offer, yes_no
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission
from registry.queries.versions import reference_of, version_by_uuid
from registry.services.bundles import transfers

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from core.models import Task


class BundleForm(forms.Form):
    """A signed bundle, and where what it carries goes."""

    workspace = operations.choice("Workspace")
    bundle = forms.FileField(
        label="Bundle",
        help_text="As this product exports it, signed by a key that the workspace trusts. Larger"
        " ones are uploaded over the REST API, or taken by the command bundle.",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".bundle,.zip"}),
    )
    verify_only = yes_no("Check only", help_text="Check every byte, and register nothing.")

    def clean_bundle(self) -> UploadedFile[Any]:
        """Return the file."""
        file: UploadedFile[Any] = self.cleaned_data["bundle"]
        if file.size is None or file.size > settings.MAX_BODY_BYTES:
            raise forms.ValidationError(f"The file is over {settings.MAX_BODY_BYTES} bytes.")
        return file


def _page_of(task: Task) -> str:
    return reverse("admin:console_bundle", args=[task.uuid])


def take_in(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Have a bundle registered in a workspace, or only checked."""
    actor = actor_of(request)
    form = BundleForm(
        request.POST or None,
        request.FILES or None,
        initial={"workspace": request.GET.get("workspace", "")},
    )
    places = access.visible_workspaces(actor, permission=Permission.CREATE_VERSION)
    slugs = places.order_by("slug").values_list("slug", flat=True)
    offer(form, "workspace", [(slug, slug) for slug in slugs])
    asked: list[Task] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        file = data["bundle"]
        asked.append(
            transfers.import_file(
                actor=actor,
                workspace=data["workspace"],
                chunks=file.chunks(),
                length=file.size,
                verify_only=data["verify_only"],
            )
        )
        return messages.SUCCESS, "It is looked at in the background."

    operation = operations.Operation(
        "Import a bundle",
        "Import",
        call,
        lambda: _page_of(asked[0]),
        reverse("admin:console_imports"),
        intro="Its versions are registered with their provenance; what stands here already is used"
        " again, and no alias moves.",
    )
    return operations.answer(request, operation, form, site=site)


def write(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have the bundle of a version written, with all that it is made of."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)
    asked: list[Task] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        asked.append(transfers.request_export(actor=actor, version=str(reference_of(version))))
        return messages.SUCCESS, "It is written in the background."

    operation = operations.Operation(
        f"Export {reference_of(version)}",
        "Export",
        call,
        lambda: _page_of(asked[0]),
        reverse("admin:registry_assetversion_change", args=[version.pk]),
        intro="One signed file with the version, what it is made of, their bytes and where they"
        " came from. Another installation that trusts the key registers it.",
    )
    form = forms.Form(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)
