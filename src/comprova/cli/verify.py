"""`comprova verify`: checks an evidence folder, offline."""

import json
from pathlib import Path
from typing import Annotated

import typer

from comprova.cli.terminal import on_one_line
from comprova.errors import ExitCode


def verify(
    evidence: Annotated[Path, typer.Argument(help="An evidence folder, or the folder of the run around it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,
) -> None:
    """Check that evidence and documents are what their manifests say, and that they agree with each other."""
    from comprova.evidence.verifying import verify_evidence

    checks = verify_evidence(evidence)
    faulty = any(check.faults for check in checks)
    if as_json:
        said = [{"check": check.name, "count": check.count, "faults": list(check.faults)} for check in checks]
        typer.echo(json.dumps(said, indent=2))
    else:
        for check in checks:
            typer.echo(f"{'FAULT' if check.faults else 'ok   '} {check.name} ({check.count})")
            for fault in check.faults:
                typer.echo(f"      {on_one_line(fault)}")
        typer.echo(
            "Not checked here: that the logs were whole when they were read, and that this is the evidence that was "
            "sealed. Compare the SHA-256 of manifest-sha256.txt with the one recorded when the run ended."
        )
    raise typer.Exit(ExitCode.VERIFICATION if faulty else ExitCode.COMPLETE)
