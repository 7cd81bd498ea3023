"""A dossier tells what was on record, as of a time, and nothing that its readers may not see."""

from __future__ import annotations

from audits.dossiers.formats import DOSSIER_FORMATS
from tests.audits.dossiers.story import Story


def test_it_is_made(story: Story) -> None:
    print(DOSSIER_FORMATS["dossier"].render(story.dossier()).decode())
    print(DOSSIER_FORMATS["dossier"].render(story.dossier(story.house.dev)).decode())
    assert 0
