"""Run in the environment of compliance-trestle: load each catalog given, say how many controls it
has, and write it again as trestle does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from trestle.core.catalog.catalog_interface import CatalogInterface
from trestle.oscal.catalog import Catalog

found = {}
for name in sys.argv[1:]:
    source = Path(name)
    catalog = Catalog.oscal_read(source)
    if catalog is None:
        raise SystemExit(f"trestle reads no catalog from {source}")
    written = source.with_suffix(".trestle.json")
    catalog.oscal_write(written)
    found[source.name] = {
        "controls": sorted(
            each.id for each in CatalogInterface(catalog).get_all_controls_from_catalog(True)
        ),
        "written": written.name,
    }
print(json.dumps(found))
