"""The addresses of streams of the journal, below /admin/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from console.pages.acts import streams as streaming
from console.pages.audits import streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.urls import URLPattern

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]

ACTS = {
    "change": streaming.change,
    "switch": streaming.switch,
    "replay": streaming.replay,
    "delete": streaming.delete,
    "test": streaming.test,
    "retry": streaming.retry,
}


def of_streams(show: Show) -> list[URLPattern]:
    """Return the pages of streams, and the forms that they lead to."""
    return [
        path("streams/", show(streams.listed), name="console_streams"),
        path("streams/new/", show(streaming.create), name="console_stream_create"),
        path("streams/<uuid:uuid>/", show(streams.stream), name="console_stream"),
        *[
            path(f"streams/<uuid:uuid>/{verb}/", show(view), name=f"console_stream_{verb}")
            for verb, view in ACTS.items()
        ],
    ]
