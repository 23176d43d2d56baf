"""What a run calls its statements, so that the journal of executions tells which step each was for."""

LOAD, ACTIVITY, DELIVERIES = "load", "activity", "deliveries"
_DEFINE = "define "


def defining(step: str, what: str) -> str:
    """Return the name of a definition that a step needs: it scans nothing."""
    return f"{step}: {_DEFINE}{what}"


def of_step(step: str, what: str) -> str:
    """Return the name of another statement of a step."""
    return f"{step}: {what}"


def step_of(name: str) -> str:
    """Return the step of a statement; a query or measure (`identity.root_activity@1`) is a step of its own."""
    return name.partition(":")[0].partition("@")[0]


def is_definition(name: str) -> bool:
    """Tell whether a statement is a definition."""
    return name.partition(": ")[2].startswith(_DEFINE)
