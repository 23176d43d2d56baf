"""What a PDF is given while it is laid out, and nothing else: its fonts, and the files that are attached to it.

Pages for the screen need none of it, nor WeasyPrint, which takes longer to load than a small page to render.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from weasyprint import Attachment
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from comprova.documents.attachments import AttachedFile, AttachedKind
from comprova.documents.fonts import SCHEME, Fonts

_EVIDENCE = "evidence:"


class FontsOnly(URLFetcher):  # type: ignore[misc]
    """Gives a document its own fonts, and refuses every other address: files, hosts, data.

    Attributes:
        refused: The addresses that were refused; WeasyPrint goes on where an SVG image asked.
    """

    def __init__(self, fonts: Fonts) -> None:
        super().__init__()
        self.refused: list[str] = []
        self._fonts = fonts

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 - WeasyPrint's signature
        """Return the bytes of a font.

        Raises:
            FatalURLFetchingError: The address is not that of a font of the templates; rendering ends.
        """
        face = self._fonts.faces.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if face is None:
            self.refused.append(url)
            message = f"a document may only use its own fonts, and asked for {url!r}"
            raise FatalURLFetchingError(message)
        return URLFetcherResponse(url, face, {"Content-Type": "font/ttf"})


def as_attached(
    root: Path, files: Sequence[AttachedFile], descriptions: Mapping[AttachedKind, str], dated: datetime
) -> list[Attachment]:
    """Return files as WeasyPrint attaches them.

    Args:
        root: The evidence folder.
        files: In the order of their names.
        descriptions: Of each kind.
        dated: What the PDF says of when each was made and changed; evidence says nothing of it.
    """
    moment = dated.astimezone(UTC).replace(tzinfo=None)  # WeasyPrint writes it with a Z whatever it is
    return [
        Attachment(
            url=f"{_EVIDENCE}{file.name}",
            url_fetcher=_OneFile((root / file.name).read_bytes(), file.media_type),
            name=file.short_name,
            description=f"{descriptions[file.kind]}: {file.name}",
            relationship=file.relationship,
            created=moment,
            modified=moment,
        )
        for file in files
    ]


class _OneFile(URLFetcher):  # type: ignore[misc]
    """Gives one file with its media type, which WeasyPrint would else take from what the machine knows of suffixes."""

    def __init__(self, data: bytes, media_type: str) -> None:
        super().__init__()
        self._data = data
        self._media_type = media_type

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 - WeasyPrint's signature
        """Return the bytes of the file."""
        return URLFetcherResponse(url, self._data, {"Content-Type": self._media_type})
