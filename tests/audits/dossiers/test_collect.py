"""A dossier tells what was on record, as of a time, and nothing that its readers may not see."""

from __future__ import annotations

from pathlib import Path

from audits.dossiers.formats import DOSSIER_FORMATS
from tests.audits.dossiers.story import Story


def test_it_is_made(story: Story) -> None:
    out = Path("/tmp/doss")
    out.mkdir(exist_ok=True)
    for n, f in DOSSIER_FORMATS.items():
        for w, d in (("own", story.dossier()), ("wide", story.dossier(story.house.dev))):
            (out / f"{w}{f.suffix}").write_bytes(f.render(d))
