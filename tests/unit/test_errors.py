"""One error says everything that is wrong, and how the process ends."""

import pytest

from comprova.errors import (
    BusyError,
    ComprovaError,
    ContentError,
    EngineError,
    ExitCode,
    Problem,
    VerificationError,
)


def test_a_problem_says_where_what_was_expected_and_found_and_what_to_do() -> None:
    """The hint stands only where there is one."""
    assert str(Problem("a.toml:3", "a number", "'x'")) == "a.toml:3: expected a number, found 'x'"
    assert str(Problem("a.toml:3", "a number", "'x'", "Mend it.")).endswith("found 'x'. Mend it.")


def test_an_error_holds_every_problem_in_order() -> None:
    """One problem or many, from a list or a generator."""
    one, other = Problem("b", "x", "y"), Problem("a", "x", "y")
    assert ComprovaError(one).problems == (one,)
    assert ComprovaError(item for item in (one, other)).problems == (one, other)
    assert str(ComprovaError([one, other])) == f"{one}\n{other}"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ComprovaError, 2),
        (ContentError, 2),
        (EngineError, 11),
        (VerificationError, 12),
        (BusyError, 13),
    ],
)
def test_exit_codes_of_errors(error: type[ComprovaError], code: int) -> None:
    """The codes are promised to whoever starts the process."""
    assert error(Problem("a", "b", "c")).exit_code == code


def test_exit_codes_are_promised() -> None:
    """The README prints this table; a scheduler relies on it."""
    assert {code.name: code.value for code in ExitCode} == {
        "COMPLETE": 0,
        "INTERNAL": 1,
        "USAGE": 2,
        "EXCEPTIONS": 10,
        "INCOMPLETE": 11,
        "VERIFICATION": 12,
        "BUSY": 13,
    }
