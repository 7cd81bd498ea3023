"""Read a pickle's opcodes one by one, without holding more of an argument than is looked at."""

from __future__ import annotations

import pickletools
from dataclasses import dataclass
from typing import BinaryIO

from registry.scanning.limits import exactly

# Longer texts name no module, and longer bytes are no pickle worth looking into.
KEPT_TEXT = 4096
KEPT_BYTES = 16 * 1024 * 1024
MAX_LINE = 64 * 1024
OPCODES = {ord(opcode.code): opcode for opcode in pickletools.opcodes}
TEXTS = frozenset(["unicodestring1", "unicodestring4", "unicodestring8", "string1", "string4"])
COUNTED = {  # how many bytes of length stand before the argument, by pickletools' name of it
    "string1": 1,
    "bytes1": 1,
    "unicodestring1": 1,
    "long1": 1,
    "string4": 4,
    "bytes4": 4,
    "unicodestring4": 4,
    "long4": 4,
    "bytes8": 8,
    "bytearray8": 8,
    "unicodestring8": 8,
}
LINES = frozenset(
    {
        "stringnl",
        "stringnl_noescape",
        "unicodestringnl",
        "decimalnl_short",
        "decimalnl_long",
        "floatnl",
    }
)


@dataclass(frozen=True)
class Opcode:
    """One opcode; ``text`` and ``data`` hold what of its argument may matter."""

    info: pickletools.OpcodeInfo
    number: int = 0
    text: str | None = None
    data: bytes | None = None
    second: str = ""

    @property
    def name(self) -> str:
        """Return pickletools' name of the opcode."""
        return self.info.name


class NotAPickle(ValueError):
    """No unpickler would go on from here."""


def read_opcode(file: BinaryIO) -> Opcode:
    """Return the next opcode; raises NotAPickle, or EOFError."""
    byte = exactly(file, 1)[0]
    info = OPCODES.get(byte)
    if info is None:
        raise NotAPickle(f"there is no opcode {byte:#04x}")
    kind = info.arg.name if info.arg else ""
    if not kind:
        return Opcode(info)
    if kind == "stringnl_noescape_pair":
        return Opcode(info, text=_line(file), second=_line(file))
    if kind in LINES:
        return _of_line(info, kind, _line(file))
    if kind in COUNTED:
        return _of_counted(info, kind, file)
    return _of_fixed(info, file)


def _line(file: BinaryIO) -> str:
    line = file.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        raise EOFError("a line does not end")
    return line[:-1].decode("utf-8", "surrogateescape")


def _of_line(info: pickletools.OpcodeInfo, kind: str, line: str) -> Opcode:
    if kind == "decimalnl_long":
        digits = line.strip().rstrip("L")
        return Opcode(info, number=int(digits) if digits.isdigit() and len(digits) < 100 else 0)
    if kind == "stringnl":
        return Opcode(info, text=_unescaped(line.strip().strip("'\"")))
    if kind == "unicodestringnl":
        return Opcode(info, text=_unescaped(line))
    return Opcode(info, text=line)


def _unescaped(text: str) -> str:
    """Return the text that the escapes stand for: a module's name may hide behind them."""
    if "\\" not in text:
        return text
    raw = text.encode("latin-1", "backslashreplace")
    return raw.decode("unicode_escape", "replace")


def _of_counted(info: pickletools.OpcodeInfo, kind: str, file: BinaryIO) -> Opcode:
    length = int.from_bytes(exactly(file, COUNTED[kind]), "little", signed=kind.endswith("long4"))
    if length < 0:
        raise NotAPickle("a length is negative")
    if kind.startswith("long"):
        data = _kept(file, length, most=KEPT_TEXT)
        return Opcode(info, number=int.from_bytes(data or b"", "little", signed=True))
    if kind in TEXTS:
        data = _kept(file, length, most=KEPT_TEXT)
        text = None if data is None else data.decode("utf-8", "surrogateescape")
        return Opcode(info, text=text, data=data if kind.startswith("string") else None)
    return Opcode(info, data=_kept(file, length, most=KEPT_BYTES))


def _kept(file: BinaryIO, length: int, *, most: int) -> bytes | None:
    """Return the next bytes, or None where there are too many of them to look at."""
    if length <= most:
        return exactly(file, length)
    start = file.tell()
    file.seek(length - 1, 1)
    exactly(file, 1)
    assert file.tell() == start + length  # a file that seeks past its end gives no last byte
    return None


def _of_fixed(info: pickletools.OpcodeInfo, file: BinaryIO) -> Opcode:
    assert info.arg is not None  # the caller looked
    size = info.arg.n
    return Opcode(info, number=int.from_bytes(exactly(file, size), "little"))
