"""Cards, strokes and texts of a drawing."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.drawing import palette, svg
from lineage.drawing.cards import Card
from lineage.drawing.layout import lay_out
from lineage.drawing.lettering import fitted, width
from lineage.drawing.shapes import Vertex
from lineage.drawing.svg import Picture
from registry.kinds import KINDS
from registry.kinds.links import LinkRole


def picture(*cards: Card, edges: tuple[tuple[str, str], ...] = ()) -> Picture:
    return Picture(
        lay_out([Vertex(card.id) for card in cards], edges),
        {card.id: card for card in cards},
        dict.fromkeys(edges, ("trained_on",)),
        "A title",
    )


@given(st.text(), st.text())
def test_any_name_gives_well_formed_xml(name: str, place: str) -> None:
    card = Card(name or "x", name, below=place, state="fail", href=f"?node={name}", words=place)

    for text in (svg.inline(picture(card)), svg.standalone(picture(card))):
        ElementTree.fromstring(text)  # noqa: S314 - our own drawing


@given(st.text(), st.floats(20, 300))
def test_a_text_is_cut_to_its_room(text: str, room: float) -> None:
    shown = fitted(text, 13, room)

    assert width(shown, 13) <= room
    assert shown == text or shown.endswith("…")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_colour_and_a_sign_of_its_own(kind: str) -> None:
    look = palette.LOOKS[kind]

    assert [name for name, other in palette.LOOKS.items() if other.sign == look.sign] == [kind]
    assert [name for name, other in palette.LOOKS.items() if other.colour == look.colour] == [kind]


@pytest.mark.parametrize("role", LinkRole)
def test_every_relation_has_a_stroke(role: LinkRole) -> None:
    assert palette.sort_of((role.value,)) in {"data", "derivation", "use", "evaluation"}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_texts_and_signs_can_be_read() -> None:
    for ink in (palette.INK, palette.QUIET):
        assert contrast(ink, palette.PAPER) >= 4.5
        assert contrast(ink, palette.GROUND) >= 4.5
    for ground, ink in palette.TONES.values():
        assert contrast(ink, ground) >= 4.5
    for look in palette.LOOKS.values():
        assert contrast(look.colour, "#ffffff") >= 4.5


def test_a_drawing_has_an_edge_with_its_relation_in_words() -> None:
    drawn = svg.inline(picture(Card("a", "a"), Card("b", "b"), edges=(("a", "b"),)))

    assert 'data-from="a" data-to="b" data-words="trained on"' in drawn


def test_a_promotion_shows_through_other_relations() -> None:
    assert palette.sort_of(("derived_from", "promoted")) == "promotion"
