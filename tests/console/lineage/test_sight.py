"""What a reader gets to see of lineage, on the page and in its files."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.urls import reverse

from core.actors import Actor
from registry.models import Workspace
from tests import factories
from tests.console.lineage.pages import SVG, chain, file, page, table, titles
from tests.console.pages import browser
from tests.lineage.graph import outside
from tests.lineage.steps import approve, promote, tell

pytestmark = pytest.mark.django_db
NAMES = [f"console_lineage{part}" for part in ("", "_svg", "_csv", "_moments")]


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
    assert not [each for each in root.iter() if each.get("href")]


def test_datasets_outside_are_drawn_beside_ours_with_the_job_that_was_told(
    dev: Workspace, reader: Actor
) -> None:
    raw, clean = outside.dataset(dev, "dump"), outside.dataset(dev, "tickets.parquet")
    outside.edge(raw, clean, outside.run(dev, "clean"))

    answer = page(reader, f"dataset:{clean.uuid}")

    assert "dataset outside, s3://raw dump" in titles(answer.context["svg"])
    assert 'class="edge r-guess"' in answer.context["svg"]
    assert "dataset outside" in [words for _, words in answer.context["legend"]]
    (row,) = [row for row in answer.context["rows"] if row.name == "s3://raw dump"]
    assert [near.relation for near in row.after] == ["cartesian by airflow/clean"]
    assert row.reference == f"dataset:{raw.uuid}"


def test_what_a_neighbour_told_of_the_outside_is_missing(dev: Workspace) -> None:
    raw = outside.dataset(dev, "dump")
    elsewhere = factories.member(factories.make_workspace("closed"), "reader")

    assert page(elsewhere, f"dataset:{raw.uuid}").status_code == 404
