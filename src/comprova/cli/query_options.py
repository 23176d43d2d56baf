"""Options and arguments that commands on queries share."""

from typing import Annotated

import typer

from comprova.catalog.text import Language
from comprova.cli.run import language_of

In = Annotated[
    Language, typer.Option("--language", parser=language_of, metavar="LANGUAGE", help="Of titles and questions.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
QueryName = Annotated[str, typer.Argument(metavar="QUERY", help="pack.name, or pack.name@1.")]
