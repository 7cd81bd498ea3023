"""Follow what a pickle would do, on a stack that holds names instead of objects."""

from __future__ import annotations

import pickletools
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from registry.scanning.globals import judge
from registry.scanning.opcodes import NotAPickle, Opcode, read_opcode
from registry.scanning.verdicts import Finding, Verdict

if TYPE_CHECKING:
    from registry.scanning.limits import Budget

MOST_HELD = 2_000_000
TORCH_MAGIC = 0x1950A86A20F9469CFC6C
MARK = "mark"
CALLS = frozenset(["REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD"])
EXTENSIONS = frozenset(["EXT1", "EXT2", "EXT4"])
LONGS = frozenset(["LONG", "LONG1", "LONG4"])
STRINGS = frozenset(
    {
        "STRING",
        "BINSTRING",
        "SHORT_BINSTRING",
        "UNICODE",
        "BINUNICODE",
        "SHORT_BINUNICODE",
        "BINUNICODE8",
    }
)
EMBEDDED = (b"PK\x03\x04", *(bytes([0x80, protocol]) for protocol in range(2, 6)))
STORES = {"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"}
LOADS = {"GET", "BINGET", "LONG_BINGET"}


@dataclass(frozen=True)
class Text:
    """A string on the stack, which may come to name a module; None for one that is too long."""

    value: str | None


Item: TypeAlias = "Text | str | None"  # MARK, or something that is no string


@dataclass
class Machine:
    """One unpickling in effigy. ``has_called`` once anything would have run."""

    file: BinaryIO
    budget: Budget
    findings: list[Finding] = field(default_factory=list)
    embedded: list[bytes] = field(default_factory=list)
    has_torch_magic: bool = False
    has_called: bool = False
    stack: list[Item] = field(default_factory=list)
    memo: dict[int, Item] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def run(self) -> None:
        """Follow one pickle to its STOP; raises NotAPickle or EOFError where it breaks off."""
        self.stack, self.memo = [], {}
        while True:
            self.budget.step()
            opcode = read_opcode(self.file)
            if opcode.name == "STOP":
                self._pop()
                return
            self._do(opcode)
            if len(self.stack) + len(self.memo) > MOST_HELD:
                raise NotAPickle("it holds more objects than are followed")

    def _do(self, opcode: Opcode) -> None:
        name = opcode.name
        if name in STORES:
            self._store(opcode)
        elif name in LOADS:
            self._load(opcode)
        elif name == "POP":
            self._pop(mark=True)
        elif name == "DUP":
            self.stack.append(self._top())
        elif name == "STACK_GLOBAL":
            self._stack_global()
        else:
            self._plain(opcode)
        self.has_called = self.has_called or name in CALLS

    def _plain(self, opcode: Opcode) -> None:
        """Do what the opcode's description says; note what it names or carries."""
        self._apply(opcode.info)
        if opcode.name in ("GLOBAL", "INST"):
            self._name(opcode.text or "", opcode.second)
        elif opcode.name in EXTENSIONS:
            self._note("extension", "it uses copyreg's extension registry", Verdict.UNKNOWN)
        elif opcode.name in LONGS and opcode.number == TORCH_MAGIC:
            self.has_torch_magic = True
        if opcode.name in STRINGS:
            self.stack[-1] = Text(opcode.text)
        if opcode.data and opcode.data.startswith(EMBEDDED):
            self.embedded.append(opcode.data)

    def _apply(self, info: pickletools.OpcodeInfo) -> None:
        before = list(info.stack_before)
        if pickletools.markobject in before:
            fixed = before.index(pickletools.markobject)
            while self._pop(mark=True) is not MARK:
                pass
            before = before[:fixed]
        for _ in before:
            self._pop()
        for kind in info.stack_after:
            self.stack.append(MARK if kind is pickletools.markobject else None)

    def _pop(self, *, mark: bool = False) -> Item:
        if not self.stack:
            raise NotAPickle("it takes from an empty stack")
        item = self.stack.pop()
        if item is MARK and not mark:
            raise NotAPickle("it takes a mark for an object")
        return item

    def _top(self) -> Item:
        if not self.stack or self.stack[-1] is MARK:
            raise NotAPickle("it takes from an empty stack")
        return self.stack[-1]

    def _store(self, opcode: Opcode) -> None:
        key = len(self.memo) if opcode.name == "MEMOIZE" else self._key(opcode)
        self.memo[key] = self._top()

    def _load(self, opcode: Opcode) -> None:
        key = self._key(opcode)
        if key not in self.memo:
            raise NotAPickle("it recalls what it never kept")
        self.stack.append(self.memo[key])

    def _key(self, opcode: Opcode) -> int:
        if opcode.text is None:
            return opcode.number
        try:
            return int(opcode.text)  # by the rules that unpicklers read it: " 1_0" is ten
        except ValueError:
            raise NotAPickle("it keeps or recalls under what is no number") from None

    def _stack_global(self) -> None:
        name, module = self._pop(), self._pop()
        match module, name:
            case Text(value=str(m)), Text(value=str(n)):
                self._name(m, n)
            case _:
                detail = "the name of a function or class is computed"
                self._note("computed-global", detail, Verdict.DANGEROUS)
        self.stack.append(None)

    def _name(self, module: str, name: str) -> None:
        if (module, name) in self._seen:
            return
        self._seen.add((module, name))
        verdict = judge(module, name)
        self._note("global", f"{module[:200]}.{name[:200]}", verdict)

    def _note(self, code: str, detail: str, verdict: Verdict) -> None:
        if len(self.findings) < 1_000 or verdict is Verdict.DANGEROUS:
            self.findings.append(Finding(code, detail, verdict))


@dataclass(frozen=True)
class Pickles:
    """What a row of pickles would do, and where it ended: ``trailing`` bytes are left."""

    findings: tuple[Finding, ...]
    embedded: tuple[bytes, ...]
    count: int
    is_torch: bool
    broken: str
    has_called: bool
    trailing: int


def follow(file: BinaryIO, size: int, budget: Budget) -> Pickles:
    """Follow the pickles that stand one behind the other from where ``file`` stands.

    Legacy torch files end with raw storages after their fifth pickle; nothing loads these.
    """
    machine = Machine(file, budget)
    count, broken, is_torch, end = 0, "", False, file.tell()
    while end < size and not (is_torch and count == 5):
        try:
            machine.run()
        except (NotAPickle, EOFError) as error:
            broken = str(error)
            break
        count, end = count + 1, file.tell()
        is_torch = is_torch or (count == 1 and machine.has_torch_magic)
    return Pickles(
        findings=tuple(machine.findings),
        embedded=tuple(machine.embedded),
        count=count,
        is_torch=is_torch,
        broken=broken,
        has_called=machine.has_called,
        trailing=0 if is_torch and count == 5 else size - end,
    )


def as_file(data: bytes) -> BinaryIO:
    """Return bytes found inside a pickle as a file."""
    return BytesIO(data)
