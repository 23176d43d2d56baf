"""Fills the templates: one body for paper and screen, two frames around it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup

from comprova.catalog.query import Limits, Severity
from comprova.catalog.text import Language, Text
from comprova.documents.display import Display
from comprova.documents.inlined import read_inlined
from comprova.documents.listing import ListingView
from comprova.documents.localized import Localized, autonym
from comprova.documents.overview import MARK, Overview
from comprova.documents.view import DocumentView
from comprova.documents.wording import Wording
from comprova.evidence import outcomes
from comprova.evidence.changes import Change
from comprova.evidence.findings import Recurrence

_RANKS = {
    member.value: rank
    for members in ((*outcomes.WORST_FIRST, *outcomes.Standing), Severity)
    for rank, member in enumerate(members)
}
"""By which the screen sorts what is no figure: the worst outcome and the highest severity come first."""
_VARIABLE = re.compile(r"(--[a-z0-9-]+)\s*:\s*([^;}]+)")
_VARIABLE_USE = re.compile(r"var\((--[a-z0-9-]+)\)")


class Medium(StrEnum):
    """For what a document is laid out; the value names its frame."""

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

    def page(self, view: DocumentView, medium: Medium) -> str:
        """Return the HTML of a document for a medium."""
        environment = self._environment()
        context = {"view": view, "definition": view.definition, "language": self.language}
        body = Markup(  # noqa: S704 - made by an escaping template
            environment.get_template("body.html.j2").render(context, paper=medium is Medium.PAPER)
        )
        frame = environment.get_template(f"{medium.value}.html.j2")
        looks = (
            {"style": self._paper_style()}
            if medium is Medium.PAPER
            else {"inlined": read_inlined(self.templates, "screen.css")}
        )
        return frame.render(context, body=body, **looks)

    def listing(self, view: ListingView) -> str:
        """Return the HTML of a listing; it is for paper only."""
        template = self._environment().get_template("listing.html.j2")
        return template.render(view=view, language=self.language, style=self._paper_style())

    def overview(self, overview: Overview) -> str:
        """Return the page of an overview; it is for the screen only."""
        inlined = read_inlined(self.templates, "screen.css", "index.css")
        mark = Markup(MARK)  # noqa: S704 - ours
        template = self._environment().get_template("index.html.j2")
        return template.render(overview=overview, language=self.language, inlined=inlined, mark=mark)

    def _paper_style(self) -> Markup:
        style = (self.templates / "paper.css").read_text(encoding="utf-8")
        return Markup(_without_variables(style))  # noqa: S704 - the project's own style sheet

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
            "ranks": _RANKS,
        }
        environment.filters |= {"value": self.display.value}
        return environment

    def _counted(self, key: str, count: int, **arguments: str) -> str:
        return self.wording.messages.counted(key, count, n=self.localized.number(count), **arguments)

    def _text(self, text: Text | Limits) -> str | tuple[str, ...]:
        return text.of(self.language)

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
