"""The fingerprint of a run: everything that its evidence depends on, by part."""

import hashlib
import json
from collections.abc import Mapping

from comprova import __version__
from comprova.evidence.canonical import canonical_json
from comprova.evidence.model import LogFile
from comprova.evidence.outcomes import ReasonCode
from comprova.jobs.logs import Logs
from comprova.jobs.preparation import Prepared


def inputs_of(prepared: Prepared, content: Mapping[str, bytes], logs: Logs) -> dict[str, str]:
    """Return the SHA-256 or value of each part.

    Args:
        prepared: The run.
        content: All content that goes into the evidence, by name; parts of it stand on their own too, so that a message
            can name what changed.
        logs: Every log file with its state and what tells its content; what reads them; and whether the period was
            closed when they were listed, which decides whether absence can be claimed.
    """
    return {
        "comprova": __version__,
        "engine": logs.engine,
        "content": _sha256(*(part for name, data in sorted(content.items()) for part in (name.encode(), data))),
        "job": _sha256(prepared.job.text),
        "acceptances": _sha256(prepared.acceptances.text),
        "calendar": _sha256(canonical_json(prepared.calendar)),
        "queries": _sha256(*(query.text for query in prepared.queries)),
        "views": _sha256(*(view.text for _, view in sorted(prepared.catalog.views.items()))),
        "frameworks": _sha256(*(framework.model_dump_json() for framework in prepared.frameworks)),
        "report": _sha256(prepared.report.text),
        "parameters": _sha256(json.dumps(prepared.bindings.values, sort_keys=True, default=str)),
        "logs": _sha256(*(f"{file.log_file} {file.state} {_content(file)}" for file in logs.files)),
        ReasonCode.PERIOD_OPEN.value: "no" if logs.closed else "yes",
    }


def _content(file: LogFile) -> str:
    """Return what changes whenever a file's content does."""
    return f"{file.etag} {file.bytes}" if file.etag else file.sha256


def _sha256(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8))
        digest.update(data)
    return digest.hexdigest()
