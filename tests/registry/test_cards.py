"""Cards: written, submitted, accepted or returned, with every revision on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.errors import AccessDenied, Conflict, InvalidInput, NotFound, PreconditionFailed
from core.journal import decode
from core.models import JournalEntry
from registry.kinds import KINDS
from registry.kinds.cards import STAGES, card_fields, card_problems, required_by_default
from registry.models import Card, CardReview, CardRevision, Workspace
from registry.permissions import Role
from registry.queries.cards import card_of, cards_of, missing_fields
from registry.services import card_requirements, cards
from tests.factories import (
    MODEL_SPEC,
    administrator,
    grant,
    make_model,
    make_prompt,
    make_workspace,
    member,
)

pytestmark = pytest.mark.django_db
FIELDS = {"intended_use": "Answers.", "limitations": "Guesses.", "human_oversight": "The team."}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_card_whose_required_fields_it_knows(kind: str) -> None:
    for stage in STAGES:
        assert set(required_by_default(kind, stage)) <= set(card_fields(kind))
    assert tuple(Workspace.Stage.values) == STAGES
    assert card_problems(kind, {"summary": "What it is."}) == []


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, "fields"),
        ({"colour": "blue"}, "fields"),
        ({"summary": ""}, "fields.summary"),
        ({"summary": "  \n"}, "fields.summary"),
        ({"summary": 5}, "fields.summary"),
        ({"summary": "x" * 20_001}, "fields.summary"),
    ],
    ids=str,
)
def test_a_wrong_field_is_told_and_nothing_is_written(fields: dict[str, Any], path: str) -> None:
    version = make_model(make_workspace())

    with pytest.raises(InvalidInput) as caught:
        cards.write(actor=administrator(), version=version.uuid, fields=fields)

    assert [error.field for error in caught.value.errors] == [path]
    assert not Card.objects.exists()


def test_a_card_goes_from_draft_over_review_to_accepted_and_a_new_revision_is_a_draft_again() -> (
    None
):
    workspace = make_workspace(stage="production")
    version = make_model(workspace)
    author, reviewer = member(workspace, "author"), member(workspace, "approver")

    cards.write(actor=author, version=version.uuid, fields=FIELDS, reason="first")
    cards.submit(actor=author, version=version.uuid, comment="please")
    cards.review(actor=reviewer, version=version.uuid, decision="accepted", revision=1)

    now = card_of(version)
    assert now is not None
    assert (now.status, now.revision, now.fields) == ("accepted", 1, FIELDS)
    steps = CardReview.objects.order_by("id").values_list("step", flat=True)
    assert list(steps) == ["submitted", "accepted"]
    cards.write(actor=author, version=version.uuid, fields=FIELDS | {"summary": "New."})
    again = card_of(version)
    assert again is not None
    assert (again.status, again.revision) == ("draft", 2)
    assert CardRevision.objects.get(number=1).fields == FIELDS


def test_every_step_is_journalled_with_revision_and_digest() -> None:
    workspace = make_workspace()
    version = make_model(workspace)
    author, reviewer = member(workspace, "author"), member(workspace, "approver")
    cards.write(actor=author, version=version.uuid, fields=FIELDS, reason="first")
    cards.submit(actor=author, version=version.uuid)
    cards.review(
        actor=reviewer, version=version.uuid, decision="returned", revision=1, comment="Too short."
    )

    entries = JournalEntry.objects.filter(action__startswith="registry.card.").order_by("id")
    written, submitted, reviewed = (decode(entry) for entry in entries)
    assert written["data"]["changed"] == sorted(FIELDS)
    assert written["subject"]["digest"] == version.digest
    assert (submitted["before"], submitted["after"]) == (
        {"status": "draft"},
        {"status": "in_review"},
    )
    assert reviewed["reason"] == "Too short."
    assert reviewed["data"]["decision"] == "returned"
    assert author.user is not None
    assert reviewed["data"]["author"] == str(author.user.uuid)
    digests = {body["data"]["card_digest"] for body in (written, submitted, reviewed)}
    assert digests == {CardRevision.objects.get().digest}


def test_nobody_reviews_what_they_wrote_last_administrators_included() -> None:
    workspace = make_workspace()
    version = make_model(workspace)
    other = member(workspace, "author")
    for writer in (administrator(), member(workspace, "admin")):
        cards.write(actor=other, version=version.uuid, fields={"summary": "Before."})
        number = cards.write(actor=writer, version=version.uuid, fields=FIELDS).last_number
        cards.submit(actor=other, version=version.uuid)

        with pytest.raises(AccessDenied, match="wrote last") as caught:
            cards.review(actor=writer, version=version.uuid, decision="accepted", revision=number)
        assert caught.value.denial is not None
        assert caught.value.denial.permission == "review_card"

    revision = CardRevision.objects.latest("id")
    by = revision.written_by
    with pytest.raises(IntegrityError), transaction.atomic():
        CardReview.objects.create(revision=revision, step="accepted", author=by, taken_by=by)


def test_a_review_is_of_the_revision_that_was_read() -> None:
    workspace = make_workspace()
    version = make_model(workspace)
    author, reviewer = member(workspace, "author"), member(workspace, "approver")
    cards.write(actor=author, version=version.uuid, fields=FIELDS)
    cards.submit(actor=author, version=version.uuid)
    cards.write(actor=author, version=version.uuid, fields=FIELDS | {"summary": "Changed."})

    with pytest.raises(Conflict, match="revision 2"):
        cards.review(actor=reviewer, version=version.uuid, decision="accepted", revision=1)
    with pytest.raises(Conflict, match="only a card in review"):
        cards.review(actor=reviewer, version=version.uuid, decision="accepted", revision=2)


def test_writing_equal_text_changes_nothing_and_writing_over_an_unseen_change_fails() -> None:
    version = make_model(make_workspace())
    cards.write(actor=administrator(), version=version.uuid, fields=FIELDS)
    seen = frozenset({cards.tag_of(version)})
    entries = JournalEntry.objects.count()

    cards.write(actor=administrator(), version=version.uuid, fields=FIELDS, expected=seen)
    assert CardRevision.objects.count() == 1
    assert JournalEntry.objects.count() == entries

    cards.submit(actor=administrator(), version=version.uuid)
    with pytest.raises(PreconditionFailed):
        cards.write(
            actor=administrator(), version=version.uuid, fields={"summary": "x"}, expected=seen
        )


@pytest.mark.parametrize("role", Role)
def test_authors_write_and_approvers_review(role: Role) -> None:
    workspace = make_workspace()
    version = make_prompt(workspace)
    cards.write(actor=administrator(), version=version.uuid, fields={"summary": "x"})
    cards.submit(actor=administrator(), version=version.uuid)
    actor = member(workspace, role)

    def may(verb: Any, **options: Any) -> bool:
        try:
            verb(actor=actor, version=version.uuid, **options)
        except AccessDenied:
            return False
        return True

    assert may(cards.review, decision="accepted", revision=1) is (role in {"approver", "admin"})
    assert may(cards.write, fields=FIELDS | {"summary": role}) is (role in {"author", "admin"})


def test_a_card_that_is_not_there_cannot_be_submitted_nor_one_twice() -> None:
    version = make_prompt(make_workspace())
    with pytest.raises(NotFound):
        cards.submit(actor=administrator(), version=version.uuid)

    cards.write(actor=administrator(), version=version.uuid, fields={"summary": "x"})
    cards.submit(actor=administrator(), version=version.uuid)
    with pytest.raises(Conflict, match="only a draft"):
        cards.submit(actor=administrator(), version=version.uuid)


def test_what_a_stage_requires_is_asked_for_at_submission_and_again_at_acceptance() -> None:
    workspace = make_workspace(stage="production")
    version = make_model(workspace)
    author, reviewer = member(workspace, "author"), member(workspace, "approver")
    cards.write(actor=author, version=version.uuid, fields={"intended_use": "Answers."})
    with pytest.raises(Conflict) as caught:
        cards.submit(actor=author, version=version.uuid)
    assert caught.value.extra == {"missing": ["limitations", "human_oversight"]}

    cards.write(actor=author, version=version.uuid, fields=FIELDS)
    cards.submit(actor=author, version=version.uuid)
    card_requirements.set_required_fields(
        actor=administrator(),
        workspace=workspace.slug,
        kind="model",
        stage="production",
        fields=["contact"],
    )
    with pytest.raises(Conflict, match="contact"):
        cards.review(actor=reviewer, version=version.uuid, decision="accepted", revision=2)


def test_requirements_are_a_workspaces_word_and_go_back_to_the_default() -> None:
    dev, prod = make_workspace(), make_workspace(stage="production")
    version = make_model(dev)
    admin = administrator()
    default = ["intended_use", "limitations", "human_oversight"]
    assert missing_fields(version, "development") == []
    assert missing_fields(version, "production") == default

    for place, fields in ((dev, ["summary", "bias"]), (prod, ["contact"])):
        card_requirements.set_required_fields(
            actor=admin, workspace=place.slug, kind="model", stage="production", fields=fields
        )

    assert missing_fields(version, "production") == ["summary", "bias"]
    assert missing_fields(version, "production", workspace=prod) == ["contact"]
    card_requirements.set_required_fields(
        actor=admin, workspace=dev.slug, kind="model", stage="production", fields=None
    )
    assert missing_fields(version, "production") == default
    body = decode(JournalEntry.objects.filter(action="registry.card_requirement.set").latest("id"))
    assert body["before"] == {"fields": ["summary", "bias"]}
    assert body["after"] == {"fields": default}


def test_a_requirement_names_fields_that_such_cards_have_and_only_admins_set_one() -> None:
    workspace = make_workspace()
    wanted = {"workspace": workspace.slug, "kind": "prompt", "stage": "production"}

    with pytest.raises(InvalidInput, match="no field 'training_data'"):
        card_requirements.set_required_fields(
            actor=administrator(), fields=["training_data"], **wanted
        )
    with pytest.raises(AccessDenied):
        card_requirements.set_required_fields(
            actor=member(workspace, "approver"), fields=[], **wanted
        )


def test_a_card_in_the_spec_counts_until_the_version_has_one_of_its_own() -> None:
    workspace = make_workspace()
    inside = {"intended_use": "From the spec."}
    version = make_model(workspace, spec=MODEL_SPEC | {"card": inside})
    bare = make_model(workspace)

    found = cards_of([version, bare])
    assert set(found) == {version.pk}
    assert (found[version.pk].fields, found[version.pk].is_in_spec) == (inside, True)
    assert found[version.pk].status == "draft"

    cards.write(actor=administrator(), version=version.uuid, fields=FIELDS)
    own = card_of(version)
    assert own is not None
    assert (own.fields, own.is_in_spec) == (FIELDS, False)


def test_another_workspace_s_card_is_not_there() -> None:
    version = make_model(make_workspace())
    stranger = member(make_workspace(), "admin")

    with pytest.raises(NotFound):
        cards.write(actor=stranger, version=version.uuid, fields=FIELDS)
    grant(stranger, version.asset.workspace, "reader")
    with pytest.raises(AccessDenied):
        cards.write(actor=stranger, version=version.uuid, fields=FIELDS)
