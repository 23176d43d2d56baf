"""A session over a service that answers as each test says, and time that passes only where someone waits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.loaders import create_loader

from comprova.engines.athena.journal import FileJournal
from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.engines.athena.session import AthenaSession
from unit.engines.athena.athena_service import AthenaService, serving

PLACE = AthenaPlace(
    region="sa-east-1",
    workgroup="comprova",
    store=S3Place("acme-store", "comprova"),
    store_owner="111122223333",
    deadline=timedelta(minutes=30),
)


@dataclass
class Time:
    """Time for one session; waiting makes it pass at once."""

    moment: datetime = datetime(2026, 11, 3, 6, 0, tzinfo=UTC)
    waited: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        with self.lock:
            self.moment += timedelta(seconds=seconds)
            self.waited += seconds


OpenSession = Callable[..., AthenaSession]


_models = create_loader()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AthenaService]:
    """Return the service; boto3 finds it by the environment, and reads AWS's models once for all tests."""
    monkeypatch.setattr("botocore.session.create_loader", lambda _path: _models)
    service = AthenaService()
    with serving(service) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        yield service


@pytest.fixture
def time() -> Time:
    """Return the session's time."""
    return Time()


@pytest.fixture
def journal_file(tmp_path: Path) -> Path:
    """Return where the run keeps its journal."""
    return tmp_path / "executions.jsonl"


@pytest.fixture
def open_session(service: AthenaService, time: Time, journal_file: Path) -> Iterator[OpenSession]:
    """Return what opens a session of the run, each one as after a restart; they are closed after the test."""
    del service
    with ExitStack() as sessions:

        def opened(place: AthenaPlace = PLACE, scope: str = "run 1") -> AthenaSession:
            session = AthenaSession(place, FileJournal(journal_file), scope=scope, clock=time.now, sleep=time.sleep)
            return sessions.enter_context(session)

        yield opened


@pytest.fixture
def session(open_session: OpenSession) -> AthenaSession:
    """Return a session of the run."""
    return open_session()
