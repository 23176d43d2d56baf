"""Documents are rendered in processes of their own, two at a time."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from comprova.catalog.text import Language
from comprova.content import builtin_root
from comprova.documents.definition import Format, ReportDefinition, read_report
from comprova.documents.process import Task
from comprova.documents.render import render
from comprova.errors import ContentError, EngineError
from comprova.evidence.reader import open_evidence
from comprova.evidence.review import Review
from comprova.jobs.rendering_processes import AT_A_TIME, rendered
from evidence_factory import FRAMEWORK, make_evidence
from languages import ENGLISH

_WATCHED = """#!{python}
import os, subprocess, sys
from pathlib import Path
folder = Path({folder!r})
mine = folder / f"running-{{os.getpid()}}"
mine.write_text("\\n".join(f"{{name}}={{value}}" for name, value in os.environ.items()))
(folder / f"beside-{{os.getpid()}}").write_text(str(len(list(folder.glob("running-*")))))
done = subprocess.run([{python!r}, *sys.argv[1:]])
mine.rename(folder / f"done-{{os.getpid()}}")
sys.exit(done.returncode)
"""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the synthetic evidence."""
    return make_evidence(tmp_path_factory.mktemp("run") / "evidence").root


@pytest.fixture
def task(evidence: Path) -> Callable[..., Task]:
    """Give what makes tasks for HTML, which takes less time."""
    definition = read_report(
        (builtin_root().folder("reports") / "monthly.toml").read_text(encoding="utf-8"), "monthly.toml"
    )
    assert isinstance(definition, ReportDefinition)
    html = definition.model_copy(update={"formats": (Format.HTML,)})
    templates = builtin_root().folder("templates")

    def make(framework: str = FRAMEWORK, language: Language = ENGLISH, templates: Path = templates) -> Task:
        return Task(evidence, framework, language, html, templates, None, Review())

    return make


def test_each_document_has_a_process_without_credentials(
    task: Callable[..., Task], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three documents take three processes, never more than two at once, and none of them is given a secret."""
    watched = tmp_path / "python"
    watched.write_text(_WATCHED.format(python=sys.executable, folder=str(tmp_path)), encoding="utf-8")
    watched.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(watched))
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "CI_JOB_TOKEN"):
        monkeypatch.setenv(name, "hunter2")
    made = dict(rendered({number: task() for number in range(3)}))
    environments = [path.read_text(encoding="utf-8") for path in tmp_path.glob("done-*")]
    assert sorted(made) == [0, 1, 2]
    assert len(environments) == 3
    assert not [text for text in environments if "hunter2" in text or "AWS_" in text]
    assert max(int(path.read_text(encoding="utf-8")) for path in tmp_path.glob("beside-*")) <= AT_A_TIME == 2


def test_the_files_are_those_of_rendering_here(task: Callable[..., Task], capfd: pytest.CaptureFixture[str]) -> None:
    """A process of its own changes no byte, and ends without a word."""
    one = task()
    ((_, files),) = rendered({FRAMEWORK: one})
    here = render(open_evidence(one.evidence), FRAMEWORK, ENGLISH, one.definition, one.templates, None)
    assert files == {f"2026-10_{FRAMEWORK}_en.html": here.html}
    assert capfd.readouterr() == ("", "")


def test_what_is_wrong_with_content_is_told_here(task: Callable[..., Task]) -> None:
    """An error that a user can mend comes over with all it says."""
    with pytest.raises(ContentError, match=f"expected one that the run assessed: {FRAMEWORK}, found 'pci-dss-4.0.1'"):
        list(rendered({1: task(framework="pci-dss-4.0.1")}))


def test_a_fault_of_ours_is_an_internal_error(task: Callable[..., Task], tmp_path: Path) -> None:
    """What nobody foresaw in the process is not taken for a mistake of the user."""
    (tmp_path / "fonts").symlink_to(task().templates / "fonts")
    (tmp_path / "locale").symlink_to(task().templates / "locale")
    with pytest.raises(RuntimeError, match="TemplateNotFound"):
        list(rendered({1: task(templates=tmp_path)}))


def test_a_process_that_dies_is_told(task: Callable[..., Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends with an error that names the likely cause."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(EngineError, match="Is there enough memory"):
        list(rendered({1: task()}))


def test_the_process_ends_with_the_one_that_started_it(task: Callable[..., Task]) -> None:
    """When the other end of its input is gone, it stops in the middle of its work and says nothing."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "comprova.documents.process"],
        input=pickle.dumps(task()),
        env={"PYTHONPATH": str(Path(sys.modules["comprova"].__file__ or "").parents[1])},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")


def test_the_process_ends_quietly_while_its_input_is_open(task: Callable[..., Task]) -> None:
    """It has done its work, and whoever started it has not let go of it: nothing is said on standard error."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "comprova.documents.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(sys.modules["comprova"].__file__ or "").parents[1])},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(pickle.dumps(task()))
        process.stdin.flush()
        said, complaints = process.stdout.read(), process.stderr.read()
        assert (process.wait(), complaints) == (0, b"")
        assert said.startswith(b"{")
