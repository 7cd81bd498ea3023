"""The requests that `registry_scale` measures."""

from __future__ import annotations

import itertools
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.test import Client
from rest_framework.test import APIClient

from benchmarks.registry_rows import BIG, HOT

if TYPE_CHECKING:
    from collections.abc import Callable

API = "/api/registry/"
MLFLOW = "/api/2.0/mlflow/"
CONSOLE = "/admin/registry/"
BACKEND = "django.contrib.auth.backends.ModelBackend"
# What is asked, and where; the later pages follow ``next`` 40 times.
LISTS = (
    ("versions", "versions/"),
    ("versions, page 40", "versions/#40"),
    ("versions of a workspace", f"versions/?workspace={BIG}"),
    ("versions of the hot asset", f"versions/?name={HOT}&kind=model"),
    ("versions of the hot asset, page 40", f"versions/?name={HOT}&kind=model#40"),
    ("versions of one name", "versions/?name=model-000999"),
    ("versions of no name there is", "versions/?name=nothing"),
    ("versions of a kind", "versions/?kind=model"),
    ("versions of a kind without any", "versions/?kind=prompt"),
    ("versions by digest", "versions/?digest=sha256:" + "0" * 64),
    ("versions by alias", "versions/?alias=champion"),
    ("versions by tag", "versions/?tag=stage:stage7"),
    ("versions by tag that none has", "versions/?tag=stage:none"),
    ("versions in a state that none is in", "versions/?state=withdrawn"),
    ("assets", "assets/"),
    ("assets, page 40", "assets/#40"),
    ("assets of a workspace", f"assets/?workspace={BIG}"),
    ("assets of a kind without any", "assets/?kind=prompt"),
    ("assets of one name", "assets/?name=model-000999"),
    ("assets by part of a name", "assets/?search=0099"),
    ("assets by part of no name there is", "assets/?search=nothing"),
    ("assets by two tags", "assets/?tag=team:team7&tag=tier:std"),
    ("assets by two tags that none has", "assets/?tag=team:team7&tag=tier:gold"),
    ("moves of an alias", f"aliases/moves/?name={HOT}"),
    ("workspaces", "workspaces/"),
    ("catalogue", "catalogue/"),
    ("catalogue by name", "catalogue/?order=name"),
    ("catalogue by name, page 40", "catalogue/?order=name#40"),
    ("catalogue, by a price that none has", "catalogue/?order=price"),
    ("catalogue of a licence", "catalogue/?license=MIT"),
    ("catalogue of a licence that none has", "catalogue/?license=none"),
    ("catalogue of a tag", "catalogue/?tag=team:team7"),
    ("catalogue of two tags that none has", "catalogue/?tag=team:team7&tag=tier:gold"),
    ("catalogue by a rare metric", "catalogue/?metric=accuracy>%3D0.999"),
    ("catalogue by a frequent metric", "catalogue/?metric=accuracy>%3D0.1"),
    ("catalogue, words of one", "catalogue/?q=model+000999"),
    ("catalogue, a word of many", "catalogue/?q=invoices"),
    ("catalogue, a word of all", "catalogue/?q=model"),
    ("catalogue, a word of none", "catalogue/?q=nothing"),
    ("facets", "catalogue/facets/"),
    ("facets of a licence", "catalogue/facets/?license=MIT"),
    ("facets of a word of many", "catalogue/facets/?q=invoices"),
    ("discoverable", "catalogue/discoverable/"),
)
# Of MLflow's protocol: a page of 100, as its clients ask for.
SEARCHES = (
    ("models", "registered-models/search?max_results=100"),
    ("models LIKE", "registered-models/search?max_results=100&filter=name LIKE '%0099%'"),
    ("models LIKE, none", "registered-models/search?max_results=100&filter=name LIKE '%nothing%'"),
    ("models, prefix", "registered-models/search?max_results=100&filter=name LIKE 'model-0009%'"),
    (
        "models by two tags",
        "registered-models/search?max_results=100&filter=tags.team = 'team0' AND "
        "tags.tier = 'gold'",
    ),
    (
        "models by two tags, none",
        "registered-models/search?max_results=100&filter=tags.team = 'team7' AND "
        "tags.tier = 'gold'",
    ),
    (
        "models, last updated",
        "registered-models/search?max_results=100&order_by=last_updated_timestamp DESC",
    ),
    (
        "models, newest",
        "registered-models/search?max_results=100&order_by=creation_timestamp DESC",
    ),
    ("versions", "model-versions/search?max_results=100"),
    ("versions of hot", f"model-versions/search?max_results=100&filter=name='{HOT}'"),
    ("versions of a name", "model-versions/search?max_results=100&filter=name='model-000998'"),
    ("versions by tag", "model-versions/search?max_results=100&filter=tags.stage = 'stage7'"),
    ("versions by tag, none", "model-versions/search?max_results=100&filter=tags.stage = 'none'"),
    ("versions of a run", "model-versions/search?max_results=100&filter=run_id='run000040'"),
    (
        "versions, newest",
        "model-versions/search?max_results=100&order_by=creation_timestamp DESC",
    ),
    (
        "versions, last updated",
        "model-versions/search?max_results=100&order_by=last_updated_timestamp DESC",
    ),
    (
        "versions by number",
        "model-versions/search?max_results=100&order_by=version_number DESC",
    ),
)
PAGES = (
    ("assets", "asset/"),
    ("assets, page 20", "asset/?p=20"),
    ("assets by name", "asset/?o=1"),
    ("assets, search", "asset/?q=0099"),
    ("assets, search for nothing", "asset/?q=nothing"),
    ("assets of a workspace", f"asset/?workspace={BIG}"),
    ("versions", "assetversion/"),
    ("versions, page 20", "assetversion/?p=20"),
    ("versions by name", "assetversion/?o=1"),
    ("versions, search", "assetversion/?q=0099"),
    ("versions, search for nothing", "assetversion/?q=nothing"),
    ("versions of a workspace", f"assetversion/?workspace={BIG}"),
)


