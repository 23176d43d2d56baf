"""The fonts of the documents, and what they can draw."""

from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from comprova.errors import ContentError, Problem

SCHEME = "font:"
"""How the style sheet names a font: `font:NotoSerif-Light` is the file of that name in `templates/fonts/`."""

LAST_RESORT = "NotoSansMono-SemiCondensed"
"""The face that ends every font stack of the style sheet, so that what it has can be drawn in every place."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """The faces of one templates folder, as bytes.

    Attributes:
        faces: TrueType data by file name without suffix.
        drawable: Code points that can be drawn anywhere in a document.
    """

    faces: dict[str, bytes]
    drawable: frozenset[int]


def read_fonts(templates: Path) -> Fonts:
    """Read the fonts of a templates folder.

    Raises:
        ContentError: The face that every stack ends in is missing.
    """
    faces = {path.stem: path.read_bytes() for path in sorted((templates / "fonts").glob("*.ttf"))}
    if LAST_RESORT not in faces:
        raise ContentError(
            Problem("templates/fonts", f"{LAST_RESORT}.ttf", ", ".join(faces) or "no font", "Reinstall comprova.")
        )
    with TTFont(templates / "fonts" / f"{LAST_RESORT}.ttf", lazy=True) as font:
        return Fonts(faces, frozenset(font["cmap"].getBestCmap()))
