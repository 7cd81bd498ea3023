"""Events of real producers are received or refused as their collection marks them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lineage.models import ReceivedEvent, Run
from lineage.received.parsing import InvalidEvent, parse
from lineage.services.receiving import receive
from registry.models import Workspace
from tests import factories

# | file | repository | path | events | RunEvent valid=1 INVALID=1 | note |
ROW = re.compile(r"\| (?P<file>\S+\.json) \| .* \| (?:Run|Job|Dataset)Event (?P<marks>[^|]+?) \|")
# What is wrong with these is in a facet, or of a facet: they are kept, with a warning.
FACETS_ARE_WRONG = re.compile(r"fluentd/event_(full|invalid_\w+_facet)\.json")


def marked(folder: Path) -> dict[str, bool]:
    """Whether each file of the collection is marked as valid."""
    text = (folder / "SOURCES.md").read_text()
    found = {match["file"]: "INVALID" not in match["marks"] for match in ROW.finditer(text)}
    assert len(found) > 60
    return found


def events_in(path: Path) -> list[Any]:
    content = json.loads(path.read_text())
    return content if isinstance(content, list) else [content]


@pytest.fixture
def collection(test_data: Path) -> Path:
    folder = test_data / "openlineage" / "events"
    if not folder.is_dir():
        pytest.skip("no collected events")
    return folder


def is_received(raw: Any) -> tuple[bool, bool]:
    """Whether an event is received, and whether with warnings."""
    try:
        return True, bool(parse(raw).warnings)
    except InvalidEvent:
        return False, False


def test_each_event_is_received_or_refused_as_it_is_marked(collection: Path) -> None:
    for name, is_valid in marked(collection).items():
        only_facets = FACETS_ARE_WRONG.fullmatch(name) is not None
        for raw in events_in(collection / name):
            received, warned = is_received(raw)
            assert received == (is_valid or only_facets), name
            assert warned or not only_facets, name


@pytest.mark.django_db
def test_all_of_them_fit_into_one_workspace(collection: Path, dev: Workspace) -> None:
    raws = [raw for name in marked(collection) for raw in events_in(collection / name)]
    actor = factories.member(dev, "author")
    receipt = receive(actor, "dev", raws)

    refused = {json.dumps(raws[refusal.index]) for refusal in receipt.refusals}
    assert len(refused) == 4
    assert receipt.stored == ReceivedEvent.objects.count() > 120
    assert not Run.objects.filter(event_time__isnull=True).exists()
    assert receive(actor, "dev", raws).stored == 0
