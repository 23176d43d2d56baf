"""A job that asks chosen queries of a folder of real logs, and maps each to a requirement of its own."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from comprova.content import ContentRoot, builtin_root
from comprova.jobs.preparation import Choices, prepare
from comprova.jobs.run import run_job
from content_builder import framework_file, mapped, requirement, text_of, write_root
from month_run import Unseen

REAL_LOGS = os.environ.get("COMPROVA_REAL_LOGS")
TIME_ZONE = "America/Sao_Paulo"
_NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a job asks.

    Attributes:
        refs: The queries with their versions, such as `identity.root_activity@1`.
        parameters: What the job sets; all others have their default.
    """

    refs: Iterable[str]
    parameters: Mapping[str, object]


def run_over(folder: Path, logs: Path, days: tuple[date, date], asked: Asked) -> Path:
    """Seal the answers to queries over the logs of some days, without documents, and return the folder of the rows.

    Args:
        folder: An empty one, for the project and its run.
        logs: Holds `AWSLogs/`.
        days: The first and the last of the period, in the job's time zone.
        asked: The queries and their parameters.
    """
    write_root(folder, _project(asked))
    roots = [builtin_root(), ContentRoot(folder, builtin=False)]
    choices = Choices(period="..".join(map(str, days)), logs=logs, out=folder / "out")
    prepared = prepare("agreement", roots, choices, _NOW)
    return run_job(prepared, lambda: _NOW, Unseen(), documents=False).evidence.layout.root / "results"


def _project(asked: Asked) -> dict[str, str]:
    return {
        "queries/frameworks/acme.agreement-1.toml": framework_file(
            "acme.agreement", "1", *(requirement(ref, mapped(ref)) for ref in asked.refs)
        ),
        "reports/cover.toml": (
            f'id = "cover"\n{text_of("title")}{text_of("audience")}section = ["cover"]\nattention_items = 1\n'
            "finding_rows = 1\ndocument_rows = 1\nextract_rows = 0\nattached_megabytes = 0\n"
            'sql_lines = 1\nvalue_characters = 20\nformats = ["html"]\n'
        ),
        "jobs/agreement.toml": (
            f'id = "agreement"\n{text_of("title")}organisation = "Acme"\nreport = "cover"\n'
            f'frameworks = ["acme.agreement"]\nlanguages = ["en"]\ntime_zone = "{TIME_ZONE}"\n\n'
            '[source]\nkind = "folder"\nname.en = "Real logs"\nname.pt_BR = "Registros reais"\nlogs = "logs"\n\n'
            "[limits]\ngap_percent = 100\nunreadable_files = 1\n\n"
            "[parameters]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in asked.parameters.items())
        ),
    }


def _toml(value: object) -> str:
    if isinstance(value, str | int):
        return json.dumps(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_toml(part)}" for name, part in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_toml, value)) + "]"
    raise TypeError(f"no value of a parameter: {value!r}")
