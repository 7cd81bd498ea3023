"""The prose of a card of Hugging Face, by its headings, in the fields of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.importers.entries import Notes

FRONT = re.compile(r"\ufeff?---[ \t]*\n(?P<front>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<text>.+?)[ \t#]*\Z")
FENCE = re.compile(r" {0,3}(?:```|~~~)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
NOT_WORDS = re.compile(r"[^a-z]+")
# What the Hub's own template says where nobody wrote anything.
UNWRITTEN = re.compile(r"\[?\W*more information needed\W*\]?", re.IGNORECASE)
MAX_TEXT = 20_000

COMMON = {
    "uses": "intended_use",
    "use": "intended_use",
    "use cases": "intended_use",
    "direct use": "intended_use",
    "downstream use": "intended_use",
    "intended use": "intended_use",
    "intended uses": "intended_use",
    "intended uses limitations": "intended_use",
    "how to use": "intended_use",
    "out of scope use": "out_of_scope_use",
    "out of scope uses": "out_of_scope_use",
    "out of scope": "out_of_scope_use",
    "limitations": "limitations",
    "known limitations": "limitations",
    "other known limitations": "limitations",
    "bias risks and limitations": "limitations",
    "limitations and bias": "limitations",
    "limitations and biases": "limitations",
    "risks and limitations": "limitations",
    "recommendations": "limitations",
    "ethical considerations": "ethical_considerations",
    "considerations for using the data": "ethical_considerations",
    "social impact of dataset": "ethical_considerations",
    "human oversight": "human_oversight",
    "contact": "contact",
    "model card contact": "contact",
    "dataset card contact": "contact",
    "contact information": "contact",
}
MODEL = COMMON | {
    "model description": "summary",
    "model summary": "summary",
    "model details": "summary",
    "model overview": "summary",
    "introduction": "summary",
    "overview": "summary",
    "training data": "training_data",
    "training dataset": "training_data",
    "training datasets": "training_data",
    "training": "training_data",
    "training details": "training_data",
    "evaluation": "evaluation",
    "evaluation results": "evaluation",
    "eval results": "evaluation",
    "results": "evaluation",
    "performance": "evaluation",
    "benchmarks": "evaluation",
    "bias": "bias",
    "biases": "bias",
    "environmental impact": "environmental_impact",
    "carbon footprint": "environmental_impact",
}
DATASET = COMMON | {
    "dataset description": "summary",
    "dataset summary": "summary",
    "dataset details": "summary",
    "overview": "summary",
    "dataset structure": "composition",
    "data fields": "composition",
    "data instances": "composition",
    "data splits": "composition",
    "dataset creation": "collection",
    "data collection and processing": "collection",
    "initial data collection and normalization": "collection",
    "source data": "collection",
    "curation rationale": "collection",
    "annotations": "preparation",
    "annotation process": "preparation",
    "data preprocessing": "preparation",
    "personal and sensitive information": "consent",
    "discussion of biases": "known_biases",
    "bias risks and limitations": "known_biases",
    "dataset curators": "maintenance",
    "maintenance": "maintenance",
}


def split(text: str) -> tuple[str, str]:
    """Return the YAML front matter of a card, and the prose behind it."""
    text = text.replace("\r\n", "\n")
    found = FRONT.match(text)
    return (found["front"], text[found.end() :]) if found else ("", text)


def card_fields(body: str, kind: str, notes: Notes) -> dict[str, str]:
    """Return the fields of our card that the sections of a card fill.

    A section whose heading means nothing here belongs to the one around it. What stands before
    the first such section is the summary, unless a section is one.
    """
    fields: dict[str, list[str]] = {}
    for field, text in _sections(COMMENT.sub("", body), DATASET if kind == "dataset" else MODEL):
        if (text := text.strip()) and not UNWRITTEN.fullmatch(text):
            fields.setdefault(field, []).append(text)
    introduction = fields.pop("", [])
    if introduction and "summary" not in fields:
        fields["summary"] = introduction
    told = {}
    for field, texts in fields.items():
        told[field] = "\n\n".join(texts)
        if len(told[field]) > MAX_TEXT:
            notes.add(f"the section of {field} is cut at {MAX_TEXT} characters")
            told[field] = told[field][:MAX_TEXT]
    return told


def _sections(body: str, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield field and text of each section; an empty field is what stands under no known one."""
    open_fields: list[tuple[int, str]] = [(0, "")]
    lines: list[str] = []
    is_code = False
    for line in body.splitlines():
        is_code ^= bool(FENCE.match(line))
        heading = None if is_code else HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        level, text = len(heading["marks"]), heading["text"]
        field = known.get(NOT_WORDS.sub(" ", text.lower()).strip())
        if field is None and level > open_fields[-1][0] and open_fields[-1][1]:
            lines.append(line)
            continue
        yield open_fields[-1][1], "\n".join(lines)
        lines = []
        while open_fields[-1][0] >= level:
            open_fields.pop()
        open_fields.append((level, field if field is not None else open_fields[-1][1]))
    yield open_fields[-1][1], "\n".join(lines)
