"""What the command line says of a fault."""

import signal

import pytest

from comprova.cli import app
from comprova.errors import ComprovaError, EngineError, ExitCode, Problem

SAID = 'a cell: {"userName":"ana","password":"hunter2"}'


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EngineError(Problem("identity.root_use@1", "an answer", SAID)), ExitCode.INCOMPLETE),
        (ComprovaError(Problem("a.json.gz", "a record", SAID)), ExitCode.USAGE),
        (RuntimeError(SAID), ExitCode.INTERNAL),
    ],
)
def test_no_secret_reaches_the_terminal(
    error: Exception, code: ExitCode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A message that quotes what was logged shows all of it but the secret."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(app, "app", fail)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.delenv("COMPROVA_DEBUG", raising=False)
    with pytest.raises(SystemExit) as exited:
        app.main()
    said = capsys.readouterr()
    assert exited.value.code == code
    assert '{"userName":"ana","password":"[masked]"}' in said.err
    assert "hunter2" not in said.err + said.out
