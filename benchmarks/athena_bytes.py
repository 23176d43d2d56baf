"""Measures what a monthly run on Athena scans, as shares of the raw bytes: `python -m benchmarks.athena_bytes`.

The whole run, from `comprova athena setup` to its evidence, against the endpoint of the tests, where Trino executes
(PYTHONPATH needs `tests`). Bytes are those that Athena would bill before it rounds: of log files their size, of Parquet
the column chunks of the row groups that are read. They depend on nothing but the logs: no machine is slow here.

The month holds as many events of a busy trail as are asked for, and the sample's: a company's, with all that questions
look for.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import move
from typing import Any

from benchmarks.logs import write
from benchmarks.measure import Target

from athena_endpoint.endpoint import REGION, Endpoint
from comprova.evidence.cost import Cost
from comprova.sample import generate

_DAYS = 31
_MONTH = "2026-10"
_TRAIL, _STORE = "benchmark-trail", "benchmark-store"
_BEFORE_QUERIES = ("load", "activity", "deliveries", "measures")

_JOB = f"""\
id             = "job"
title.en       = "Bytes"
title.pt_BR    = "Bytes"
organisation   = "Benchmark"
report         = "./short.toml"
frameworks     = ["lgpd", "gdpr", "hipaa", "pci-dss"]
languages      = ["en"]
time_zone      = "America/Sao_Paulo"

[source]
kind      = "athena"
name.en   = "Written logs"
name.pt_BR = "Logs escritos"
region    = "{REGION}"
trail     = "s3://{_TRAIL}"
start     = 2026-10-01
store     = "s3://{_STORE}/comprova"
"""


def write_month(folder: Path, events: int) -> int:
    """Write the log files of a month, and return the bytes of all."""
    write(folder, events, days=_DAYS)
    with tempfile.TemporaryDirectory(dir=folder.parent) as sample:
        generate(Path(sample), last_month=_MONTH, months=1)
        for path in Path(sample).glob("AWSLogs/o-*/**/*.json.gz"):
            *_, account, kind, region, year, month, day, name = path.parts
            place = folder / "AWSLogs" / account / kind / region / year / month / day
            place.mkdir(parents=True, exist_ok=True)
            move(path, place / name)
    return sum(path.stat().st_size for path in folder.rglob("*.json.gz"))


def run(endpoint: Endpoint, logs: Path, folder: Path) -> Cost:
    """Run the job over log files; return what its evidence says that it cost."""
    s3 = endpoint.client("s3")
    for bucket in (_TRAIL, _STORE):
        s3.create_bucket(Bucket=bucket)
    endpoint.put_folder(logs, f"s3://{_TRAIL}")
    root = Path(__file__).resolve().parents[1]
    demo = (root / "jobs" / "demo.toml").read_text(encoding="utf-8")
    known = tomllib.loads((root / "queries" / "parameters.toml").read_text(encoding="utf-8"))
    job = _JOB + demo[demo.index("\n[calendar]") :].replace("[parameters]\n", f"[parameters]\n{_examples(known, demo)}")
    (folder / "job.toml").write_text(job, encoding="utf-8")
    report = (root / "reports" / "monthly.toml").read_text(encoding="utf-8")
    lines = (line for line in report.splitlines() if not line.startswith("formats"))
    short = "\n".join(lines).replace('"monthly"', '"short"', 1)
    (folder / "short.toml").write_text(f'formats = ["html"]\n{short}', encoding="utf-8")
    for arguments in (["athena", "setup", "./job.toml"], ["run", "./job.toml", "--period", _MONTH]):
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "comprova", *arguments],
            cwd=folder,
            env={**os.environ, **endpoint.environment},
            check=False,  # a run ends with 11 where cells have gaps
        )
    cost = folder / "out" / "job" / _MONTH / "r1" / "evidence" / "cost.json"
    return Cost.model_validate_json(cost.read_bytes())


def _examples(known: Mapping[str, Any], job: str) -> str:
    """Return, as TOML, the examples of parameters that a job must set and does not: no question waits for one."""
    required = {name for name, parameter in known.items() if parameter.get("required")}
    missing = sorted(required - tomllib.loads(job)["parameters"].keys())
    return "".join(f"{name} = {_toml(known[name]['example'])}\n" for name in missing)


def _toml(value: object) -> str:
    match value:
        case dict():
            return f"{{ {', '.join(f'{name} = {_toml(held)}' for name, held in value.items())} }}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return json.dumps(value)


def targets(cost: Cost, raw: int) -> Sequence[Target]:
    """Print what each step scanned, and return the figures that have limits."""
    queries = sum(step.bytes_scanned for step in cost.steps if step.step not in _BEFORE_QUERIES)
    for step in cost.steps:
        print(f"{step.step:<36}{step.statements:4}{step.bytes_scanned:15,} bytes{step.bytes_scanned / raw:9.4f} of raw")
    load = sum(step.bytes_scanned for step in cost.steps if step.step == "load")
    asked = sum(step.step not in _BEFORE_QUERIES for step in cost.steps)
    return (
        Target("load, bytes ÷ raw bytes", load / raw, 1.1),
        Target(f"all {asked} queries, bytes ÷ raw bytes", queries / raw, 0.5),
    )


def main() -> None:
    """Write a month of logs, run the monthly job over it, and print what it scanned beside the targets."""
    parser = argparse.ArgumentParser(description="Measure the bytes that a monthly run scans on Athena.")
    parser.add_argument("--events", type=int, default=300_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as name:
        folder = Path(name)
        raw = write_month(folder / "logs", options.events)
        print(f"{options.events:,} events and the sample's, {raw:,} raw bytes")
        (folder / "aws").mkdir()
        with Endpoint(folder / "aws") as endpoint:
            cost = run(endpoint, folder / "logs", folder)
    for target in targets(cost, raw):
        print(target)


if __name__ == "__main__":
    main()
