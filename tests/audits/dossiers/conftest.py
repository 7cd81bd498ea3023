"""A life to tell of, and the dossiers that tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from audits.dossiers.collect import dossier_of
from tests.audits.conftest import House
from tests.audits.dossiers.story import Story, tell

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier


@pytest.fixture
def story(house: House) -> Story:
    return tell(house)


@dataclass(frozen=True)
class Told:
    """What is told of the model in production by its own workspace, and with the other one; of the
    data; and of the model when it had just been registered."""

    own: Dossier
    whole: Dossier
    data: Dossier
    early: Dossier


_TOLD: list[Told] = []


@pytest.fixture
def told(db: None, request: pytest.FixtureRequest) -> Told:
    """Dossiers are plain data: one life serves every test of how they are rendered."""
    if not _TOLD:
        story: Story = request.getfixturevalue("story")
        _TOLD.append(
            Told(
                own=story.dossier(),
                whole=story.dossier(story.house.dev),
                data=dossier_of(story.data, at=story.told_at),
                early=dossier_of(story.source, at=story.registered_at),
            )
        )
    return _TOLD[0]
