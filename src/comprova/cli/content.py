"""Where the command line looks for content: comprova's own, and the project in the current folder."""

from pathlib import Path

from comprova.content import ContentRoot, builtin_root, project_root


def roots() -> tuple[ContentRoot, ...]:
    """Return the built-in root and, if the current folder is a project, that project's."""
    project = project_root(Path.cwd())
    return (builtin_root(), project) if project else (builtin_root(),)
