"""Upload a document with pyapacheatlas, to the server at the address in the first argument."""

from __future__ import annotations

import json
import sys

from pyapacheatlas.auth import BasicAuthentication
from pyapacheatlas.core import AtlasClient, AtlasEntity
from pyapacheatlas.core.typedef import AtlasAttributeDef, EntityTypeDef

document = json.load(sys.stdin)
for told in document["typedefs"]["entityDefs"]:
    attributes = [AtlasAttributeDef(**each) for each in told["attributeDefs"]]
    rebuilt = EntityTypeDef(
        told["name"], superTypes=told["superTypes"], attributeDefs=attributes
    ).to_json()
    assert {each["name"] for each in rebuilt["attributeDefs"]} == {
        each["name"] for each in told["attributeDefs"]
    }
entities = [AtlasEntity.from_json(told) for told in document["entities"]]
for entity, told in zip(entities, document["entities"], strict=True):
    assert entity.to_json() == told, (entity.to_json(), told)
client = AtlasClient(sys.argv[1], authentication=BasicAuthentication("user", "password"))
client.upload_typedefs(document["typedefs"], force_update=True)
client.upload_entities(document["entities"])
print(json.dumps({"entities": len(entities)}))
