"""What a promoted copy takes along beside its content."""

from __future__ import annotations

import pytest

from core.models import JournalEntry
from registry.models import CardReview
from registry.queries.cards import card_of
from registry.services import cards
from tests.factories import make_model, member
from tests.registry.conftest import Team

pytestmark = pytest.mark.django_db
FIELDS = {"intended_use": "Answers.", "limitations": "Guesses.", "human_oversight": "The team."}


def test_a_promoted_copy_bears_the_card_of_its_source_as_it_was(team: Team) -> None:
    version = make_model(team.dev)
    author, reviewer = member(team.dev, "author"), member(team.dev, "approver")
    cards.write(actor=author, version=version.uuid, fields={"summary": "Early."})
    cards.write(actor=author, version=version.uuid, fields=FIELDS)
    cards.submit(actor=author, version=version.uuid)
    cards.review(actor=reviewer, version=version.uuid, decision="accepted", revision=2)

    copy = team.promote(version).target_version

    assert copy is not None
    before, now = card_of(version), card_of(copy)
    assert before is not None
    assert now is not None
    assert (now.status, now.digest, now.revision) == ("accepted", before.digest, 1)
    reviews = CardReview.objects.filter(revision__card__version=copy).order_by("id")
    assert [(each.step, each.taken_by) for each in reviews] == [
        ("submitted", author.user),
        ("accepted", reviewer.user),
    ]
    written = JournalEntry.objects.filter(action="registry.card.written").latest("id")
    assert (written.workspace, written.subject.split("/")[-1]) == (team.prod.uuid, "1")
