"""What the console's pages have in common: the site's shell around a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.response import TemplateResponse

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse


def page(
    site: AdminSite,
    request: HttpRequest,
    template: str,
    *,
    title: str,
    original: Model | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Return ``template`` in the shell; ``original`` is the row that the page is about, for the
    trail of links at the top."""
    request.current_app = site.name
    about = {} if original is None else {"opts": original._meta, "original": original}
    everything = {
        **site.each_context(request),
        "title": title,
        "inline_admin_formsets": [],
        **about,
        **context,
    }
    return TemplateResponse(request, template, everything, status=status)