class Asker:
    """Asks as one person, by token or by session; every answer must be a success."""

    def __init__(self, username: str, token: str, *, place: str) -> None:
        self.username, self.place = username, place
        self.client = APIClient(SERVER_NAME="localhost")
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        self.counter = itertools.count()

    def reads(self) -> dict[str, Callable[[], Any]]:
        """Return every list and search by what it asks."""
        found = {name: self._list(API + address) for name, address in LISTS}
        found |= {f"MLflow: {name}": self._search(address) for name, address in SEARCHES}
        session = self._session()
        for name, address in PAGES:
            found[f"console: {name}"] = self._page(session, CONSOLE + address)
        return found

    def details(self, version: str, asset: str, number: int) -> dict[str, Callable[[], Any]]:
        """Return what shows single things; only a reader of the big workspace may ask."""
        hot = f"{API}resolve/?ref={BIG}/model/{HOT}"
        return {
            "version detail": self._list(f"{API}versions/{version}/"),
            "asset detail": self._list(f"{API}assets/{asset}/"),
            "resolve by number": self._list(f"{hot}/{number}"),
            "resolve by alias": self._list(f"{hot}@champion"),
            "compare": self._list(
                f"{API}catalogue/compare/?ref={BIG}/model/{HOT}/1&ref={BIG}/model/{HOT}/2"
            ),
            "MLflow: get model": self._search(f"registered-models/get?name={HOT}"),
            "MLflow: latest versions": self._search(
                f"registered-models/get-latest-versions?name={HOT}"
            ),
            "MLflow: get version": self._search(f"model-versions/get?name={HOT}&version=1"),
            "MLflow: get by alias": self._search(
                f"registered-models/alias?name={HOT}&alias=champion"
            ),
        }

    def writes(self) -> dict[str, Callable[[], Any]]:
        """Return what registers versions and moves an alias."""
        return {
            "register a version of the hot asset": self.register(HOT),
            "register a version of a new asset": self.register(None),
            "move an alias of the hot asset": self.move(HOT),
        }

    def _list(self, address: str) -> Callable[[], Any]:
        first, _, pages = address.partition("#")
        page = cache(lambda: self._later(first, int(pages or 0)))
        return lambda: self._checked(self.client.get(page()))

    def _later(self, address: str, pages: int) -> str:
        """Return the address of the page that lies ``pages`` behind the first, or of the last."""
        for _ in range(pages):
            following = self._checked(self.client.get(address)).json()["next"]
            if following is None:
                break
            address = following
        return address

    def _search(self, address: str) -> Callable[[], Any]:
        whole = MLFLOW + quote(address, safe="/?=&")
        headers = {"X-MLFLOW-WORKSPACE": self.place}
        return lambda: self._checked(self.client.get(whole, headers=headers))

    def _session(self) -> Client:
        from core.models import User

        session = Client(SERVER_NAME="localhost")
        session.force_login(User.objects.get(username=self.username), backend=BACKEND)
        return session

    def _page(self, session: Client, address: str) -> Callable[[], Any]:
        return lambda: self._checked(session.get(address))

    def register(self, name: str | None) -> Callable[[], Any]:
        """Return what registers a version of that asset, or of a new one each time."""
        spec = {
            "source": {"type": "hosted", "uri": "https://models.example/new", "provider": "own"},
            "task": "text-generation",
            "license": "Apache-2.0",
        }

        def ask() -> Any:
            body = {
                "workspace": BIG,
                "kind": "model",
                "name": name or f"new-{next(self.counter)}",
                "spec": spec,
            }
            return self._checked(self.client.post(f"{API}versions/", body, format="json"))

        return ask

    def move(self, name: str) -> Callable[[], Any]:
        """Return what moves an alias of that asset to and fro."""

        def ask() -> Any:
            to = 1 + next(self.counter) % 2
            body = {"asset": f"{BIG}/model/{name}", "alias": "candidate", "to": to}
            return self._checked(self.client.post(f"{API}aliases/", body, format="json"))

        return ask

    def _checked(self, answer: Any) -> Any:
        if answer.status_code >= 300:
            raise RuntimeError(f"{answer.status_code}: {answer.content[:500]!r}")
        return answer
