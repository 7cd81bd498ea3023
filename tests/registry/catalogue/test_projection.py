"""The catalogue's rows follow the journal, can be made anew, and tell where they differ."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from core.actors import Actor
from core.consumers import sequenced
from core.models import JournalSequence
from registry.models import CatalogueEntry, CatalogueLabel, CatalogueText, Workspace
from registry.services import aliases, deletion, descriptions, lifecycle, naming, tags
from registry.services.catalogue import projection
from registry.services.promotions.request import promote
from tests.factories import (
    administrator,
    make_flow,
    make_model,
    make_result,
    make_workspace,
    reference,
)
from tests.registry.catalogue.following import ask, follow, names

pytestmark = pytest.mark.django_db


def rebuild(*arguments: str) -> str:
    output = StringIO()
    call_command("rebuild_catalogue", *arguments, stdout=output)
    return output.getvalue()


def live(place: Workspace, author: Actor) -> Any:
    """A model to which everything happened that the catalogue tells."""
    admin = administrator()
    price = {"currency": "USD", "input_per_million": "0.123456789012", "output_per_million": "7"}
    spec = {
        "source": {"type": "hosted", "uri": "https://models.example/v1", "provider": "Example"},
        "task": "text-generation",
        "license": "mit",
        "price": price,
        "parameters": 2**53 - 1,
        "modalities": ["text"],
        "card": {"summary": "Writes."},
    }
    version = make_model(place, name="one", spec=spec, actor=author, metrics=[metric(0.5)])
    make_result(place, version, metrics=[metric(0.75)])
    tags.set_asset_tag(actor=author, asset=version.asset.uuid, key="team", value="x" * 3_000)
    tags.set_version_tag(actor=author, version=version.uuid, key="run", value="")
    descriptions.describe_version(actor=author, version=version.uuid, description="Best so far.")
    aliases.move(actor=author, asset="atelier/model/one", alias="champion", to=1)
    lifecycle.change(actor=admin, version=version.uuid, state="deprecated", reason="older")
    naming.rename(actor=admin, asset=version.asset.uuid, name="two")
    return version


def metric(value: float) -> dict[str, Any]:
    return {"name": "accuracy", "value": value}


def test_what_the_consumer_wrote_is_what_a_rebuild_writes(place: Workspace, author: Actor) -> None:
    live(place, author)
    follow()

    assert rebuild("--check") == "0 entries differ\n"
    assert rebuild() == "2 entries\n"
    assert rebuild("--check") == "0 entries differ\n"


def test_the_members_that_a_promotion_takes_along_are_there_too(
    place: Workspace, author: Actor
) -> None:
    target = make_workspace()
    flow = make_flow(place, [make_model(place, name="writer", actor=author)], actor=author)
    promote(actor=administrator(), source=reference(flow), target=target.slug, reason="wanted")

    follow()

    kinds = CatalogueEntry.objects.filter(workspace=target).values_list("kind", flat=True)
    assert sorted(kinds) == ["flow", "model"]
    assert list(projection.drift()) == []


def test_a_check_names_what_differs_and_a_rebuild_mends_it(place: Workspace, author: Actor) -> None:
    version = live(place, author)
    follow()
    CatalogueLabel.objects.filter(entry=version.asset_id, field="alias").delete()

    output = StringIO()
    with pytest.raises(SystemExit) as exited:
        call_command("rebuild_catalogue", "--check", stdout=output)

    assert exited.value.code == 1
    assert output.getvalue() == "differs atelier/model/two\n1 entries differ\n"
    rebuild()
    assert rebuild("--check") == "0 entries differ\n"


def test_every_entry_of_the_journal_may_be_told_again_in_any_order(
    place: Workspace, author: Actor
) -> None:
    live(place, author)
    follow()
    CatalogueEntry.objects.update(as_of_seq=-1)

    for row in JournalSequence.objects.select_related("entry").order_by("-seq"):
        projection.follow(sequenced(row))

    assert rebuild("--check") == "0 entries differ\n"
    assert CatalogueText.objects.count() == CatalogueEntry.objects.count() == 2


def test_what_a_row_covers_already_costs_few_queries(place: Workspace, author: Actor) -> None:
    for _ in range(5):
        make_model(place, name="one", actor=author)
    follow()
    rows = JournalSequence.objects.select_related("entry")
    latest = rows.filter(entry__action="registry.version.registered").latest("seq")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        behind = projection.follow(sequenced(latest))

    assert (behind, len(queries)) == (0, 3)


def test_an_asset_that_stands_again_is_there_again(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    version = make_model(place, name="phoenix", actor=author)
    deletion.delete_asset(actor=administrator(), asset=version.asset.uuid, reason="by mistake")
    follow()
    assert names(client) == []

    make_model(place, name="phoenix", actor=author)
    follow()

    assert [entry["number"] for entry in ask(client)["results"]] == [2]


def test_the_answer_says_how_far_the_catalogue_has_read(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    follow()
    before = ask(client)["as_of_seq"]
    make_model(place, name="late", actor=author)
    assert ask(client, q="late") == {"results": [], "next": None, "as_of_seq": before}

    follow()

    answer = ask(client, q="late")
    assert answer["as_of_seq"] == JournalSequence.objects.latest("seq").seq > before
    assert len(answer["results"]) == 1
