"""Everything that `queries check` refuses beyond what reading the files already told."""

from collections.abc import Sequence
from datetime import UTC, datetime

from comprova.catalog.api_models import ApiModels
from comprova.catalog.aws_names import read_aws_names
from comprova.catalog.catalog import Catalog
from comprova.catalog.known_names import KnownNames
from comprova.catalog.lock import lock_problems
from comprova.catalog.query import View
from comprova.content import ContentRoot
from comprova.errors import ContentError, Problem
from comprova.sql.compile import check_query, compile_view
from comprova.sql.disclosure import disclosing_columns
from comprova.sql.name_lint import name_problems


def content_problems(catalog: Catalog, roots: Sequence[ContentRoot]) -> list[Problem]:
    """Check every query's SQL, its AWS names, its case file, and the lock; return every problem, sorted."""
    problems: list[Problem] = []
    activity = catalog.views["activity"].block
    names = KnownNames(ApiModels(), read_aws_names(roots))
    for view in catalog.views.values():
        problems += [*_view_problems(view), *name_problems(view, names)]
    for query in catalog.queries.values():
        problems += [*check_query(query, catalog.parameters), *name_problems(query, names)]
        problems += disclosing_columns(query, activity, catalog.secrets)
    problems += lock_problems(catalog.lock, catalog.lockable)
    problems += lock_problems(catalog.project_lock, catalog.project_lockable, drafts=True)
    for root in roots:
        problems += _without_case(catalog, root)
    return sorted(set(problems))


def _view_problems(view: View) -> tuple[Problem, ...]:
    """Tell what compiling a view for a run would refuse."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        compile_view(view, dict.fromkeys(("history_start", "period_start", "period_end"), moment))
    except ContentError as error:
        return error.problems
    return ()


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
