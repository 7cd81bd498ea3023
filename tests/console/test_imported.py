"""The page of a version that came by a bundle says whose word its provenance is."""

from __future__ import annotations

import io

from django.urls import reverse

from registry.services.bundles.exporting import export_bundle
from registry.services.bundles.importing import import_bundle
from tests import factories
from tests.console.pages import Scene, browser


def test_its_provenance_is_told_as_the_word_of_the_signer(scene: Scene) -> None:
    place = factories.make_workspace("imported-here")
    reader = factories.member(place, "reader")
    file = io.BytesIO()
    source = factories.reference(scene.version)
    export_bundle(actor=factories.administrator(), version=source, file=file)
    done = import_bundle(actor=factories.administrator(), workspace=place.slug, file=file)
    address = reverse("admin:registry_assetversion_change", args=[done.versions[-1].pk])

    page = browser(reader).get(address).content.decode()

    assert f"as muniment://localhost/{source}: the word of whoever signed it" in page
    assert "Written down when this version was promoted" not in page
