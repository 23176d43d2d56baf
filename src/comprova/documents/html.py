"""Fills the templates: one body for paper and screen, two frames around it."""

import base64
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, assert_never

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup

from comprova.catalog.query import Limits
from comprova.catalog.text import Language, Text
from comprova.documents.display import Display
from comprova.documents.listing import ListingView
from comprova.documents.localized import Localized, autonym
from comprova.documents.overview import MARK, Overview
from comprova.documents.view import DocumentView
from comprova.documents.wording import Wording
from comprova.evidence import outcomes
from comprova.evidence.changes import Change
from comprova.evidence.findings import Recurrence

_VARIABLE = re.compile(r"(--[a-z0-9-]+)\s*:\s*([^;}]+)")
_VARIABLE_USE = re.compile(r"var\((--[a-z0-9-]+)\)")


class Medium(StrEnum):
    """For what a document is laid out; the value names its frame and its style sheet."""

    PAPER = "paper"
    SCREEN = "screen"


class _Compiled(BytecodeCache):
    """Keeps compiled templates for the next document of this process: compiling takes as long as filling."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._code.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Makes HTML of a document's content in one language."""

    templates: Path
    language: Language
    display: Display
    wording: Wording
    localized: Localized

    def frames(self, view: DocumentView) -> dict[Medium, str]:
        """Return the HTML of a document for every medium."""
        environment = self._environment()
        context = {"view": view, "definition": view.definition, "language": self.language}
        pages = {}
        for medium in Medium:
            own = {**context, "paper": medium is Medium.PAPER}
            body = Markup(environment.get_template("body.html.j2").render(own))  # noqa: S704 - made by an escaping template
            # The project's own style sheet; a content policy names its hash, so nothing else can style the page.
            style = (self.templates / f"{medium.value}.css").read_text(encoding="utf-8")
            if medium is Medium.PAPER:
                style = _without_variables(style)
            pages[medium] = environment.get_template(f"{medium.value}.html.j2").render(
                context,
                body=body,
                style=Markup(style),  # noqa: S704 - ours, see above
                style_hash=_policy_hash(style),
            )
        return pages

    def listing(self, view: ListingView) -> str:
        """Return the HTML of a listing; it is for paper only."""
        style = _without_variables((self.templates / f"{Medium.PAPER.value}.css").read_text(encoding="utf-8"))
        return (
            self._environment()
            .get_template("listing.html.j2")
            .render(view=view, language=self.language, style=Markup(style))  # noqa: S704 - the project's own style sheet
        )

    def overview(self, overview: Overview) -> str:
        """Return the page of an overview; it is for the screen only."""
        style = "".join((self.templates / name).read_text(encoding="utf-8") for name in ("screen.css", "index.css"))
        return (
            self._environment()
            .get_template("index.html.j2")
            .render(
                overview=overview,
                language=self.language,
                style=Markup(style),  # noqa: S704 - the project's own style sheets
                style_hash=_policy_hash(style),
                mark=Markup(MARK),  # noqa: S704 - ours
            )
        )

    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self.templates),
            bytecode_cache=_COMPILED,
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            finalize=self._finalize,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals |= {
            "t": self.wording.messages.text,
            "counted": self._counted,
            "words": self.wording,
            "localized": self.localized,
            "autonym": autonym,
            "number": self.localized.number,
            "text": self._text,
            "Outcome": outcomes.Outcome,
            "Standing": outcomes.Standing,
            "Extent": outcomes.Extent,
            "Assurance": outcomes.Assurance,
            "CellState": outcomes.CellState,
            "Recurrence": Recurrence,
            "Change": Change,
        }
        environment.filters |= {"value": self.display.value}
        return environment

    def _counted(self, key: str, count: int, **arguments: str) -> str:
        return self.wording.messages.counted(key, count, n=self.localized.number(count), **arguments)

    def _text(self, text: Text | Limits) -> str | tuple[str, ...]:
        match text, self.language:
            case Text(), _:
                return text.of(self.language)
            case Limits(), Language.EN:
                return text.en
            case Limits(), Language.PT_BR:
                return text.pt_BR
            case _ as never:
                assert_never(never)

    def _finalize(self, value: Any) -> Any:
        """Send all text that a template prints through the display function, but what already went."""
        if isinstance(value, str) and not isinstance(value, Markup):
            return self.display.text(value)
        return value


def _without_variables(style: str) -> str:
    """Put the values of custom properties in their places: WeasyPrint works them out anew for every element."""
    values = dict(_VARIABLE.findall(style))
    for _ in values:  # a value may name another
        style = _VARIABLE_USE.sub(lambda use: values.get(use[1], use[0]), style)
    return style


def _policy_hash(style: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
