"""The addresses of evidence packs, below /admin/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from console.pages.acts import packs as asking
from console.pages.audits import packs

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.urls import URLPattern

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]


def of_packs(show: Show) -> list[URLPattern]:
    """Return the pages of evidence packs."""
    return [
        path("evidence-packs/", show(packs.listed), name="console_packs"),
        path("evidence-packs/new/", show(asking.ask), name="console_pack_ask"),
        path("evidence-packs/<uuid:uuid>/", show(packs.pack), name="console_pack"),
    ]
