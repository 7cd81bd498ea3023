"""The addresses of imports, of bundles of versions, and of the keys that are trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from console.pages import bundles, imports, keys
from console.pages.acts import bundles as moving
from console.pages.acts import imports as importing
from console.pages.acts import keys as trusting

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.urls import URLPattern

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]


def of_imports(show: Show) -> list[URLPattern]:
    """Return the pages of imports, bundles and trusted keys."""
    return [
        path("imports/", show(imports.listed), name="console_imports"),
        path("imports/new/", show(importing.ask), name="console_import_ask"),
        path("imports/<uuid:uuid>/", show(imports.imported), name="console_import"),
        path("bundles/import/", show(moving.take_in), name="console_bundle_import"),
        path("bundles/export/<uuid:uuid>/", show(moving.write), name="console_bundle_export"),
        path("trusted-keys/", show(keys.listed), name="console_trusted_keys"),
        path("trusted-keys/new/", show(trusting.trust), name="console_key_trust"),
        path("trusted-keys/<uuid:uuid>/end/", show(trusting.distrust), name="console_key_distrust"),
        path("bundles/<uuid:uuid>/", show(bundles.bundle), name="console_bundle"),
    ]
