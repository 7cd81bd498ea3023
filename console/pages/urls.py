"""The addresses of the console's own pages, below /admin/."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.urls import path

from console.pages import asset, inbox, promotion, version, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin import AdminSite
    from django.http import HttpResponse
    from django.urls import URLPattern


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    """Return the pages, each behind the site's login."""

    def show(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return site.admin_view(partial(view, site))

    return [
        path("approvals/", show(inbox.inbox), name="console_inbox"),
        # Object pages that several apps contribute to stand where the object's app has its own.
        path("registry/workspace/<int:pk>/change/", show(workspace.workspace)),
        path("registry/asset/<int:pk>/change/", show(asset.asset)),
        path("registry/assetversion/<int:pk>/change/", show(version.version)),
        path("registry/promotion/<int:pk>/change/", show(promotion.promotion)),
    ]
