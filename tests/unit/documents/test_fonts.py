"""The fonts, and the fetcher that gives nothing else."""

import re
from pathlib import Path

import pytest
from weasyprint.urls import FatalURLFetchingError

from comprova.documents.fetching import FontsOnly
from comprova.documents.fonts import LAST_RESORT, SCHEME, Fonts, read_fonts
from comprova.errors import ContentError


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
        "https://example.org/x.css",
        "data:text/css,*{}",
        "ftp://example.org/x",
        "font:",
        "font:../../paper.css",
        "font:NotoSerif-Light.ttf",
        "FONT:NotoSerif-Light",
        "NotoSerif-Light",
        "//example.org/x",
    ],
)
def test_everything_but_the_own_fonts_is_refused(fonts: Fonts, url: str) -> None:
    """A document can reach no file, no host and no data."""
    with pytest.raises(FatalURLFetchingError, match="only use its own fonts"):
        FontsOnly(fonts).fetch(url)


def test_the_style_sheet_names_every_font_and_no_other(templates: Path, fonts: Fonts) -> None:
    """Every face of the style sheet is shipped, every shipped face is used, and every stack ends in the last resort."""
    style = (templates / "paper.css").read_text(encoding="utf-8")
    assert set(re.findall(r"url\((font:[^)]*)\)", style)) == {f"{SCHEME}{name}" for name in fonts.faces}
    assert style.count("url(") == len(fonts.faces)
    stacks = re.findall(r"--(?:sans|serif|mono): ([^;}]+)", style)
    assert len(stacks) == 3
    assert all(stack.strip().endswith('"Comprova Mono"') for stack in stacks)
    assert f'"Comprova Mono"; font-weight: 400; src: url({SCHEME}{LAST_RESORT})' in style


def test_fonts_have_their_licence_and_a_bounded_size(templates: Path, fonts: Fonts) -> None:
    """The licence is shipped beside them, and the wheel stays small."""
    assert "SIL OPEN FONT LICENSE Version 1.1" in (templates / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert sum(map(len, fonts.faces.values())) < 3_000_000
    assert all(face.startswith(b"\x00\x01\x00\x00") for face in fonts.faces.values()), "WOFF2 costs a second a document"


def test_templates_without_fonts_are_refused(tmp_path: Path) -> None:
    """The last resort must be there, because it says what can be drawn."""
    with pytest.raises(ContentError, match=LAST_RESORT):
        read_fonts(tmp_path)
