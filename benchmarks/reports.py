"""What reports and an evidence pack of many findings cost: time, processor and memory.

    python -m benchmarks.reports [--database sqlite|postgres] [--findings N] [--passes N]
        [--rules N] [--only-pack] [--profile]

An estate that fails and passes so often (without --passes half of each) is scanned by an OPA
server; its configurations are as many as the rules need for that. Then each form
of report, and then the whole pack, is made in a process of its own, which is all that a worker
does for it: its wall and processor time and the most memory that it had are printed. The pack is
verified at the end, by the verifier inside it, without this code.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from benchmarks import machine, policy_estate
from benchmarks.installation import installation

WORKSPACES = 20
SECONDS, MEGABYTES = 20, 300


def in_a_process(work: str, *more: str) -> dict[str, Any]:
    """Do some work in a new process over the same installation; return what it tells."""
    command = [sys.executable, "-m", "benchmarks.reports", "--work", work, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{work} failed:\n{done.stderr}")
    *shown, last = done.stdout.strip().splitlines()
    print("\n".join(shown), end="\n" if shown else "")
    told: dict[str, Any] = json.loads(last)
    return told


def print_cost(name: str, told: dict[str, Any]) -> None:
    """Print one line."""
    print(
        f"  {name}: {told['wall']:.1f} s, {told['cpu']:.1f} s of processor, "
        f"{told['peak']:.0f} MB resident at most ({told['idle']:.0f} MB before), "
        f"{told['size'] / 1e6:.1f} MB written",
        flush=True,
    )


def found(findings: int, passes: int, *, rules: int) -> dict[str, int]:
    """Make an estate of about so many findings and passes and scan it; return the scan's counts."""
    from django.conf import settings

    from benchmarks.policy_scan import scan
    from core.actors import Actor, Via
    from core.models import User
    from tests.support.opa import OpaServer

    policy_estate.COMPLIANT = passes / (findings + passes)
    actor = Actor(User.objects.create_superuser("bench"), Via.COMMAND)
    policy_estate.assign_rules(actor, rules)
    policy_estate.submit(actor, WORKSPACES, (findings + passes) // rules)
    server = OpaServer.start()
    try:
        settings.OPA_URL = server.url
        return scan(actor)
    finally:
        server.stop()


def peak() -> float:
    """Return the most memory that this process was resident with, in MB of 10^6 bytes."""
    # Not by getrusage: that remembers the parent, from before the program was started.
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    told = next(line for line in lines if line.startswith("VmHWM:"))
    return int(told.split()[1]) * 1024 / 1e6


def work(what: str, *, is_profiled: bool) -> None:
    """Do one thing, and print what it cost as the last line."""
    import django

    django.setup()
    from core import consumers

    consumers.installed()  # as a worker does before anything else
    idle, profile = peak(), cProfile.Profile()
    wall, cpu = time.perf_counter(), time.process_time()
    if is_profiled:
        profile.enable()
    told = make_pack() if what == "pack" else render(what)
    profile.disable()
    told |= {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    if is_profiled:
        pstats.Stats(profile).sort_stats("tottime").print_stats(40)
    print(json.dumps({**told, "idle": idle, "peak": peak()}))


def render(name: str) -> dict[str, Any]:
    """Render one form of the report of the only scan."""
    from audits.models import Scan
    from audits.reports.collect import assessment_of
    from audits.reports.formats import FORMATS

    assessment = assessment_of(Scan.objects.get())
    return {"size": sum(len(piece) for piece in FORMATS[name].pieces(assessment))}


def make_pack() -> dict[str, Any]:
    """Make the pack of the only scan, and return where its bytes are."""
    from audits.models import EvidencePack, Scan
    from audits.services.packs.request import request
    from audits.services.report_bases import Asked
    from core import tasks
    from core.actors import Actor, Via
    from core.models import User
    from registry.queries.blobs import store

    actor = Actor(User.objects.get(username="bench"), Via.COMMAND)
    asked = request(actor=actor, asked=Asked(scan=Scan.objects.get().uuid))
    if asked.task is None or not tasks.claim_and_run(task_uuid=asked.task.uuid):
        raise RuntimeError("the pack's task could not be claimed")
    done = EvidencePack.objects.select_related("task", "blob").get(pk=asked.pk)
    if done.blob is None or done.size is None:
        raise RuntimeError(f"the pack was not made: {done.task and done.task.error}")
    with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file:
        file.writelines(store().read(done.blob.key))
    return {"size": done.size, "contents": done.contents, "file": file.name}


def verify(file: str) -> None:
    """Verify a pack with the verifier inside it, and print how long that took."""
    from audits.queries.log import first_log_key

    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(file) as archive:
        script = archive.extract("verify/muniment_verify.py", folder)
        begin = time.perf_counter()
        command = [sys.executable, "-I", script, file, "--key", first_log_key()]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"  {done.stdout.splitlines()[0]}, {time.perf_counter() - begin:.1f} s")
    Path(file).unlink()


def measure(options: argparse.Namespace) -> None:
    """Measure everything and print it."""
    from audits.reports.formats import FORMATS
    from audits.services.packs.keys import vouched_signer
    from audits.services.transparency import integration
    from core import sequencer

    passes = options.findings if options.passes is None else options.passes
    counts = found(options.findings, passes, rules=options.rules)
    print(f"  {sum(counts.values()):,} results: {json.dumps(counts)}", flush=True)
    vouched_signer()
    while sequencer.sequence_pending() or integration.integrate(at_once=True):
        pass
    for name in () if options.profile or options.only_pack else FORMATS:
        print_cost(name, in_a_process(name))
    told = in_a_process("pack", *(["--profile"] if options.profile else []))
    print_cost("pack", told)
    print(f"  in it: {json.dumps(told['contents'])}")
    verify(told["file"])
    print(f"  to reach: {SECONDS} s of processor and {MEGABYTES} MB")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--findings", type=int, default=10_000)
    parser.add_argument("--passes", type=int, help="as many as findings without it")
    parser.add_argument("--rules", type=int, default=10)
    parser.add_argument("--only-pack", action="store_true", help="leave the forms out")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        work(options.work, is_profiled=options.profile)
        return
    with installation(options.database):
        print(f"{options.database} on {machine.describe()}", flush=True)
        measure(options)


if __name__ == "__main__":
    main()
