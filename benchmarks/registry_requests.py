"""The requests that `registry_scale` measures."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from rest_framework.test import APIClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

BASE = "/api/registry/"


class Asker:
    """Asks as the holder of one token; every answer must be a success."""

    def __init__(self, token: str) -> None:
        self.client = APIClient(SERVER_NAME="localhost")
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        self.counter = itertools.count()

    def page(self, address: str) -> Callable[[], Any]:
        """Return what gets that address."""
        return lambda: self._checked(self.client.get(BASE + address))

    def later(self, address: str, pages: int) -> Callable[[], Any]:
        """Return what gets the page that lies ``pages`` behind the first."""
        current = BASE + address
        for _ in range(pages):
            following = self._checked(self.client.get(current)).json()["next"]
            if following is None:
                break
            current = following
        return lambda: self._checked(self.client.get(current))

    def register(self, name: str | None) -> Callable[[], Any]:
        """Return what registers a version of that asset, or of a new one each time."""
        spec = {
            "source": {"type": "hosted", "uri": "https://models.example/new", "provider": "own"},
            "task": "text-generation",
            "license": "Apache-2.0",
        }

        def ask() -> Any:
            body = {
                "workspace": "team-000",
                "kind": "model",
                "name": name or f"new-{next(self.counter)}",
                "spec": spec,
            }
            return self._checked(self.client.post(f"{BASE}versions/", body, format="json"))

        return ask

    def move(self, name: str) -> Callable[[], Any]:
        """Return what moves an alias of that asset to and fro."""

        def ask() -> Any:
            to = 1 + next(self.counter) % 2
            body = {"asset": f"team-000/model/{name}", "alias": "candidate", "to": to}
            return self._checked(self.client.post(f"{BASE}aliases/", body, format="json"))

        return ask

    def _checked(self, answer: HttpResponse) -> Any:
        if answer.status_code >= 300:
            raise RuntimeError(f"{answer.status_code}: {answer.content[:500]!r}")
        return answer
