"""Policies as OPA bundles: taken in from a file, and given out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from unfold.widgets import UnfoldAdminFileFieldWidget

from console.pages.shell import page
from core.denials import record_denial
from core.errors import DomainError, FieldError
from policies.api.views.bundles import MAX_POLICIES
from policies.bundles import archive
from policies.models import Policy, PolicySet, PolicySetVersion
from policies.services import imports
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from policies.services.imports import Imported

SHOWN = 200


class BundleForm(forms.Form):
    """An OPA bundle, and why it is taken in."""

    bundle = forms.FileField(
        label="OPA bundle",
        help_text="A .tar.gz of .rego files, as OPA or this product writes it, with tests and"
        f" fixtures beside them. At most {MAX_POLICIES} policies here; the command takes more.",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".tar.gz,.tgz,.gz"}),
    )
    reason = operations.text("Reason", required=False, max_length=2000)

    def clean_bundle(self) -> bytes:
        """Return the bytes of the file."""
        file = self.cleaned_data["bundle"]
        if file.size > settings.MAX_BODY_BYTES:
            raise forms.ValidationError(f"The file is over {settings.MAX_BODY_BYTES} bytes.")
        found: bytes = file.read()
        return found


def bundles(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the form and what may be taken out; check the bundle that is sent, or take it in and
    say what became of each policy."""
    actor = actor_of(request)
    may_import = access.administers_organisation(actor)
    form = BundleForm(request.POST or None, request.FILES or None) if may_import else None
    done: list[Imported] | None = None
    problems: list[FieldError] = []
    is_check = "import" not in request.POST
    if request.method == "POST":
        access.require_organisation_admin(actor, subject="policy bundle")
        if form is not None and form.is_valid():
            try:
                done = _taken(actor, form.cleaned_data, is_check=is_check)
            except DomainError as error:
                record_denial(error, actor=actor)
                problems = list(error.errors) or [FieldError("bundle", error.detail)]
    return page(
        site,
        request,
        "console/policy_bundles.html",
        title="Policy bundles",
        form=form,
        done=done,
        is_check=is_check,
        problems=problems,
        sets=_sets(),
        policies=Policy.objects.count(),
    )


def _taken(actor: Actor, given: dict[str, Any], *, is_check: bool) -> list[Imported]:
    return imports.import_bundle(
        actor=actor,
        read=partial(archive.read, given["bundle"]),
        limit=MAX_POLICIES,
        dry_run=is_check,
        reason=given["reason"],
    )


def _sets() -> list[Any]:
    """The sets with what their newest version says and how many it holds; one query."""
    newest = PolicySetVersion.objects.filter(policy_set=OuterRef("pk")).order_by("-number")
    held = newest.annotate(number_held=Count("members")).values("number_held")[:1]
    rows = PolicySet.objects.annotate(
        newest_title=Subquery(newest.values("title")[:1]), held=Subquery(held)
    )
    return list(rows.order_by("name")[:SHOWN])
