"""METADATA anywhere in a module: what OPA's compiler would act on, whoever reads it here."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

# OPA takes any comment that starts so, also one behind code, and the comment lines right below it.
_MARK = re.compile(r"#\s*METADATA")
_SCHEMAS = "schemas are not taken: OPA would fetch what they refer to"
_UNREADABLE = "METADATA must be a YAML mapping"


def annotation_problems(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and reason for each annotation that is no YAML mapping, or names `schemas`: OPA
    resolves their references, from files and addresses of the machine that compiles."""
    lines = source.split("\n")
    for number, line in enumerate(lines, start=1):
        if _MARK.search(line) is None:
            continue
        block = []
        for following in lines[number:]:
            if not following.startswith("#"):
                break
            block.append(following[1:].rstrip("\r"))
        if reason := _reason("\n".join(block)):
            yield number, reason


def _reason(text: str) -> str:
    try:
        told = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return _UNREADABLE
    if told is None:
        return ""
    if not isinstance(told, dict):
        return _UNREADABLE
    # Other readers of YAML take a key in base64 for the text that it stands for.
    names = (key.decode(errors="replace") if isinstance(key, bytes) else str(key) for key in told)
    return _SCHEMAS if any(name.strip().casefold() == "schemas" for name in names) else ""
