"""The lineage pages as a browser gets them."""

from __future__ import annotations

import csv
import io
from typing import Any
from xml.etree import ElementTree

from django.urls import reverse

from core.actors import Actor
from registry.models import AssetVersion, Workspace
from tests import factories
from tests.console.pages import browser
from tests.lineage.steps import tell

SVG = "{http://www.w3.org/2000/svg}"


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
