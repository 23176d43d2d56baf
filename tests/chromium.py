"""The Chromium of this machine, and visits to pages that note everything a page could do to its reader."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, sync_playwright

_OPTIONS = (
    "--no-sandbox",  # tests may run as root, in a container
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_NOTE_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error(`${event.violatedDirective} ${event.blockedURI}`));
"""

Width = Literal["desk", "phone", "narrow"]
_SIZES = {"desk": (1440, 900), "phone": (390, 844), "narrow": (320, 640)}
"""In CSS pixels; `narrow` is that of WCAG 1.4.10, a window of 1280 at 400 %."""


def program() -> str | None:
    """Return the path of Chromium; None if there is none."""
    return shutil.which("chromium")


@contextmanager
def started() -> Iterator[Browser]:
    """Start Chromium, with an empty profile that goes with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(_OPTIONS))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that was opened, and what it did meanwhile.

    Attributes:
        page: The page.
        requests: Addresses that it asked for, besides its own file.
        refused: Addresses that it would have asked for, had its policy let it.
        events: Dialogs, errors, messages on the console, violations of its policy, new windows and downloads.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    @classmethod
    def to(cls, context: BrowserContext, file: Path) -> Self:
        """Open a file in a new window."""
        visit = cls(context.new_page())
        page, address = visit.page, file.resolve().as_uri()
        page.on("request", lambda request: visit.requests.append(request.url))
        page.on("requestfailed", visit._failed)
        page.on("console", lambda message: visit.events.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: visit.events.append(f"error: {error}"))
        page.on("popup", lambda window: visit.events.append(f"window: {window.url}"))
        page.on("download", lambda download: visit.events.append(f"download: {download.url}"))

        page.on("dialog", visit._dismiss)
        page.add_init_script(_NOTE_VIOLATIONS)
        page.goto(address)
        assert visit.requests[0] == address
        del visit.requests[0]
        return visit

    def assert_quiet(self) -> None:
        """Fail if the page asked for anything, or did anything that a reader or a console would see."""
        assert (self.requests, self.refused, self.events) == ([], [], [])

    def _failed(self, request: Request) -> None:
        if request.failure == "csp":
            self.requests.remove(request.url)
            self.refused.append(request.url)

    def _dismiss(self, dialog: Dialog) -> None:
        self.events.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def window(
    browser: Browser, width: Width = "desk", scheme: Literal["light", "dark"] = "light", *, script: bool = True
) -> Iterator[BrowserContext]:
    """Give a profile of its own, with a size of window and a preferred colour scheme.

    Args:
        browser: Chromium.
        width: Of its windows.
        scheme: That its reader prefers.
        script: Whether pages may run scripts.
    """
    wide, high = _SIZES[width]
    context = browser.new_context(
        viewport={"width": wide, "height": high}, color_scheme=scheme, java_script_enabled=script
    )
    yield context
    context.close()
