"""OSCAL catalogs as an organisation would write them."""

from __future__ import annotations

import copy
from typing import Any

RESOURCE = "6b6f4f9e-9c37-4c3c-a6a0-5c1f0f6e2a01"
CATALOG: dict[str, Any] = {
    "uuid": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
    "metadata": {
        "title": "House rules for AI",
        "last-modified": "2026-01-02T03:04:05+00:00",
        "version": "7",
        "oscal-version": "1.1.3",
        "links": [{"href": "https://rules.example/ai", "rel": "canonical"}],
    },
    "groups": [
        {
            "id": "models",
            "title": "Models",
            "controls": [
                {
                    "id": "hr-1",
                    "title": "Models are signed",
                    "params": [{"id": "hr-1_prm", "label": "how often"}],
                    "props": [{"name": "label", "value": "HR-1"}],
                    "links": [{"href": f"#{RESOURCE}", "rel": "reference"}],
                    "parts": [
                        {
                            "name": "statement",
                            "prose": "Each model is signed.",
                            "parts": [
                                {
                                    "name": "item",
                                    "props": [{"name": "label", "value": "a."}],
                                    "prose": "Before it is promoted.",
                                }
                            ],
                        },
                        {"name": "guidance", "prose": "Any key of the house will do."},
                    ],
                    "controls": [{"id": "hr-1.1", "title": "Keys are kept apart"}],
                },
                {
                    "id": "hr-2",
                    "title": "An older rule",
                    "props": [{"name": "status", "value": "withdrawn"}],
                },
            ],
        }
    ],
    "controls": [{"id": "hr-9", "title": "Everybody is trained"}],
    "back-matter": {
        "resources": [
            {
                "uuid": RESOURCE,
                "title": "The signing handbook",
                "rlinks": [{"href": "https://rules.example/signing"}],
            }
        ]
    },
}


def a_catalog() -> dict[str, Any]:
    """A catalog of its own to change."""
    return copy.deepcopy(CATALOG)


def document() -> dict[str, Any]:
    """The same as a whole document."""
    return {"catalog": a_catalog()}
