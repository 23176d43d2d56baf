"""Requirements in the parts of their edition, as the matrix and the sections have them."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest

from comprova.catalog.catalog import load_catalog
from comprova.catalog.framework import Group as Part
from comprova.catalog.text import Language, Text
from comprova.content import builtin_root
from comprova.documents.render import Rendered
from comprova.documents.view import DocumentView
from languages import ENGLISH, PORTUGUESE


def test_every_edition_names_its_parts_in_order() -> None:
    """No matrix of ours stands under bare numbers, and no part is torn in two."""
    for key, framework in load_catalog([builtin_root()]).frameworks.items():
        order = [next(part for part in framework.group if one.parent in part.parents) for one in framework.requirement]
        met = [part.title.en for part in dict.fromkeys(order)]
        assert met == [part.title.en for part in framework.group], key
        assert sum(one != following for one, following in pairwise(order)) == len(framework.group) - 1, key


def test_parts_hold_what_their_headings_held(view: DocumentView) -> None:
    """With parts, a document has one heading per part; requirements without queries are in the matrix alone."""
    parts = (
        Part(title=Text(en="All of it", pt_BR="Tudo"), parents=("Part A",)),
        Part(title=Text(en="The rest", pt_BR="O resto"), parents=("Part B",)),
    )
    parted = replace(view, framework=view.framework.model_copy(update={"group": parts}))
    assert [(one.anchor, one.title and one.title.en, one.heading) for one in parted.matrix] == [
        ("g-1", "All of it", ""),
        ("g-2", "The rest", ""),
    ]
    assert [one.anchor for one in parted.with_queries] == ["g-1"]
    assert sum(len(one.members) for one in parted.matrix) == len(view.requirements)
    assert [(one.title, one.heading) for one in view.matrix] == [(None, "Part A"), (None, "Part B")]


@pytest.mark.parametrize(
    ("language", "roles"),
    [(ENGLISH, ("Preparer", "Reviewer")), (PORTUGUESE, ("Preparado por", "Revisado por"))],
)
def test_there_is_room_to_sign(
    rendered: Mapping[Language, Rendered], language: Language, roles: tuple[str, str]
) -> None:
    """Who prepared and who reviewed have a place for name, position, date and signature, beside what they sign for."""
    page = (rendered[language].html or b"").decode()
    part = page[page.index('id="sign-off"') :]
    part = part[: part.index("</section>")]
    assert all(f"<caption>{role}</caption>" in part for role in roles)
    assert part.count('<th scope="row">') == 8
    assert f"2026-10_acts-2026_{language}-" in part
