"""The addresses of the pages of the trail, and of what is kept and let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from console.pages.acts import retention as keeping
from console.pages.audits import entry, log, permitted, retention, trail

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.urls import URLPattern

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]


def of_trail(show: Show) -> list[URLPattern]:
    """Return the trail, an entry, the question what was permitted, and the transparency log."""
    return [
        path("audits/trail/", show(trail.listed), name="console_trail"),
        path("audits/trail/<uuid:uuid>/", show(entry.entry), name="console_trail_entry"),
        path("audits/permitted/", show(permitted.was_permitted), name="console_permitted"),
        path("audits/log/", show(log.transparency_log), name="console_log"),
    ]


def of_retention(show: Show) -> list[URLPattern]:
    """Return the page of retention, and the forms that it leads to."""
    here, holds = "audits/retention/", "audits/holds/"
    return [
        path(here, show(retention.retention), name="console_retention"),
        path(f"{here}count/", show(keeping.preview), name="console_retention_preview"),
        path(f"{here}apply/", show(keeping.apply), name="console_retention_apply"),
        path(f"{here}rules/<slug:record>/", show(keeping.set_rule), name="console_retention_rule"),
        path(f"{holds}place/", show(keeping.place_hold), name="console_hold_place"),
        path(
            f"{holds}<uuid:uuid>/release/",
            show(keeping.release_hold),
            name="console_hold_release",
        ),
        path("audits/erase/", show(keeping.erase), name="console_erase"),
    ]
