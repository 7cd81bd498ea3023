"""A dossier of a dataset as Croissant 1.0 or 1.1 (MLCommons), with what its vocabulary for
responsible AI has room for.

Sources: the Croissant format specifications, Croissant RAI 1.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.dossiers.licences import is_expression
from core.canonical import canonical_json
from registry.storage import is_stored

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier
    from audits.dossiers.subjects import Artifact, Thing

CROISSANT = "http://mlcommons.org/croissant/"
RAI = "http://mlcommons.org/croissant/RAI/1.0"
# Words of Croissant without a prefix, by the terms that they stand for.
TERMS = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject"),
    *("fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField"),
    *("path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("separator", "source", "subField", "transform"),
)
TERMS_1_1 = ("arrayShape", "containedIn", "isArray")
# Formats whose columns can be named, and how they are called.
ENCODINGS = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "jsonl": "application/jsonlines",
    "parquet": "application/x-parquet",
    "json": "application/json",
}
DATA_TYPES = {
    "string": "sc:Text",
    "text": "sc:Text",
    "integer": "sc:Integer",
    "int": "sc:Integer",
    "int64": "sc:Integer",
    "number": "sc:Float",
    "float": "sc:Float",
    "float64": "sc:Float",
    "boolean": "sc:Boolean",
    "bool": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
    "timestamp": "sc:DateTime",
}
# What the card says, in the words of Croissant RAI.
SAID = {
    "rai:dataCollection": "collection",
    "rai:dataBiases": "known_biases",
    "rai:dataUseCases": "intended_use",
    "rai:dataLimitations": "limitations",
    "rai:dataReleaseMaintenancePlan": "maintenance",
    "rai:dataPreprocessingProtocol": "preparation",
    "rai:dataSocialImpact": "ethical_considerations",
}


def render_1_0(dossier: Dossier) -> bytes:
    """Return the description in version 1.0."""
    return canonical_json(described(dossier, "1.0"))


def render_1_1(dossier: Dossier) -> bytes:
    """Return the description in version 1.1."""
    return canonical_json(described(dossier, "1.1"))


def described(dossier: Dossier, version: str) -> dict[str, Any]:
    """Return the document. Files that are stored here are addressed by their paths beside it."""
    data = dossier.version
    files = [_file(each, data) for each in data.artifacts]
    return {
        "@context": _context(version),
        "@type": "sc:Dataset",
        "conformsTo": [f"{CROISSANT}{version}", RAI],
        "name": data.name,
        "description": _description(dossier),
        "license": _licence(data.license),
        "url": data.stated("source", "uri") or data.uri,
        "version": f"{data.number}.0.0",
        "identifier": [data.uri, data.digest],
        "citeAs": f"{data.name}, version {data.number}, {data.uri}, {data.digest}",
        "datePublished": data.created_at[:10],
        "dateModified": data.created_at[:10],
        "creator": _creator(dossier),
        "inLanguage": list(data.content.get("languages", ())),
        "keywords": [tag.label for tag in dossier.tags],
        "distribution": files,
        "recordSet": _records(data, files),
        **_responsible(dossier),
    }


def _context(version: str) -> dict[str, Any]:
    terms = TERMS + (TERMS_1_1 if version == "1.1" else ())
    found: dict[str, Any] = {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "cr": CROISSANT,
        "rai": f"{CROISSANT}RAI/",
        "dct": "http://purl.org/dc/terms/",
        "sc": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        **{term: f"cr:{term}" for term in terms},
    }
    if version == "1.1":
        found |= {name: {"@container": "@language"} for name in ("name", "description")}
    return found


def _description(dossier: Dossier) -> str:
    data = dossier.version
    told = (
        dossier.said("summary"),
        data.description,
        data.stated("purpose"),
        data.stated("source", "description"),
    )
    return next((text for text in told if text), "No description is recorded.")


def _licence(text: str) -> str:
    single = is_expression(text) and " " not in text and not text.startswith("LicenseRef-")
    if single and text != "NOASSERTION":
        return f"https://spdx.org/licenses/{text}.html"
    return text or "NOASSERTION"


def _creator(dossier: Dossier) -> dict[str, str]:
    by = dossier.version.created_by
    name = by.username if by else dossier.owners[0].name
    return {"@type": "sc:Person", "name": name}


def _file(artifact: Artifact, data: Thing) -> dict[str, Any]:
    address = artifact.path if is_stored(artifact.uri) else artifact.uri
    found: dict[str, Any] = {
        "@type": "cr:FileObject",
        "@id": artifact.path,
        "name": artifact.path,
        "contentUrl": address,
        "encodingFormat": artifact.media_type or _encoding(data),
        "sha256": artifact.digest.removeprefix("sha256:"),
    }
    if artifact.size is not None:
        found["contentSize"] = f"{artifact.size} B"
    return found


def _encoding(data: Thing) -> str:
    said = data.stated("format")
    if "/" in said:
        return said
    return ENCODINGS.get(said.lower(), "application/octet-stream")


def _records(data: Thing, files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows' schema; only of data whose single file it can be read from."""
    fields = data.content.get("fields", ())
    if not fields or len(files) != 1 or files[0]["encodingFormat"] not in ENCODINGS.values():
        return []
    found = [
        {
            "@type": "cr:Field",
            "@id": f"rows/{field['name']}",
            "name": field["name"],
            "description": field.get("description", ""),
            "dataType": DATA_TYPES.get(field["type"].lower(), "sc:Text"),
            "source": {
                "fileObject": {"@id": files[0]["@id"]},
                "extract": {"column": field["name"]},
            },
        }
        for field in fields
    ]
    return [{"@type": "cr:RecordSet", "@id": "rows", "name": "rows", "field": found}]


def _responsible(dossier: Dossier) -> dict[str, Any]:
    data = dossier.version
    found: dict[str, Any] = {
        term: text
        for term, field in SAID.items()
        if (text := dossier.said(field) or data.stated(field))
    }
    if origin := data.stated("source", "description"):
        found.setdefault("rai:dataCollection", origin)
    if personal := data.content.get("personal_data"):
        found["rai:personalSensitiveInformation"] = _personal(data, personal)
    return found


def _personal(data: Thing, personal: dict[str, Any]) -> str:
    if not personal.get("contains"):
        return "The dataset holds no personal data."
    fields = [field["name"] for field in data.content.get("fields", ()) if field.get("personal")]
    told = ["The dataset holds personal data."]
    if fields:
        told.append(f"Fields: {', '.join(fields)}.")
    if ground := personal.get("lawful_basis"):
        told.append(f"Lawful basis: {ground}.")
    if measures := personal.get("measures"):
        told.append(measures)
    return " ".join(told)
