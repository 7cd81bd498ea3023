"""The matrix of the addresses of cards, documents and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.services import cards
from tests.api.rows import SIGNED_IN, WHATEVER_IS_THERE, WHO_SEES_IT, Row, row
from tests.factories import make_prompt

if TYPE_CHECKING:
    from tests.api.world import World

PROMPT = {
    "kind": "prompt",
    "name": "imported",
    "spec": {"type": "text", "template": "Say hello."},
}
FIELDS = {"intended_use": "Answers questions.", "limitations": "Knows nothing of today."}

ROWS: tuple[Row, ...] = (
    row("GET", "registry/kinds/<str:kind>/card-schema/", SIGNED_IN, "kind"),
    row("GET", "registry/cards/", SIGNED_IN),
    row("GET", "registry/versions/<uuid:uuid>/card/", WHO_SEES_IT, "version"),
    row(
        "PUT",
        "registry/versions/<uuid:uuid>/card/",
        "401 404 403 200 403 403 403 200 200",
        "version",
        body=lambda world: {"fields": FIELDS},
        headers=WHATEVER_IS_THERE,
    ),
    row(
        "POST",
        "registry/versions/<uuid:uuid>/card/submit/",
        "401 404 403 200 403 403 403 200 200",
        "written",
        body=lambda world: {},
    ),
    # The author of the one in review is the author of the matrix.
    row(
        "POST",
        "registry/versions/<uuid:uuid>/card/review/",
        "401 404 403 403 200 403 403 200 200",
        "submitted",
        body=lambda world: {"decision": "accepted", "revision": 1},
    ),
    row("GET", "registry/versions/<uuid:uuid>/card/revisions/", WHO_SEES_IT, "submitted"),
    row("GET", "registry/workspaces/<slug:slug>/card-requirements/", WHO_SEES_IT, "workspace"),
    row(
        "PUT",
        "registry/workspaces/<slug:slug>/card-requirements/",
        "401 404 403 403 403 403 403 200 200",
        "workspace",
        body=lambda world: {"kind": "model", "stage": "production", "fields": ["contact"]},
    ),
    row("GET", "registry/templates/", SIGNED_IN),
    row("GET", "registry/templates/<str:name>/", SIGNED_IN, "template"),
    row(
        "POST",
        "registry/templates/<str:name>/instantiate/",
        "401 400 403 201 403 403 403 201 201",
        "template",
        body=lambda world: {"workspace": world.dev.slug},
    ),
    row(
        "POST",
        "registry/versions/validate/",
        "401 400 403 200 403 403 403 200 200",
        body=lambda world: {**PROMPT, "workspace": world.dev.slug},
    ),
    row("GET", "registry/versions/<uuid:uuid>/export/", WHO_SEES_IT, "version"),
    row(
        "POST",
        "registry/versions/import/",
        "401 400 403 201 403 403 403 201 201",
        body=lambda world: {
            **PROMPT,
            "format": "muniment.version/1",
            "workspace": world.dev.slug,
        },
    ),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    author = world.actors["author"]
    world.at["template"] = "summarise"
    for name in ("written", "submitted"):
        version = make_prompt(world.dev, name=f"{name}-card")
        cards.write(actor=author, version=version.uuid, fields={"summary": "A prompt."})
        world.at[name] = version.uuid
    cards.submit(actor=author, version=world.at["submitted"])
