"""The lineage page: the graph around a node as drawing, table and files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.actors import Actor
from registry.models import AssetVersion, Workspace
from registry.services import lifecycle
from tests import factories
from tests.console.pages import browser
from tests.lineage.steps import approve, promote, tell

pytestmark = pytest.mark.django_db
NAMES = [f"console_lineage{part}" for part in ("", "_svg", "_csv", "_moments")]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def dev(db: None) -> Workspace:
    return factories.make_workspace("dev")


@pytest.fixture
def prod(db: None) -> Workspace:
    return factories.make_workspace("prod", stage="production", required_approvals=1)


@pytest.fixture
def reader(dev: Workspace) -> Actor:
    return factories.member(dev, "reader")


def page(actor: Actor, node: object, **query: Any) -> Any:
    """The answer to the page of a version's graph, or of the node that a text names."""
    asked = factories.reference(node) if isinstance(node, AssetVersion) else node
    return browser(actor).get(reverse("admin:console_lineage"), {"node": asked, **query})


def file(actor: Actor, ending: str, node: AssetVersion, **query: Any) -> str:
    address = reverse(f"admin:console_lineage_{ending}")
    answer = browser(actor).get(address, {"node": factories.reference(node), **query})
    assert answer.status_code == 200
    return answer.content.decode()


def table(actor: Actor, node: AssetVersion, **query: Any) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(file(actor, "csv", node, **query)))
    return {row["reference"]: row for row in rows}


def titles(text: str) -> set[str]:
    """What is read out of the nodes of a drawing."""
    root = ElementTree.fromstring(text)  # noqa: S314 - our own answer
    return {each.get("aria-label", "") for each in root.iter(f"{SVG}a")}


def chain(dev: Workspace) -> AssetVersion:
    """A flow over a model over a dataset, with a result on it."""
    tickets = factories.make_dataset(dev, name="tickets")
    model = factories.make_model(dev, trained_on=[tickets], name="llm")
    flow = factories.make_flow(dev, [model], name="bot", aliases=["candidate"])
    factories.make_result(dev, flow, name="eval")
    tell()
    return flow


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


@pytest.mark.parametrize("name", NAMES)
def test_an_outsider_gets_the_answer_for_a_missing_node(dev: Workspace, name: str) -> None:
    client, address = browser(factories.make_actor()), reverse(f"admin:{name}")
    foreign = client.get(address, {"node": factories.reference(chain(dev))})
    missing = client.get(address, {"node": "dev/flow/none/1"})

    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_a_neighbouring_workspace_shows_without_a_name(dev: Workspace, reader: Actor) -> None:
    closed = factories.make_workspace("closed")
    secret = factories.make_dataset(closed, name="salaries")
    model = factories.make_model(dev, trained_on=[secret], name="llm")
    tell()

    answer = page(reader, model)
    files = file(reader, "svg", model) + file(reader, "csv", model)

    assert "a version in a workspace that you may not see" in titles(answer.context["svg"])
    for text in (answer.content.decode(), files):
        assert "salaries" not in text
        assert "closed" not in text


def test_what_a_promotion_froze_is_named_and_marked(dev: Workspace, prod: Workspace) -> None:
    copy = approve(promote(chain(dev), prod)).target_version
    assert copy is not None
    tell()
    outside = factories.member(prod, "reader")

    answer = page(outside, copy)

    told = titles(answer.context["svg"])
    assert "model, dev/model/llm/1, known by frozen provenance" in told
    assert 'class="edge r-promotion"' in answer.content.decode()
    frozen = next(row for row in answer.context["rows"] if row.name == "dev/model/llm/1")
    assert frozen.facts is None
    assert table(outside, copy)["dev/model/llm/1"]["seen_by"] == "frozen provenance"


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


def test_the_slider_stops_at_the_moments_at_which_the_graph_grew(
    dev: Workspace, reader: Actor
) -> None:
    flow = chain(dev)
    moments = page(reader, flow).context["moments"]
    address = reverse("admin:console_lineage_moments")
    asked = {"node": factories.reference(flow), "as_of": moments[0]}

    assert moments == sorted(moments)
    assert browser(reader).get(address, asked).json() == {"moments": moments}
    shown = page(reader, "dev/flow/bot/1", as_of=moments[-1])
    assert len(shown.context["rows"]) == 4


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


def test_the_csv_has_every_node_with_its_neighbours(dev: Workspace, reader: Actor) -> None:
    rows = table(reader, chain(dev))

    assert len(rows) == 4
    model = rows["dev/model/llm/1"]
    assert (model["level"], model["came_from"]) == ("'-1", "trained on dev/dataset/tickets/1")
    assert model["went_into"] == "uses model dev/flow/bot/1"
    assert model["digest"].startswith("sha256:")


def test_the_svg_is_whole_by_itself(dev: Workspace, reader: Actor) -> None:
    text = file(reader, "svg", chain(dev))

    root = ElementTree.fromstring(text)  # noqa: S314 - our own answer
    written = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
    assert "Lineage of dev/flow/bot/1" in written
    assert "trained, evaluated or indexed on" in written
    assert not {each.tag for each in root.iter()} & {f"{SVG}script", f"{SVG}style", f"{SVG}image"}


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
    assert few <= 30
    assert queries(flow, as_of=timezone.now().isoformat()) <= 30
