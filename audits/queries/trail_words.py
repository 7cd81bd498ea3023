"""Find entries of the journal by their words, and by what they were done with.

Beside its words an entry has marks: who acted, the roles then, the credential, and every digest
and id that it names. People are marked by their id: the index knows no name, so an erased person
is found by none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Max, Q, QuerySet

from core.models import ConsumerCursor, JournalSequence, PersonalDatum
from core.references import SCHEME

# The import also registers the lookup ``speaks``.
from registry.queries.catalogue.search import Speaks
from registry.queries.catalogue.words import LONGEST, asked_words, fold, spaced, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from core.models import JournalEntry

__all__ = ["CONSUMER", "Marks", "Speaks", "behind", "mark", "texts_of", "with_words"]

CONSUMER = "trail"
IDENTIFIER = re.compile(
    r"(?:sha256:)?(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE
)
# How many people a word may mean, and how long an index of one entry becomes.
MOST_PEOPLE = 50
MOST_WORDS = 2_000


@dataclass(frozen=True)
class Marks:
    """What an entry must have been done with; an empty field asks for nothing.

    ``evidence`` is a digest or an id that the entry names.
    """

    role: str = ""
    credential: str = ""
    evidence: str = ""

    def all(self) -> list[str]:
        """Return the marks that are asked for."""
        return [mark(kind, value) for kind, value in vars(self).items() if value]


def mark(kind: str, value: str) -> str:
    """Return the mark of a ``kind`` (actor, role, credential, evidence, workspace) for a value."""
    plain = value.lower().removeprefix("sha256:").replace("-", "")
    is_plain = kind in {"actor", "evidence", "workspace"} and plain.isalnum() and plain.isascii()
    # No word is longer; of a digest that leaves 252 bits.
    return f"{kind[0]}{plain if is_plain else value.encode().hex()}"[:LONGEST]


def texts_of(body: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Return the words of an entry's body: what was done to what, the reason, what else it tells,
    and its marks; each word behind a space."""
    subject = body["subject"]["ref"].removeprefix(SCHEME).removeprefix(f"{settings.INSTANCE}/")
    strings = list(_strings([body["before"], body["after"], body["data"]]))
    named = [text for text in strings if IDENTIFIER.fullmatch(text)]
    told = " ".join(text for text in strings if not IDENTIFIER.fullmatch(text))
    what = f"{body['action']} {body['outcome']} {subject}"
    return (spaced(what), _some(body["reason"]), _some(told), " ".join(_marks(body, named)))


def _marks(body: Mapping[str, Any], named: Sequence[str]) -> list[str]:
    who = body["actor"]
    found = [mark("role", role) for role in who["roles"]]
    if who["id"]:
        found.append(mark("actor", who["id"]))
    if body["workspace"]:
        found.append(mark("workspace", body["workspace"]))
    if who["credential"]:
        found.append(mark("credential", who["credential"]))
    subject = body["subject"]
    ids = [*named, *IDENTIFIER.findall(subject["ref"]), subject["digest"] or ""]
    found += [mark("evidence", each) for each in ids if each]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _some(text: str) -> str:
    words = [word for _, word in zip(range(MOST_WORDS), words_of(text), strict=False)]
    return " ".join(words)


def _strings(value: Any) -> Iterator[str]:
    """Yield the texts and numbers in a JSON value."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


def with_words(
    entries: QuerySet[JournalEntry], query: str, marks: Marks, *, places: Sequence[UUID] = ()
) -> QuerySet[JournalEntry]:
    """Return the entries that have every word of ``query``, or one that begins so, and the marks.

    A word may also be a name of who acted; a digest or an id means what is named by it. A query
    without any word finds nothing. ``places`` are the workspaces that the entries are known to be
    in, where these are few: the index then leaves out the others. ``place`` on each row is its
    place in the index: order by that, and a page costs what it shows. Two queries at most.
    """
    ids = IDENTIFIER.findall(query)
    words = asked_words(IDENTIFIER.sub(" ", query))
    needed = [*marks.all(), *(mark("evidence", each) for each in ids)]
    if query and not words and not ids:
        return entries.none()
    people = _people(words)
    near = [mark("workspace", str(uuid)) for uuid in places]
    if connection.vendor == "sqlite":
        terms = [_fts5(word, people[word]) for word in words]
        terms += [f'{{marks}} : "{each}"' for each in needed]
        terms += [" OR ".join(f'({{marks}} : "{each}")' for each in near)] if near else []
        spoken = " AND ".join(f"({term})" for term in terms)
    else:
        terms = [_tsquery(word, people[word]) for word in words]
        terms += [f"'{each}':D" for each in needed]
        terms += [" | ".join(f"'{each}':D" for each in near)] if near else []
        spoken = " & ".join(f"({term})" for term in terms)
    return entries.filter(text__everything__speaks=spoken).annotate(place=F("text__pk"))


def _fts5(word: str, people: Sequence[str]) -> str:
    text = f'{{what reason told}} : "{word}"*'
    return " OR ".join([f"({text})", *(f'({{marks}} : "{each}")' for each in people)])


def _tsquery(word: str, people: Sequence[str]) -> str:
    return " | ".join([f"'{word}':*ABC", *(f"'{each}':D" for each in people)])


def _people(words: Sequence[str]) -> dict[str, list[str]]:
    """Return for each word the marks of those of whose names it begins a part."""
    found: dict[str, list[str]] = {word: [] for word in words}
    if not words:
        return found
    named = Q()
    for word in words:
        named |= Q(value__icontains=word)
    # The newest first: who acted lately is more likely meant than who left long ago.
    known = PersonalDatum.objects.filter(named).order_by("-user_id")
    for value, uuid in known.values_list("value", "user__uuid")[: MOST_PEOPLE * len(words)]:
        parts = set(words_of(value)) | {fold(value)}
        for word in words:
            if len(found[word]) < MOST_PEOPLE and any(part.startswith(word) for part in parts):
                found[word].append(mark("actor", str(uuid)))
    return found


def behind() -> int:
    """Return how many placed entries the index does not have yet; two queries."""
    last = JournalSequence.objects.aggregate(last=Max("seq"))["last"]
    at = ConsumerCursor.objects.filter(consumer=CONSUMER).values_list("seq", flat=True).first()
    return max(0, (-1 if last is None else last) - (-1 if at is None else at))
