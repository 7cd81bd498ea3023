"""Texts: JSON, YAML, source code, and what hides in them."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO

from registry.scanning.limits import chunks
from registry.scanning.verdicts import Finding, Verdict

if TYPE_CHECKING:
    from registry.scanning.limits import Budget

MAX_JSON = 64 * 1024 * 1024
CODE = re.compile(
    r"(?:\s|#[^\n]*\n)*(?:import \w|from [\w.]+ import |def \w+\(|(?:async )?class \w|@\w|#!|"
    r"if __name__|<\?php|<script|\"\"\")"
)
YAML_OBJECT = re.compile(r"!!python/|!<tag:yaml\.org,2002:python/|!ruby/object")
LAMBDAS = frozenset({"Lambda", "TFOpLambda", "__lambda__"})


def is_text(file: BinaryIO, budget: Budget) -> bool:
    """Tell whether the whole file is UTF-8 without control characters that no text has."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks(file, budget):
            if b"\x00" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def check_text(file: BinaryIO, size: int, budget: Budget) -> tuple[str, list[Finding]]:
    """Return the format and the findings of a file that is text."""
    head = file.read(MAX_JSON) if size <= MAX_JSON else b""
    if head.lstrip()[:1] in (b"{", b"["):
        try:
            return "json", check_document(json.loads(head))
        except (ValueError, RecursionError):
            file.seek(0)
    file.seek(0)
    start = file.read(64 * 1024).decode("utf-8", "ignore")
    if CODE.match(start) or start.startswith("#!"):
        return "source", [
            Finding("source-code", "it is, or starts like, a program", Verdict.UNKNOWN)
        ]
    file.seek(0)
    return "text", _hidden(file, budget)


def _hidden(file: BinaryIO, budget: Budget) -> list[Finding]:
    rest = ""
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    for chunk in chunks(file, budget):
        text = rest + decoder.decode(chunk)
        if found := YAML_OBJECT.search(text):
            detail = f"YAML that makes objects: {found[0]}"
            return [Finding("yaml-object", detail, Verdict.DANGEROUS)]
        rest = text[-64:]
    return []


def check_document(document: Any) -> list[Finding]:
    """Return findings for Keras layers that carry code, anywhere in a JSON document."""
    waiting, findings = [document], []
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting += found
        elif isinstance(found, dict):
            waiting += found.values()
            if found.get("class_name") in LAMBDAS:
                detail = f"a Keras layer of class {found['class_name']} runs code from the file"
                findings.append(Finding("lambda-layer", detail, Verdict.DANGEROUS))
    return findings[:100]
