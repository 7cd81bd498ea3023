"""The lineage page: the graph around a node as drawing and table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from console.pages.lineage.asked import written
from core.actors import Actor
from registry.models import AssetVersion, Workspace
from registry.services import lifecycle
from tests import factories
from tests.console.lineage.pages import chain, page, table, titles
from tests.console.pages import browser
from tests.lineage.graph import outside
from tests.lineage.steps import approve, promote, tell

pytestmark = pytest.mark.django_db


def test_the_page_draws_where_a_version_came_from_and_what_came_of_it(
    dev: Workspace, reader: Actor
) -> None:
    answer = page(reader, chain(dev))

    assert answer.status_code == 200
    assert {row.name for row in answer.context["rows"]} == {
        "dev/dataset/tickets/1",
        "dev/model/llm/1",
        "dev/flow/bot/1",
        "dev/result/eval/1",
    }
    assert titles(answer.context["svg"]) >= {"flow, dev/flow/bot/1, development"}
    assert 'class="edge r-data"' in answer.content.decode()


def test_direction_and_depth_bound_the_graph(dev: Workspace, reader: Actor) -> None:
    flow = chain(dev)

    near = page(reader, flow, direction="upstream", depth=1)

    assert {row.name for row in near.context["rows"]} == {"dev/flow/bot/1", "dev/model/llm/1"}
    assert "Go deeper" in near.content.decode()


def test_an_alias_names_the_node(dev: Workspace, reader: Actor) -> None:
    chain(dev)

    assert page(reader, "dev/flow/bot@candidate").context["root"].name == "bot"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"depth": "many"}, "depth"),
        ({"depth": "51"}, "depth"),
        ({"direction": "sideways"}, "direction"),
        ({"as_of": "2026-02-31T12:00"}, "as_of"),
        ({"as_of": "0001-01-01T00:00:00+14:00"}, "as_of"),
        ({"node": "dev/flow/bot"}, "node"),
        ({"node": "?"}, "node"),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_field(
    dev: Workspace, reader: Actor, query: dict[str, str], field: str
) -> None:
    answer = page(reader, chain(dev), **query) if "node" not in query else page(reader, **query)

    assert answer.status_code == 200
    assert [problem.field for problem in answer.context["problems"]] == [field]


def test_without_a_node_the_page_asks_for_one(reader: Actor) -> None:
    answer = browser(reader).get(reverse("admin:console_lineage"))

    assert answer.status_code == 200
    assert "graph" not in answer.context


def test_as_of_a_moment_the_page_shows_what_was_known_then(dev: Workspace, reader: Actor) -> None:
    flow = chain(dev)
    then = timezone.now() + timedelta(seconds=2)
    earlier = timezone.now() - timedelta(days=1)

    shown = page(reader, flow, as_of=then.isoformat())
    too_early = page(reader, flow, as_of=earlier.isoformat())

    assert len(shown.context["rows"]) == 4
    assert "As it was known at" in shown.content.decode()
    assert too_early.status_code == 200
    assert "It was not there yet" in too_early.content.decode()


def test_the_slider_stops_at_the_moments_at_which_the_graph_changed(
    dev: Workspace, reader: Actor
) -> None:
    data = chain(dev)
    first, second, third = (timezone.now() + timedelta(hours=hour) for hour in (1, 2, 3))
    raw, late = outside.dataset(dev, "raw"), outside.dataset(dev, "late")
    run = outside.run(dev, "clean")
    outside.edge(raw, late, run, recorded_at=first, closed_at=second)
    outside.edge(raw, late, run, recorded_at=third)
    address = reverse("admin:console_lineage_moments")

    grown = browser(reader).get(address, {"node": factories.reference(data)}).json()["moments"]
    asked = {"node": f"dataset:{raw.uuid}", "as_of": written(second)}
    changed = browser(reader).get(address, asked).json()["moments"]

    assert grown == sorted(grown)
    assert len(page(reader, data, as_of=grown[-1]).context["rows"]) == 4
    assert changed == [written(each) for each in (first, second, third)]
    assert f'data-from="{address}?node=' in page(reader, data).content.decode()


def test_many_neighbours_are_counted_and_opened_by_a_link(dev: Workspace, reader: Actor) -> None:
    data = factories.make_dataset(dev, name="tickets")
    for number in range(12):
        factories.make_model(dev, trained_on=[data], name=f"m{number:02}")
    tell()

    folded = page(reader, data)
    opened = page(reader, data, open=f"down:{data.uuid}")

    assert "+4 more, not drawn: 4 models. Show them" in titles(folded.context["svg"])
    assert len(folded.context["rows"]) == 13
    assert sum(row.is_drawn for row in folded.context["rows"]) == 9
    assert all(row.is_drawn for row in opened.context["rows"])
    assert "Fold what came of it" in titles(opened.context["svg"])


def test_versions_of_an_asset_stand_as_one_when_wished(dev: Workspace, reader: Actor) -> None:
    data = factories.make_dataset(dev, name="tickets")
    for number in range(3):
        spec = {**factories.MODEL_SPEC, "parameters": number + 1}
        factories.make_model(dev, trained_on=[data], name="llm", spec=spec)
    tell()

    rolled = page(reader, data, roll_up=1)

    assert "3 versions of dev/model/llm, 1 to 3: show each" in titles(rolled.context["svg"])


def test_lanes_are_the_workspaces(dev: Workspace, prod: Workspace) -> None:
    copy = approve(promote(chain(dev), prod)).target_version
    tell()
    assert copy is not None

    shown = page(factories.administrator(), copy, lanes=1).content.decode()

    assert shown.count('class="lane"') == 2


def test_a_withdrawn_version_carries_its_state(dev: Workspace, reader: Actor) -> None:
    flow = chain(dev)
    model = AssetVersion.objects.get(asset__name="llm")
    lifecycle.change(
        actor=factories.administrator(), version=model.uuid, state="withdrawn", reason="It leaks."
    )

    told = titles(page(reader, flow).context["svg"])

    assert "model, dev/model/llm/1, development, withdrawn" in told
    assert table(reader, flow)["dev/model/llm/1"]["state"] == "withdrawn"


def test_a_part_of_the_page_is_what_changes_alone(dev: Workspace, reader: Actor) -> None:
    part = page(reader, chain(dev), part=1).content.decode()

    assert part.lstrip().startswith('<section class="mu-panel mu-drawing"')
    assert "<html" not in part


def test_the_pages_of_objects_lead_to_the_lineage(dev: Workspace, prod: Workspace) -> None:
    flow = chain(dev)
    promotion = approve(promote(flow, prod))
    client = browser(factories.administrator())
    asked = f"{reverse('admin:console_lineage')}?node="

    for address in (
        reverse("admin:registry_assetversion_change", args=[flow.pk]),
        reverse("admin:registry_asset_change", args=[flow.asset_id]),
        reverse("admin:registry_promotion_change", args=[promotion.pk]),
    ):
        shown = client.get(address)
        assert f"{asked}dev/flow/bot/1" in shown.content.decode() or f"{asked}prod/" in (
            shown.content.decode()
        ), address


def test_the_page_takes_as_many_queries_for_more_nodes(dev: Workspace, reader: Actor) -> None:
    client, address = browser(reader), reverse("admin:console_lineage")

    def queries(node: AssetVersion, **query: Any) -> int:
        client.get(address, {"node": factories.reference(node), **query})
        with CaptureQueriesContext(connection) as captured:
            client.get(address, {"node": factories.reference(node), **query})
        return len(captured)

    flow = chain(dev)
    few = queries(flow)
    model = AssetVersion.objects.get(asset__name="llm")
    for _ in range(10):
        factories.make_flow(dev, [model])
        factories.make_result(dev, flow)
    tell()

    assert queries(flow) == few
    # Eight of them are the shell's: who is there, what waits for them, where they may go.
    assert few <= 34
    assert queries(flow, as_of=timezone.now().isoformat()) <= 38
