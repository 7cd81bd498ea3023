"""An entry of the trail as other systems read it: plain JSON, CEF, OCSF, Splunk's HEC.

An entry is what the trail answers (`audits.trail`) as builtins, with the times in ISO 8601, and
two fields: ``instance``, which installation it is from, and ``leaf``, the hexadecimal SHA-256 leaf
of the transparency log, against which its source can be held later.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

VENDOR, PRODUCT = "Muniment", "Muniment"
OCSF_VERSION = "1.3.0"
SUCCESSES = frozenset({"success"})
# CEF: 0 to 10; OCSF: 1 informational, 3 medium.
CEF_SEVERITY = {True: 3, False: 6}
OCSF_SEVERITY = {True: 1, False: 3}
OCSF_ACTIVITIES = {"created": 1, "read": 2, "changed": 3, "updated": 3, "deleted": 4}


def as_json(entry: dict[str, Any]) -> str:
    """Return the entry as it is, on one line."""
    return _line(entry)


def as_splunk(entry: dict[str, Any]) -> str:
    """Return an event of Splunk's HTTP Event Collector."""
    return _line(
        {
            "time": _seconds(entry),
            "host": entry["instance"],
            "source": "muniment",
            "sourcetype": "muniment:audit",
            "event": entry,
        }
    )


def as_cef(entry: dict[str, Any]) -> str:
    """Return the entry in ArcSight's Common Event Format, version 0."""
    action, actor = entry["action"], entry["actor"]
    head = [VENDOR, PRODUCT, "1", action, action.replace(".", " "), CEF_SEVERITY[_succeeded(entry)]]
    extension = {
        "rt": int(_seconds(entry) * 1000),
        "externalId": entry["uuid"],
        "outcome": entry["outcome"],
        "suid": actor["uuid"],
        "suser": actor["username"],
        "spriv": " ".join(actor["roles"]),
        "requestMethod": actor["via"],
        "reason": entry["reason"],
        "msg": entry["subject"],
        "dvchost": entry["instance"],
        "cs1": entry["workspace"],
        "cs1Label": "workspace" if entry["workspace"] else None,
        "cs2": entry["leaf"],
        "cs2Label": "leaf",
        "cs3": entry["request_id"],
        "cs3Label": "request" if entry["request_id"] else None,
        "cn1": entry["seq"],
        "cn1Label": "seq" if entry["seq"] is not None else None,
        "cs4": _line({key: entry[key] for key in ("before", "after", "data")}),
        "cs4Label": "details",
    }
    fields = [
        f"{key}={_cef_value(value)}" for key, value in extension.items() if value not in {None, ""}
    ]
    return f"CEF:0|{'|'.join(_cef_head(each) for each in head)}|{' '.join(fields)}"


def as_ocsf(entry: dict[str, Any]) -> str:
    """Return an event of OCSF's class API Activity (6003)."""
    actor, succeeded = entry["actor"], _succeeded(entry)
    activity = OCSF_ACTIVITIES.get(entry["action"].rpartition(".")[2], 99)
    user = {"uid": actor["uuid"], "name": actor["username"], "type": actor["kind"]}
    shape = {
        "category_uid": 6,
        "class_uid": 6003,
        "class_name": "API Activity",
        "activity_id": activity,
        "type_uid": 600_300 + activity,
        "time": int(_seconds(entry) * 1000),
        "severity_id": OCSF_SEVERITY[succeeded],
        "status_id": 1 if succeeded else 2,
        "status": "Success" if succeeded else "Failure",
        "status_detail": entry["outcome"],
        "metadata": {
            "version": OCSF_VERSION,
            "product": {"name": PRODUCT, "vendor_name": VENDOR},
            "uid": entry["uuid"],
            "sequence": entry["seq"],
            "correlation_uid": entry["request_id"] or None,
            "log_name": "journal",
        },
        "actor": {"user": {key: value for key, value in user.items() if value}},
        "api": {"operation": entry["action"], "service": {"name": entry["instance"]}},
        "src_endpoint": {"name": actor["via"]},
        "resources": [{"name": entry["subject"], "group": {"name": entry["workspace"] or ""}}],
        "unmapped": entry,
    }
    return _line(shape)


FORMATS: dict[str, Callable[[dict[str, Any]], str]] = {
    "json": as_json,
    "cef": as_cef,
    "ocsf": as_ocsf,
    "splunk": as_splunk,
}


CHOICES = tuple((name, name) for name in FORMATS)


def media_type(name: str, *, many: bool) -> str:
    """Return the Content-Type of one event of a format, or of several, one a line."""
    if name == "cef":
        return "text/plain; charset=utf-8"
    return "application/x-ndjson" if many else "application/json"


def _succeeded(entry: dict[str, Any]) -> bool:
    return entry["outcome"] in SUCCESSES


def _seconds(entry: dict[str, Any]) -> float:
    return datetime.fromisoformat(entry["occurred_at"]).timestamp()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _cef_head(value: object) -> str:
    return (
        str(value).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("\r", " ")
    )


def _cef_value(value: object) -> str:
    text = str(value).replace("\\", "\\\\").replace("=", "\\=")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
