"""The technical documentation of Annex IV of Regulation (EU) 2024/1689, from records alone.

Each point of the annex is put as questions. A question is answered by what a record says, with the
record and its digest; else it is a blank, which names who is to fill it and how. Nothing is ever
derived from nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audits.dossiers import annex_iv_records as records
from audits.dossiers.annex_iv_records import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audits.dossiers.dossier import Dossier

    Records = Callable[[Dossier], Iterable[Answer]]

SCHEMA = "urn:muniment:annex-iv:1"
SOURCE = "Regulation (EU) 2024/1689, Annex IV"
ACT = "eu-ai-act/"


@dataclass(frozen=True)
class Question:
    """What a point asks. ``fields`` of the card, ``paths`` of the spec, ``records`` and attested
    ``controls`` (by their beginning) may answer it, and the tag ``annex-iv.<key>`` always may."""

    key: str
    text: str
    fields: tuple[str, ...] = ()
    paths: tuple[tuple[str, ...], ...] = ()
    records: Records | None = None
    controls: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        """Return the key of the tag by which people may answer."""
        return f"annex-iv.{self.key}"


@dataclass(frozen=True)
class Point:
    """A point of the annex: ``number`` as the annex numbers it, like 2(d) or 5."""

    number: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Asked:
    """A question and its answers; without any it is a blank, for ``owner`` to fill."""

    key: str
    text: str
    answers: tuple[Answer, ...]
    owner: str | None
    ways: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A point with what its questions came to."""

    number: str
    title: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Documentation:
    """The whole: nine sections, each with its points; ``filled`` of ``filled + blank`` questions
    are answered by records."""

    version: str
    digest: str
    as_of: str
    owners: tuple[str, ...]
    filled: int
    blank: int
    sections: tuple[Section, ...]
    source: str = SOURCE
    schema: str = SCHEMA


@dataclass(frozen=True)
class Section:
    """One of the nine sections."""

    number: int
    title: str
    points: tuple[Told, ...]
    filled: int
    blank: int


@dataclass
class Outline:
    """A section as it is asked."""

    number: int
    title: str
    points: tuple[Point, ...] = field(default_factory=tuple)


def documentation_of(dossier: Dossier, outline: Iterable[Outline]) -> Documentation:
    """Return the documentation of a version: every question of ``outline``, answered or blank."""
    sections = tuple(_section(each, dossier) for each in outline)
    return Documentation(
        version=dossier.version.uri,
        digest=dossier.version.digest,
        as_of=dossier.as_of,
        owners=tuple(each.name for each in dossier.owners),
        filled=sum(each.filled for each in sections),
        blank=sum(each.blank for each in sections),
        sections=sections,
    )


def _section(outline: Outline, dossier: Dossier) -> Section:
    points = tuple(
        Told(
            point.number,
            point.title,
            tuple(_asked(question, dossier) for question in point.questions),
        )
        for point in outline.points
    )
    asked = [each for point in points for each in point.asked]
    filled = sum(bool(each.answers) for each in asked)
    return Section(outline.number, outline.title, points, filled, len(asked) - filled)


def _asked(question: Question, dossier: Dossier) -> Asked:
    answers = (
        *records.of_card(dossier, question.fields),
        *records.of_spec(dossier, question.paths),
        *(question.records(dossier) if question.records else ()),
        *records.of_attestations(dossier, tuple(f"{ACT}{each}" for each in question.controls)),
        *records.of_tag(dossier, question.tag),
    )
    owner = dossier.owners[0].name if dossier.owners else None
    return Asked(
        key=question.key,
        text=question.text,
        answers=answers,
        owner=None if answers else owner,
        ways=() if answers else tuple(_ways(question, dossier)),
    )


def _ways(question: Question, dossier: Dossier) -> Iterable[str]:
    """Say how people may fill a blank."""
    known = records.card_fields_of(dossier.version.kind)
    for name in question.fields:
        if name in known:
            yield f"the field {name} of its card"
    if question.controls:
        named = ", ".join(_named(each) for each in question.controls)
        yield f"an attestation of a rule for {named}"
    yield f"the tag {question.tag}"


def _named(control: str) -> str:
    """Return a control of the act, by its beginning, as people cite it."""
    if control.startswith("annex-iv."):
        return f"Annex IV, section {control.removeprefix('annex-iv.')}"
    return f"Article {control.removeprefix('art-').rstrip('.')}"
