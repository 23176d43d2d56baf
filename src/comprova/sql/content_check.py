"""Everything that `queries check` refuses beyond what reading the files already told."""

from collections.abc import Sequence

from comprova.catalog.aws_names import read_aws_names
from comprova.catalog.catalog import Catalog
from comprova.catalog.lock import lock_problems
from comprova.content import ContentRoot
from comprova.errors import Problem
from comprova.sql.compile import check_query
from comprova.sql.name_lint import name_problems


def content_problems(catalog: Catalog, roots: Sequence[ContentRoot]) -> list[Problem]:
    """Check every query's SQL, its AWS names, its case file, and the lock; return every problem, sorted."""
    problems: list[Problem] = []
    for query in catalog.queries.values():
        problems += check_query(query, catalog.parameters)
    problems += lock_problems(catalog.lock, catalog.lockable)
    for root in roots:
        problems += _without_case(catalog, root)
    return sorted(set(problems))


def _without_case(catalog: Catalog, root: ContentRoot) -> list[Problem]:
    """Tell queries without a case file; the installed package carries no tests, so it is not asked for any."""
    cases = root.path / "tests" / "cases"
    if root.builtin and not cases.is_dir():
        return []
    problems = []
    for query in catalog.current:
        if query.builtin is root.builtin:
            case = cases / query.pack.rpartition(".")[2] / f"{query.id.rpartition('.')[2]}.toml"
            if not case.is_file():
                problems.append(Problem(query.path, f"a case file tests/cases/{case.parent.name}/{case.name}", "none"))
    return problems
