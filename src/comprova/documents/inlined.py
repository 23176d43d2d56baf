"""The style sheet and the script that stand inside a page of the screen, and the policy that permits nothing else."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

_SCRIPT = "screen.js"


@dataclass(frozen=True, slots=True)
class Inlined:
    """What makes a page look and act, whole in its one file.

    Attributes:
        style: The text of its `style` element.
        script: The text of its `script` element; the page says the same without it.
        policy: Its Content-Security-Policy (https://www.w3.org/TR/CSP3/): no request of any kind, no style and no
            script but these two, by their hashes, and no text that becomes markup (https://www.w3.org/TR/trusted-types/).
    """

    style: Markup
    script: Markup
    policy: str


def read_inlined(templates: Path, *sheets: str) -> Inlined:
    """Read style sheets and the script of a templates folder.

    Args:
        templates: The folder.
        sheets: The names of the style sheets; a later one adds to an earlier.
    """
    style = "".join((templates / name).read_text(encoding="utf-8") for name in sheets)
    script = (templates / _SCRIPT).read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; style-src '{_source_hash(style)}'; script-src '{_source_hash(script)}'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return Inlined(Markup(style), Markup(script), policy)  # noqa: S704 - the project's own files, and no value in them


def _source_hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
