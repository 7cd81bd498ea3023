"""A list or a detail costs the same number of queries at ten rows and at ten thousand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.services import tokens
from tests.api.filling import fill
from tests.api.matrix import AREAS
from tests.api.rows import Row
from tests.api.test_matrix import ask
from tests.api.world import World

pytestmark = pytest.mark.django_db
FEW = 10
# Queries of a reader's request; in production two of them, which derive access, are cached.
BUDGET = 12
DEARER = {
    # Each of the versions that are compared is looked up by itself: two here, five at most.
    "api/registry/catalogue/compare/": 16,
    # A walk asks for edges and for access once per level, whatever its width; then for names.
    "api/lineage/paths/": 18,
    "api/lineage/questions/training-data/": 18,
    "api/lineage/questions/impact/": 20,
    "api/lineage/questions/changes/": 28,  # two walks
    # All that may speak for a control: rules, attestations, records, statements, scans, findings.
    "api/audits/frameworks/": 26,
    "api/audits/frameworks/<str:name>/gaps/": 26,
}

READERS = ("reader", "auditor", "administrator")
READS = [
    row
    for area, rows in AREAS.items()
    for row in rows
    # Exports and downloads are streams of everything, by design; the graph has a test of its own.
    if row.method == "GET"
    and area != "description"
    and not row.route.endswith(("export/", "exports/<str:target>/", "download/", "graph/"))
]


# Lists as they are narrowed: a filter may ask its own index before the list, no more.
FILTERED = (
    "versions/?workspace=dev",
    "versions/?kind=model",
    "versions/?name=bulk-10-1&kind=model",
    "versions/?alias=candidate",
    "versions/?tag=team:x",
    "versions/?state=archived",
    "assets/?kind=model",
    "assets/?name=bulk-10-1",
    "assets/?search=bulk",
    "assets/?tag=team:x&tag=tier:gold",
    "catalogue/?license=MIT&kind=model",
    "catalogue/?tag=team:x&metric=accuracy>0.5",
    "catalogue/?q=model",
    "catalogue/facets/?license=MIT",
)


def filtered_costs(world: World) -> dict[str, int]:
    """The queries of every filtered list by three callers."""
    found = {}
    for address in FILTERED:
        for caller in READERS:
            with CaptureQueriesContext(connection) as captured:
                answer = world.clients[caller].get(f"/api/registry/{address}")
            assert answer.status_code == 200, address
            found[f"{address} {caller}"] = len(captured)
    return found


def queries(world: World, row: Row, caller: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = ask(world.clients[caller], row, world)
    assert answer.status_code in {200, 403, 404}, row
    return len(captured)


def costs(world: World) -> dict[str, int]:
    """The queries of every read by three callers."""
    return {
        f"{row.route} {caller}": queries(world, row, caller) for row in READS for caller in READERS
    }


@pytest.mark.parametrize("many", [500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_no_read_costs_more_queries_with_more_rows(
    many: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first use of a token in a minute is written down, whatever is read.
    monkeypatch.setattr(tokens, "USE_IS_RECORDED_EVERY", timedelta(days=1))
    for caller in READERS:
        world.clients[caller].get("/api/registry/kinds/")
    fill(world, FEW)
    before = costs(world) | filtered_costs(world)
    fill(world, many)
    after = costs(world) | filtered_costs(world)

    assert {key: (before[key], after[key]) for key in before if after[key] != before[key]} == {}
    over = {
        key: count
        for key, count in after.items()
        if count > DEARER.get(key.partition(" ")[0], BUDGET)
    }
    assert over == {}
