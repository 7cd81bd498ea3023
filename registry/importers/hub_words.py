"""The Hub's words, and ours for the same."""

from __future__ import annotations

import re
from typing import Any

# The Hub's licence ids are SPDX's in lower case, but for those that SPDX does not list.
SPDX = {
    name.lower(): name
    for name in (
        *("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear", "ISC", "Zlib"),
        *("AFL-3.0", "Artistic-2.0", "BSL-1.0", "ECL-2.0", "EPL-1.0", "EPL-2.0", "EUPL-1.1"),
        *("EUPL-1.2", "LPPL-1.3c", "MS-PL", "MPL-2.0", "NCSA", "OFL-1.1", "OSL-3.0", "PostgreSQL"),
        *(
            "Unlicense",
            "WTFPL",
            "CC0-1.0",
            "PDDL-1.0",
            "ODbL-1.0",
            "ODC-By-1.0",
            "CDLA-Sharing-1.0",
        ),
        *("CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0"),
        *("CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0"),
        *("CC-BY-NC-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0"),
        *("CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0"),
    )
} | {
    "agpl-3.0": "AGPL-3.0-only",
    "gpl-2.0": "GPL-2.0-only",
    "gpl-3.0": "GPL-3.0-only",
    "lgpl-2.1": "LGPL-2.1-only",
    "lgpl-3.0": "LGPL-3.0-only",
    "gfdl": "GFDL-1.3-only",
    "odbl": "ODbL-1.0",
    "odc-by": "ODC-By-1.0",
    "pddl": "PDDL-1.0",
}
NO_LICENCE = "NOASSERTION"
UNSPECIFIED = "unspecified"
NOT_IN_REFERENCES = re.compile(r"[^A-Za-z0-9.-]+")

TEXT, IMAGE, AUDIO, VIDEO = "text", "image", "audio", "video"
# What goes in and comes out, of the tasks whose names do not say it.
MODALITIES = {
    "text-generation": [TEXT],
    "text2text-generation": [TEXT],
    "text-classification": [TEXT],
    "token-classification": [TEXT],
    "zero-shot-classification": [TEXT],
    "question-answering": [TEXT],
    "fill-mask": [TEXT],
    "summarization": [TEXT],
    "translation": [TEXT],
    "text-ranking": [TEXT],
    "sentence-similarity": [TEXT, "embedding"],
    "feature-extraction": ["embedding"],
    "image-feature-extraction": [IMAGE, "embedding"],
    "table-question-answering": ["tabular", TEXT],
    "tabular-classification": ["tabular"],
    "tabular-regression": ["tabular"],
    "time-series-forecasting": ["tabular"],
    "automatic-speech-recognition": [AUDIO, TEXT],
    "text-to-speech": [TEXT, AUDIO],
    "text-to-audio": [TEXT, AUDIO],
    "audio-classification": [AUDIO],
    "audio-to-audio": [AUDIO],
    "visual-question-answering": [IMAGE, TEXT],
    "document-question-answering": [IMAGE, TEXT],
    "object-detection": [IMAGE],
    "depth-estimation": [IMAGE],
    "mask-generation": [IMAGE],
    "any-to-any": [TEXT, IMAGE, AUDIO, VIDEO],
}
WORDS = {"text": TEXT, "image": IMAGE, "audio": AUDIO, "video": VIDEO}


def text_of(value: Any) -> str:
    """Return a text, empty for whatever is none."""
    return value.strip() if isinstance(value, str) else ""


def listed(value: Any) -> list[str]:
    """Return the texts of a list, or of one that stands alone."""
    items = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(text for item in items if (text := text_of(item))))


def licence_of(front: Any) -> str:
    """Return the licence as an SPDX expression, NOASSERTION where none is told."""
    told = listed(front.get("license"))
    if not told or told == ["unknown"]:
        return NO_LICENCE
    if told == ["other"]:
        told = listed(front.get("license_name")) or ["other"]
    return " AND ".join(SPDX.get(one.lower()) or _reference(one) for one in told)[:200]


def _reference(name: str) -> str:
    return f"LicenseRef-{NOT_IN_REFERENCES.sub('-', name).strip('-') or 'other'}"


def modalities_of(task: str) -> list[str]:
    """Return what goes in and comes out of a task, as far as its name says it."""
    if task in MODALITIES:
        return MODALITIES[task]
    return list(dict.fromkeys(WORDS[word] for word in task.split("-") if word in WORDS))
