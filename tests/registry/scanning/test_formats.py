"""What is harmless is told so, what is broken or strange is unknown, and nothing costs too much."""

from __future__ import annotations

import io
import json
import pickle
import struct
import time
import zipfile
import zlib
from collections import OrderedDict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.scanning import Verdict
from registry.scanning.limits import Budget
from registry.scanning.scan import _Look, scan
from tests.registry.scanning.files import (
    ATTACKS,
    array_file,
    legacy_torch_file,
    look,
    onnx_file,
    safetensors,
    torch_file,
    zipped,
)

ONE = {"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
STATE = (
    b"\x80\x02ccollections\nOrderedDict\n)R(X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n"
    b"((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06t"
    b"QK\x00K\x02K\x03\x86K\x03K\x01\x86\x89ccollections\nOrderedDict\n)RtRu."
)

GOOD: dict[str, tuple[bytes, str, Verdict]] = {
    "nothing": (b"", "empty", Verdict.SAFE),
    "safetensors": (safetensors(ONE, tail=24), "safetensors", Verdict.SAFE),
    "safetensors with metadata": (
        safetensors(ONE | {"__metadata__": {"format": "pt"}}, tail=24),
        "safetensors",
        Verdict.SAFE,
    ),
    "safetensors without tensors": (safetensors({}, tail=0), "safetensors", Verdict.SAFE),
    "GGUF": (b"GGUF" + struct.pack("<IQQ", 3, 2, 5) + bytes(64), "gguf", Verdict.SAFE),
    "an array": (array_file(np.arange(9.0)), "npy", Verdict.SAFE),
    "arrays": (zipped({"a.npy": array_file(np.arange(3))}), "npz", Verdict.SAFE),
    "ONNX": (onnx_file(), "onnx", Verdict.SAFE),
    "ONNX with tensors beside it": (onnx_file(location="weights.bin"), "onnx", Verdict.SAFE),
    "JSON": (b' {"a": [1, 2.5, null]}', "json", Verdict.SAFE),
    "text": ("Ein Modell für Anfragen.\n".encode(), "text", Verdict.SAFE),
    "text that starts like a pickle": (b"cat\nfoo\nbar\n", "text", Verdict.SAFE),
    "a Markdown page with code": (b"# A\n\nUse it:\n\n```\nimport os\n```\n", "text", Verdict.SAFE),
    "a pickle of data": (pickle.dumps({"a": [1, b"x", None]}), "pickle", Verdict.SAFE),
    "a pickle of an array": (
        pickle.dumps(np.arange(3)),
        "pickle",
        Verdict.ALLOW_LISTED,
    ),
    "pickles in a row": (
        pickle.dumps(1) + pickle.dumps(OrderedDict()),
        "pickle",
        Verdict.ALLOW_LISTED,
    ),
    "a compressed pickle": (zlib.compress(pickle.dumps([1])), "zlib", Verdict.SAFE),
    "a torch file": (torch_file(STATE), "torch", Verdict.ALLOW_LISTED),
    "a torch file of old": (legacy_torch_file(STATE), "pickle", Verdict.ALLOW_LISTED),
    "Keras": (
        zipped(
            {
                "config.json": b'{"class_name": "Sequential"}',
                "metadata.json": b"{}",
                "model.weights.h5": b"\x89HDF\r\n\x1a\n" + bytes(500),
            }
        ),
        "keras",
        Verdict.SAFE,
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_harmless_is_told_with_its_format(name: str) -> None:
    content, kind, verdict = GOOD[name]

    report = look(content)

    assert (report.format, report.verdict) == (kind, verdict), report.findings


def changed(**changes: object) -> bytes:
    return safetensors({"w": ONE["w"] | changes}, tail=24)


STRANGE: dict[str, bytes] = {
    "tensors that leave a gap": safetensors(ONE, tail=25),
    "tensors beyond the end": safetensors(ONE, tail=23),
    "tensors that overlap": safetensors(ONE | {"v": ONE["w"]}, tail=24),
    "an unknown type": changed(dtype="F33"),
    "a negative shape": changed(shape=[-2, -3]),
    "offsets that are no numbers": changed(data_offsets=["0", 24]),
    "a shape that is true": changed(shape=[True, 6]),
    "metadata that are no texts": safetensors(ONE | {"__metadata__": {"a": 1}}, tail=24),
    "a key that stands twice": safetensors(b'{"__metadata__":{},"__metadata__":{}}', tail=0),
    "a header that is no JSON": safetensors(b"{nonsense", tail=0),
    "a header nested beyond reason": safetensors(b'{"a":' + b"[" * 100_000, tail=0),
    "GGUF of another version": b"GGUF" + struct.pack("<IQQ", 9, 2, 5) + bytes(64),
    "GGUF that claims too much": b"GGUF" + struct.pack("<IQQ", 3, 2**60, 5) + bytes(64),
    "GGUF that ends at once": b"GGUF\x03",
    "random bytes": bytes((7 * n * n + 3) % 251 for n in range(999)),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(500),
    "a program": b"\x7fELF" + bytes(500),
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "Python": b"import os\nos.system('id')\n",
    "a class that nobody listed": b"\x80\x02cmy_package.layers\nAttention\n)\x81.",
    "a pickle cut off": pickle.dumps(list(range(99)))[:-20],
    "copyreg's extensions": b"\x80\x02\x82\x01.",
    "a zip cut off": zipped({"a": b"text" * 99})[:-30],
    "a zip with a wrong checksum": zipped({"a": b"text" * 99}).replace(b"texttext", b"textTEXT", 1),
    "an archive member twice": zipped({"a": b"1", "b": b"2"}).replace(b"b", b"a"),
    "a compressed file cut off": zlib.compress(bytes(range(256)) * 99)[:-9],
    "a bomb": zipped({"a": bytes(64 * 1024 * 1024)}, compression=zipfile.ZIP_DEFLATED),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_broken_or_strange_is_unknown(name: str) -> None:
    report = look(STRANGE[name])

    assert report.verdict is Verdict.UNKNOWN
    assert report.findings


def test_zips_in_zips_are_followed_to_a_depth() -> None:
    content = b"text"
    for _ in range(20):
        content = zipped({"a.zip": content})

    report = look(content)

    assert report.verdict is Verdict.UNKNOWN
    assert report.findings[0].code == "too-much"


def test_an_encrypted_member_is_unknown() -> None:
    content = bytearray(zipped({"a": b"text"}))
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + offset] |= 1

    assert [finding.code for finding in look(bytes(content)).findings] == ["encrypted"]


def test_a_look_has_its_limits() -> None:
    endless = b"\x80\x02" + b"N0" * 50_000 + b"N."
    for budget in (Budget(lambda: None, opcodes=1_000), Budget(lambda: None, seconds=0)):
        found = _Look(budget).inside(io.BytesIO(endless), len(endless), "")[1]

        assert [finding.code for finding in found] == ["too-much"]


def test_a_long_argument_is_passed_over_not_held() -> None:
    class Counting(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.most = max(self.most, len(data))
            return data

    content = pickle.dumps(bytes(64 * 1024 * 1024), 4)
    file = Counting(content)

    assert scan(file, len(content)).verdict is Verdict.SAFE
    assert file.most <= 1024 * 1024


def test_a_look_tells_that_it_goes_on() -> None:
    told: list[float] = []
    content = pickle.dumps(list(range(100_000)), 2)

    scan(io.BytesIO(content), len(content), tick=lambda: told.append(time.monotonic()))

    assert len(told) > 5


SEEDS = [content for content, _, _ in GOOD.values()] + [
    torch_file(pickle.dumps(ATTACKS["os.system"], 2)),
    *(content for content in STRANGE.values() if len(content) < 10_000),
]


@settings(max_examples=300, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    edits=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 200),
    tail=st.binary(max_size=40),
)
def test_no_mutation_crashes_or_hangs_the_scanner(
    seed: bytes, edits: list[tuple[int, int]], cut: int, tail: bytes
) -> None:
    content = bytearray(seed)
    for place, value in edits:
        if content:
            content[place % len(content)] = value
    started = time.monotonic()

    report = look(bytes(content[: len(content) - cut]) + tail)

    assert report.verdict in Verdict
    assert json.dumps([finding.detail for finding in report.findings])
    assert time.monotonic() - started < 20


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_scanner(content: bytes) -> None:
    assert look(content).verdict in Verdict
