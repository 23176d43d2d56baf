"""A project with the shipped monthly job under a name of its own, and a report for the screen alone.

Printing takes nine tenths of a rendering. Who reads no PDF runs this job; `end_to_end/test_demo.py` and
`make test-pdf` hold what is printed.
"""

from pathlib import Path

from comprova.content import builtin_root

JOB = "acme.monthly"
_REPORT = "acme-screen"


def write_monthly(folder: Path, *, id_: str = JOB, lines: str = "") -> Path:
    """Write the project, and return the file of the job.

    Args:
        folder: Where the command will run.
        id_: Of the job.
        lines: More of its TOML, before the first table.
    """
    job, report = folder / "jobs" / f"{id_}.toml", folder / "reports" / f"{_REPORT}.toml"
    shipped = builtin_root()
    texts = {
        job: (shipped.folder("jobs") / "monthly.toml")
        .read_text(encoding="utf-8")
        .replace('"monthly"', f'"{id_}"\n{lines}', 1)
        .replace('report         = "monthly"', f'report = "{_REPORT}"'),
        report: (shipped.folder("reports") / "monthly.toml")
        .read_text(encoding="utf-8")
        .replace('"monthly"', f'"{_REPORT}"')
        .replace('["pdf", "html"]', '["html"]'),
    }
    for path, text in texts.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return job
