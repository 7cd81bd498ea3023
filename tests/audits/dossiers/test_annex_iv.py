"""Annex IV is written from records; what none of them tells is a blank with an owner."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from audits.dossiers.annex_iv import documentation_of
from audits.dossiers.annex_iv_outline import OUTLINE
from audits.dossiers.formats import DOSSIER_FORMATS
from audits.dossiers.standing import Attested, Shown
from audits.dossiers.subjects import Tag
from audits.reports.assessment import Person
from tests.audits.dossiers.conftest import Told

PERSON = Person("01", "human", "a-lawyer")


def questions(dossier: Any) -> dict[str, Any]:
    told = documentation_of(dossier, OUTLINE)
    return {
        asked.key: asked
        for section in told.sections
        for point in section.points
        for asked in point.asked
    }


def attested(state: str) -> Attested:
    return Attested(
        uuid="02",
        policy="risk-management/1",
        title="A risk management system is kept",
        controls=("eu-ai-act/art-9.1",),
        state=state,
        comments="Reviewed in May.",
        owner=PERSON,
        attested_by=PERSON,
        assessed_at="2026-05-01T00:00:00.000000Z",
        expires_at="2027-05-01T00:00:00.000000Z",
        evidence=(Shown("minutes.pdf", "", "sha256:ab"),),
    )


def test_it_has_nine_sections_and_the_points_of_the_first_two() -> None:
    assert [each.number for each in OUTLINE] == list(range(1, 10))
    letters = "abcdefgh"
    assert [each.number for each in OUTLINE[0].points] == [f"1({each})" for each in letters]
    assert [each.number for each in OUTLINE[1].points] == [f"2({each})" for each in letters]


def test_records_answer_with_what_proves_them(told: Told) -> None:
    asked = questions(told.whole)
    (purpose,) = asked["1.a.purpose"].answers
    (data,) = [each for each in asked["2.d.sets"].answers if "complaints" in each.text]
    (hardware,) = asked["1.e.hardware"].answers

    assert told.whole.card is not None
    assert (purpose.text, purpose.digest) == (
        "For clerks who answer complaints.",
        told.whole.card.digest,
    )
    assert data.digest == told.whole.data[0].digest
    assert "licence: CC-BY-4.0" in data.text
    assert (hardware.text, len(hardware.entries)) == ("Two CPUs.", 1)
    assert "accuracy = 0.91 by judge" in asked["2.g.tests"].answers[0].text


def test_what_no_record_tells_is_a_blank_with_its_owner(told: Told) -> None:
    blank = questions(told.whole)["2.f.changes"]

    assert blank.answers == ()
    assert blank.owner == "the-administrator"
    assert blank.ways == ("the tag annex-iv.2.f.changes",)
    ownerless = questions(replace(told.whole, owners=()))["2.f.changes"]
    assert ownerless.owner is None


def test_a_blank_names_the_field_of_the_card_that_may_fill_it(told: Told) -> None:
    asked = questions(replace(told.whole, card=None))

    assert "the field limitations of its card" in asked["3.limits"].ways
    assert (
        "an attestation of a rule for Article 72, Annex IV, section 9" in asked["9.monitoring"].ways
    )


def test_people_fill_a_blank_by_a_tag_or_an_attestation(told: Told) -> None:
    tagged = replace(told.whole, tags=(Tag("annex-iv.7.standards", "EN 1234", ("03",)),))
    said = replace(told.whole, attestations=(attested("compliant"),))

    assert questions(tagged)["7.standards"].answers[0].text == "EN 1234"
    answer = questions(said)["5.system"].answers[-1]
    assert "is kept, says a-lawyer" in answer.text
    assert "minutes.pdf (sha256:ab)" in answer.text


def test_an_attestation_of_the_contrary_says_so(told: Told) -> None:
    said = replace(told.whole, attestations=(attested("non_compliant"),))

    assert "is NOT kept" in questions(said)["5.system"].answers[-1].text


def test_every_question_is_counted_and_has_a_key_of_its_own(told: Told) -> None:
    documentation = documentation_of(told.whole, OUTLINE)
    keys = [q.key for section in OUTLINE for point in section.points for q in point.questions]

    assert len(set(keys)) == len(keys) == documentation.filled + documentation.blank
    assert documentation.blank > 0


def test_the_page_shows_texts_as_they_are_and_brings_nothing_from_elsewhere(told: Told) -> None:
    page = DOSSIER_FORMATS["annex-iv"].render(told.whole).decode()
    data = json.loads(DOSSIER_FORMATS["annex-iv-json"].render(told.whole))

    assert "&lt;b&gt;complaints" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert "src=" not in page
    assert f"{data['filled']} of {data['filled'] + data['blank']}" in page
    assert "Blank. Owner: the-administrator" in page
