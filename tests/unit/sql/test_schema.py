"""What queries are checked against is what the two views give."""

import pytest

from comprova.catalog.query import View, read_view
from comprova.content import builtin_root
from comprova.errors import Problem
from comprova.sql.check import GIVEN, check_tree
from comprova.sql.parse import Source, parse_as_written
from comprova.sql.schema import OF_QUERIES, OF_VIEWS


@pytest.mark.parametrize("name", OF_QUERIES)
def test_the_views_have_the_columns_that_queries_are_checked_against(name: str) -> None:
    """Names, order and types of a view's columns are those that `schema.py` states."""
    path = builtin_root().folder("queries") / f"{name}.sql"
    view = read_view(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(view, View)
    source = Source(view.sql, view.path, view.sql_line)
    tree = parse_as_written(source)
    assert not isinstance(tree, Problem)
    checked = check_tree(tree, source, OF_VIEWS, GIVEN)
    assert checked.problems == ()
    assert {name: str(type_) for name, type_ in checked.columns.items()} == {
        name: str(type_) for name, type_ in OF_QUERIES[name].items()
    }
    assert list(checked.columns) == list(OF_QUERIES[name])
