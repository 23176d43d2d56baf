"""The shipped content says of every column and parameter that can name somebody that it is personal."""

from comprova.catalog.catalog import load_catalog
from comprova.catalog.column_types import ColumnType
from comprova.content import builtin_root
from comprova.sql.disclosure import disclosing_columns
from comprova.sql.schema import ACTIVITY

CATALOG = load_catalog([builtin_root()])
VIEW = CATALOG.views["activity"].block


def test_every_column_that_names_somebody_is_marked() -> None:
    """No query returns a personal column of activity, or a member that names a person, without the mark."""
    problems = [
        str(problem) for query in CATALOG.current for problem in disclosing_columns(query, VIEW, CATALOG.secrets)
    ]
    assert problems == []


def test_columns_of_the_same_name_are_marked_alike() -> None:
    """What is personal in one query is so in every other."""
    marks: dict[str, set[bool]] = {}
    for query in CATALOG.current:
        for column in query.block.column:
            if column.type in {ColumnType.VARCHAR, ColumnType.VARCHAR_ARRAY}:
                marks.setdefault(column.name, set()).add(column.personal)
    # Things in one query, people in another; or taken from the actor's ARN in one, and from what names no person else.
    by_meaning = {"detail", "target", "identity_provider", "role_arn"}
    assert sorted(name for name, said in marks.items() if len(said) > 1 and name not in by_meaning) == []


def test_the_personal_columns_are_columns_of_activity() -> None:
    """The view names no column that it does not have."""
    assert set(VIEW.personal) <= set(ACTIVITY)


def test_parameters_that_take_the_place_of_people_are_marked() -> None:
    """A parameter whose example names a user or an e-mail address, or which names actors, is masked with them."""
    naming = ("principal", "reader", "role", "case_address", "subject")  # nat_addresses are those of machines
    unmarked = [
        name
        for name, parameter in CATALOG.parameters.items()
        if parameter.given is None
        and not parameter.personal
        and (
            any(word in name for word in naming) or "@" in str(parameter.example) or ":user/" in str(parameter.example)
        )
    ]
    assert unmarked == []
