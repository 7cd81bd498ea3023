"""Let the worker's part happen: place what was journalled, and tell the catalogue."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from core import sequencer
from core.consumers import drain
from registry.consumer.catalogue import CatalogueConsumer

CATALOGUE = "/api/registry/catalogue/"
MODEL = {
    "source": {"type": "hosted", "uri": "https://models.example/v1", "provider": "Example"},
    "task": "text-generation",
    "license": "apache-2.0",
}


def follow() -> None:
    """Bring the catalogue up to date."""
    while sequencer.sequence_pending() or drain(CatalogueConsumer()):
        pass


def ask(client: APIClient, **parameters: Any) -> Any:
    """The answer of the catalogue, which must be one."""
    response = client.get(CATALOGUE, parameters)
    assert response.status_code == 200, response.json()
    return response.json()


def names(client: APIClient, **parameters: Any) -> list[str]:
    """The names of the entries that a question finds, in order."""
    return [entry["name"] for entry in ask(client, **parameters)["results"]]
