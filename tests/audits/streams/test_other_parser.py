"""Messages of syslog under a parser of other people."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from audits.streams import syslog
from audits.streams.formats import FORMATS
from tests.support.parts import PartMissing, missing
from tests.support.tools import Tool

pytestmark = [pytest.mark.slow, pytest.mark.interop]
PROGRAM = """
import json, sys
from syslog_rfc5424_parser import SyslogMessage
for line in open(sys.argv[1], encoding="utf-8"):
    print(json.dumps(SyslogMessage.parse(json.loads(line)).as_dict()))
"""
ENTRY = {
    "instance": "localhost",
    "leaf": "00" * 32,
    "seq": 7,
    "uuid": "01a21d48-dc77-7588-92d2-75635d637b7c",
    "occurred_at": "2026-02-03T04:05:06.000007+00:00",
    "action": "registry.promotion.completed",
    "outcome": "success",
    "actor": {"uuid": None, "kind": "human", "username": "ann", "roles": ["admin"], "via": "api",
              "credential": ""},
    "workspace": "assist-prod",
    "subject": 'a "quoted" ] \\ subject',
    "digest": None,
    "reason": "two\nlines, é and | and =",
    "before": {},
    "after": {},
    "data": {},
    "request_id": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def parser() -> Tool:
    try:
        return Tool.install(
            "syslog-rfc5424-parser-0.3.2",
            ["syslog-rfc5424-parser==0.3.2"],
            from_source=["lark-parser"],
        )
    except PartMissing as error:
        missing(str(error))


@pytest.mark.parametrize("shape", sorted(FORMATS))
def test_it_reads_our_messages(parser: Tool, tmp_path: Path, shape: str) -> None:
    text = FORMATS[shape](ENTRY)
    message = syslog.message({**ENTRY, "workspace": 'odd " ] \\ slug'}, text, process="12")
    (tmp_path / "messages").write_text(json.dumps(message.decode()) + "\n", encoding="utf-8")
    (tmp_path / "parse.py").write_text(PROGRAM, encoding="utf-8")

    done = parser.run("python", "parse.py", "messages", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert read["msg"] == text
    assert (read["appname"], read["hostname"], read["procid"]) == ("muniment", "localhost", 12)
    assert read["severity"] == "notice"
    data = read["sd"][syslog.ELEMENT]
    assert (data["id"], data["seq"]) == (ENTRY["uuid"], "7")
    # It leaves escapes as they are, and does not know one right before the closing quote.
    assert re.sub(r'\\(["\\\]])', r"\1", data["workspace"]) == 'odd " ] \\ slug'
