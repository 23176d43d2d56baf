"""The one place that chooses what reads the logs of a run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from comprova.jobs.logs import LogSource
from comprova.jobs.preparation import Prepared
from comprova.jobs.progress import Progress
from comprova.jobs.sources import AthenaSource, FolderSource


@contextmanager
def loaded_logs(
    prepared: Prepared, folder: Path, clock: Callable[[], datetime], progress: Progress
) -> Iterator[LogSource]:
    """Load the logs of a run, unless an earlier run did, and keep them meanwhile.

    Args:
        prepared: The run.
        folder: Of the job and period.
        clock: Gives the aware moment.
        progress: Told of what is loaded.

    Raises:
        ComprovaError: The logs are not where the job says.
        RunStoppedError: They cannot be loaded now.
    """
    match prepared.source:
        case FolderSource() as source:
            from comprova.jobs.folder_logs import folder_logs

            with folder_logs(prepared, source, clock(), progress) as logs:
                yield logs
        case AthenaSource() as source:
            from comprova.jobs.athena_logs import athena_logs

            with athena_logs(prepared, source, folder, clock, progress) as loaded:
                yield loaded
