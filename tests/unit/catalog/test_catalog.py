"""All content is read at once, and everything wrong with it is told at once, at its line."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.lock import appended, missing_entries
from comprova.catalog.query import QueryRef
from comprova.errors import ContentError, Problem
from content_builder import (
    ACTIVITY,
    BUILTIN,
    FRAMEWORK,
    KEY_AGE,
    PACK,
    PARAMETERS,
    POLICY,
    PROJECT,
    PROJECT_PACK,
    ROOT_USE,
    VISITS,
    changed,
    framework_file,
    line,
    mapped,
    pack_file,
    parameter,
    query_file,
    requirement,
    view_file,
    without,
    write_root,
)

DAY = date(2026, 11, 22)
SUPERSEDED = "queries/identity/superseded/root_use.v1.sql"


def load(path: Path, builtin: Mapping[str, str] = BUILTIN, project: Mapping[str, str] | None = None) -> Catalog:
    """Read the built-in content, and a project's after it."""
    roots = [write_root(path / "builtin", builtin)]
    if project is not None:
        roots.append(write_root(path / "project", project, builtin=False))
    return load_catalog(roots)


def faults(path: Path, builtin: Mapping[str, str] = BUILTIN, project: Mapping[str, str] | None = None) -> list[Problem]:
    """Return everything wrong with the content."""
    with pytest.raises(ContentError) as raised:
        load(path, builtin, project)
    return list(raised.value.problems)


def replaced(files: Mapping[str, str]) -> dict[str, str]:
    """Return the content with a second version of a query, and its first kept as superseded."""
    moved = {name: text.replace("identity.root_use@1", "identity.root_use@2") for name, text in files.items()}
    return {**moved, SUPERSEDED: files[ROOT_USE], ROOT_USE: query_file("identity.root_use", 2)}


def test_content_without_fault_is_read_whole(tmp_path: Path) -> None:
    """Packs keep their order, and what belongs to nobody but comprova is told apart from the project's."""
    catalog = load(tmp_path, project=PROJECT)
    assert [str(query.ref) for query in catalog.current] == [
        "acme.visits.visits@1",
        "identity.root_use@1",
        "identity.key_age@1",
    ]
    assert sorted(catalog.frameworks) == ["acme.policy-1", "acts-2026"]
    assert [str(item.ref) for item in catalog.lockable] == [
        "activity@1",
        "deliveries@1",
        "identity.key_age@1",
        "identity.root_use@1",
    ]


def test_queries_are_found_by_id_and_by_version(tmp_path: Path) -> None:
    """An id is the version that the pack names; a superseded one must be asked for."""
    catalog = load(tmp_path, replaced(BUILTIN))
    assert catalog.query("identity.root_use").ref.version == 2
    assert catalog.query("identity.root_use@1").path == SUPERSEDED
    with pytest.raises(ContentError, match="comprova queries list"):
        catalog.query("identity.root_use@3")


def test_an_edition_is_found_by_key_and_the_newest_by_id(tmp_path: Path) -> None:
    """An old edition stays beside the new one."""
    later = BUILTIN[FRAMEWORK].replace('"2026"', '"2027"').replace("2010-01-01", '2027-01-01\nsupersedes = "2026"')
    catalog = load(tmp_path, {**BUILTIN, "queries/frameworks/acts-2027.toml": later})
    assert (catalog.edition("acts").edition, catalog.edition("acts-2026").edition) == ("2027", "2026")
    with pytest.raises(ContentError, match="one of acts-2026, acts-2027"):
        catalog.edition("acts-2025")


def test_editions_that_nobody_ends_are_told_at_their_line(tmp_path: Path) -> None:
    """Two editions in force on one day would leave it open which one a report uses."""
    file, later = "queries/frameworks/acts-2027.toml", BUILTIN[FRAMEWORK].replace('"2026"', '"2027"')
    later = later.replace("2010-01-01", "2027-01-01")
    [problem] = faults(tmp_path, {**BUILTIN, file: later})
    assert problem.where == f"{file}:{line(later, 'effective_from')}"
    assert problem.expected == "one edition of acts in force on a day"
    assert problem.found == "acts@2026 from 2010-01-01; acts@2027 from 2027-01-01"
    assert 'supersedes = "2026"' in problem.hint


def test_every_fault_of_every_file_is_told_at_its_line(tmp_path: Path) -> None:
    """One run over the content shows all there is to mend."""
    files = changed(BUILTIN, ROOT_USE, 'kind = "exception"', 'kind = "list"')
    files = changed(files, KEY_AGE, 'grain = ["event_id"]', 'grain = ["id"]')
    files = changed(files, PACK, "date = 2026-10-01", "date = 1")
    files = changed(files, FRAMEWORK, 'bearing = "proves"', 'bearing = "proof"')
    files = changed(files, PARAMETERS, "default = 90", "default = 90\nrequired = true")
    files = changed(files, ACTIVITY, 'reads = ["records"]', 'reads = ["tables"]')
    files["queries/deliveries.sql"] = "SELECT 1"
    found = faults(tmp_path, files)
    assert [item.where for item in found] == sorted(
        (
            f"{ACTIVITY}:{line(files[ACTIVITY], 'reads')}",
            "queries/deliveries.sql:1",
            f"{FRAMEWORK}:{line(files[FRAMEWORK], 'evidence')}",
            f"{KEY_AGE}:{line(files[KEY_AGE], 'grain')}",
            f"{PACK}:{line(files[PACK], 'date = 1')}",
            f"{ROOT_USE}:{line(files[ROOT_USE], 'kind')}",
            f"{PARAMETERS}:1",
        )
    )


def test_a_fault_is_not_told_again_where_its_file_is_named(tmp_path: Path) -> None:
    """A query whose block has a fault exists: the pack and the frameworks that name it are right."""
    found = faults(tmp_path, changed(BUILTIN, ROOT_USE, "version = 1", "version = 0"))
    assert [item.where for item in found] == [f"{ROOT_USE}:3"]
    found = faults(tmp_path, changed(BUILTIN, PACK, "date = 2026-10-01", "date = 1"))
    assert [item.where for item in found] == [f"{PACK}:{line(BUILTIN[PACK], 'date')}"]
    found = faults(tmp_path, changed(BUILTIN, PARAMETERS, "default = 90", "default = 9.5"))
    assert [item.where for item in found] == [f"{PARAMETERS}:3"]


def test_text_that_is_not_utf_8_is_a_problem_like_any_other(tmp_path: Path) -> None:
    """A file in another encoding is named, and the rest is read."""
    root = write_root(tmp_path / "builtin", BUILTIN)
    (root.path / ROOT_USE).write_bytes(BUILTIN[ROOT_USE].replace("Text", "Acesso é").encode("latin-1"))
    with pytest.raises(ContentError) as raised:
        load_catalog([root])
    assert [(item.where, item.expected) for item in raised.value.problems] == [(ROOT_USE, "a readable UTF-8 file")]


@pytest.mark.parametrize("name", [ACTIVITY, "queries/deliveries.sql"])
def test_a_view_that_is_missing_is_told(tmp_path: Path, name: str) -> None:
    """Comprova's own content has both views."""
    assert [item.where for item in faults(tmp_path, without(BUILTIN, name))] == [name]


def test_a_view_stands_in_the_file_of_its_name(tmp_path: Path) -> None:
    """A view in the other's file would be read in its place."""
    found = faults(tmp_path, {**BUILTIN, ACTIVITY: view_file("deliveries")})
    assert found == [Problem(f"{ACTIVITY}:2", "id = 'activity', as the file is named", "'deliveries'")]


def test_names_of_files_and_ids_agree(tmp_path: Path) -> None:
    """A query, pack and framework lie where their ids say."""
    files = {
        **without(BUILTIN, ROOT_USE, FRAMEWORK, PACK),
        "queries/identity/other.sql": BUILTIN[ROOT_USE],
        "queries/frameworks/laws.toml": BUILTIN[FRAMEWORK],
        PACK: BUILTIN[PACK].replace('id = "identity"', 'id = "people"'),
    }
    expected = {(item.where, item.found) for item in faults(tmp_path, files)}
    assert expected >= {
        ("queries/identity/other.sql:2", "'other.sql'"),
        ("queries/identity/other.sql:2", "'identity.root_use'"),
        ("queries/frameworks/laws.toml:1", "'laws.toml'"),
        (f"{PACK}:1", "'people'"),
    }


def test_references_that_lead_nowhere(tmp_path: Path) -> None:
    """Packs, mappings, parameters and conditions name what exists; each is told at the line that names it."""
    files = changed(BUILTIN, PACK, "identity.key_age@1", "identity.key_age@2")
    files = changed(files, FRAMEWORK, "identity.root_use@1", "identity.root_uses@1")
    files = changed(files, FRAMEWORK, "evidence = [", 'evaluable_if = ["parameter:approves"]\nevidence = [')
    files = changed(files, KEY_AGE, '"max_age_days", "approved"', '"max_age_days", "approves"')
    pack, framework = files[PACK], files[FRAMEWORK]
    assert faults(tmp_path, files) == sorted(
        (
            Problem(
                f"{PACK}:{line(pack, 'key_age@2')}",
                "a query that exists",
                "identity.key_age@2",
                "There is identity.key_age@1.",
            ),
            Problem(
                f"{FRAMEWORK}:{line(framework, 'root_uses')}: requirement 1",
                "a query that exists",
                "identity.root_uses@1",
                "Was identity.root_use meant?",
            ),
            Problem(
                f"{FRAMEWORK}:{line(framework, 'key_age@1')}: requirement 2",
                "the version that the query's pack names",
                "identity.key_age@1",
                "There is identity.key_age@1.",
            ),
            Problem(
                f"{FRAMEWORK}:{line(framework, 'approves')}: requirement 1",
                "a parameter of queries/parameters.toml",
                "'approves'",
            ),
            Problem(f"{KEY_AGE}:3", f"identity.key_age@1 in the `queries` of {PACK}", "no such entry"),
            Problem(
                f"{KEY_AGE}:{line(files[KEY_AGE], 'approves')}", "a parameter of queries/parameters.toml", "'approves'"
            ),
        )
    )


@pytest.mark.parametrize(
    ("days", "expected", "found"),
    [
        ("approved", "`lookback_days` to name a parameter of type bigint", "'approved', which is array(varchar)"),
        ("time_zone", "`lookback_days` to name one of the query's `parameters`", "'time_zone'"),
    ],
)
def test_a_look_back_is_a_number_of_days(tmp_path: Path, days: str, expected: str, found: str) -> None:
    """A look-back names one of the query's own parameters, and a whole number."""
    files = changed(BUILTIN, KEY_AGE, 'lookback_days = "max_age_days"', f'lookback_days = "{days}"')
    assert faults(tmp_path, files) == [Problem(f"{KEY_AGE}:{line(files[KEY_AGE], 'lookback')}", expected, found)]


def test_a_query_that_no_pack_names_is_told(tmp_path: Path) -> None:
    """A file that lies in a pack's folder and is asked by nobody is a mistake."""
    extra = "queries/identity/extra.sql"
    found = faults(tmp_path, {**BUILTIN, extra: query_file("identity.extra")})
    assert found == [Problem(f"{extra}:3", f"identity.extra@1 in the `queries` of {PACK}", "no such entry")]


def test_a_pack_has_only_its_own_queries(tmp_path: Path) -> None:
    """A pack cannot name a query of another one."""
    other = {"queries/other/pack.toml": pack_file("other", ("identity.root_use@1",))}
    found = faults(tmp_path, {**BUILTIN, **other})
    assert found == [Problem("queries/other/pack.toml:6", "queries of the pack other only", "identity.root_use@1")]


def test_superseded_versions_are_kept_and_not_asked(tmp_path: Path) -> None:
    """A released version that was replaced stays readable beside the new one."""
    catalog = load(tmp_path, replaced(BUILTIN))
    assert QueryRef("identity.root_use", 1) in catalog.queries
    assert [str(query.ref) for query in catalog.current] == ["identity.root_use@2", "identity.key_age@1"]


def test_superseded_versions_are_older_than_the_current_one(tmp_path: Path) -> None:
    """A pack that names a superseded version, or an older one, would take a text back that was replaced."""
    back = {**replaced(BUILTIN), PACK: BUILTIN[PACK], FRAMEWORK: BUILTIN[FRAMEWORK]}
    expected = "a pack that names a newer version than one in superseded/"
    assert Problem(f"{SUPERSEDED}:3", expected, "identity.root_use@1") in faults(tmp_path / "a", back)
    newer = "queries/identity/superseded/key_age.v9.sql"
    found = faults(tmp_path / "b", {**BUILTIN, newer: query_file("identity.key_age", 9)})
    assert found == [Problem(f"{newer}:3", expected, "identity.key_age@1")]


def test_a_superseded_file_is_named_by_its_version(tmp_path: Path) -> None:
    """Two replaced versions lie side by side."""
    files = replaced(BUILTIN)
    wrong = "queries/identity/superseded/root_use.sql"
    found = faults(tmp_path, {**without(files, SUPERSEDED), wrong: files[SUPERSEDED]})
    expected = "the file to be named root_use.v1.sql, as its id and version"
    assert found == [Problem(f"{wrong}:2", expected, "'root_use.sql'")]


def test_a_projects_edition_may_stay_with_a_replaced_version(tmp_path: Path) -> None:
    """What it agreed on with its auditor is still there after comprova's own pack has moved on."""
    stays = changed(PROJECT, POLICY, "acme.visits.visits@1", "identity.root_use@1")
    catalog = load(tmp_path / "a", replaced(BUILTIN), stays)
    ref = catalog.frameworks["acme.policy-1"].requirement[0].evidence[0].ref
    asking = catalog.asking([ref])
    assert (catalog.query(ref.id).ref.version, asking.query(ref.id).ref) == (2, ref)
    assert [query.ref.version for query in asking.current if query.id == ref.id] == [1]
    with pytest.raises(ContentError, match=r"identity\.root_use@1 and identity\.root_use@2"):
        catalog.asking([ref, catalog.query(ref.id).ref])


def test_a_framework_names_current_versions(tmp_path: Path) -> None:
    """A mapping of comprova's own to a replaced version is told with the versions there are."""
    files = {**replaced(BUILTIN), FRAMEWORK: BUILTIN[FRAMEWORK]}
    [problem] = faults(tmp_path, files)
    assert problem.expected == "the version that the query's pack names"
    assert problem.hint == "There is identity.root_use@1, identity.root_use@2."


def test_a_project_has_ids_of_its_own(tmp_path: Path) -> None:
    """A project's pack and framework need a prefix."""
    project = {
        PROJECT_PACK: pack_file("visits", ("visits.visits@1",)),
        VISITS: query_file("visits.visits", kind="population"),
        "queries/frameworks/policy-1.toml": framework_file("policy", "1", requirement("1", mapped("visits.visits@1"))),
    }
    assert faults(tmp_path, project=project) == [
        Problem("queries/frameworks/policy-1.toml:1", "an id with your own prefix, such as acme.policy", "'policy'"),
        Problem(f"{PROJECT_PACK}:1", "an id with your own prefix, such as acme.visits", "'visits'"),
    ]


def test_comprovas_own_ids_have_no_prefix(tmp_path: Path) -> None:
    """So that none of them can be a project's."""
    found = faults(tmp_path, {**BUILTIN, **PROJECT})
    assert {item.where for item in found} == {f"{PROJECT_PACK}:1", f"{POLICY}:1"}


def test_a_project_never_shadows(tmp_path: Path) -> None:
    """A project that takes a built-in name for a parameter, query, pack or framework is refused."""
    project = {
        PARAMETERS: parameter("max_age_days", "bigint", "9000", "default = 9000"),
        PACK: BUILTIN[PACK],
        ROOT_USE: BUILTIN[ROOT_USE],
        FRAMEWORK: BUILTIN[FRAMEWORK],
    }
    found = {
        item.found for item in faults(tmp_path, project=project) if item.expected == "a name that nothing else has"
    }
    assert found == {"'max_age_days'", "'identity'", "'identity.root_use@1'", "'acts-2026'"}


def test_a_project_may_add_versions_to_none_but_its_own(tmp_path: Path) -> None:
    """A higher version of a built-in query in a project's pack is refused: it is not of that pack."""
    project = {**PROJECT, "queries/visits/root_use.sql": query_file("identity.root_use", 2)}
    found = faults(tmp_path, project=project)
    assert Problem("queries/visits/root_use.sql:2", "an id in the pack acme.visits", "'identity.root_use'") in found


def test_a_project_may_map_built_in_queries_and_parameters(tmp_path: Path) -> None:
    """An edition of the project's own uses what comprova brings."""
    policy = framework_file("acme.policy", "1", requirement("1", mapped("identity.root_use@1")))
    visits = query_file("acme.visits.visits", kind="population", more='parameters = ["approved"]\n')
    catalog = load(tmp_path, project={**PROJECT, POLICY: policy, VISITS: visits})
    assert not catalog.query("acme.visits.visits").builtin


def test_a_project_has_a_lock_of_its_own(tmp_path: Path) -> None:
    """It says nothing of comprova's queries, and comprova's lock nothing of the project's."""
    catalog = load(tmp_path / "a")
    lock = appended("", catalog.lock, missing_entries(catalog.lock, catalog.lockable, DAY))
    builtin = {**BUILTIN, "queries/queries.lock": lock}
    again = load(tmp_path / "b", builtin, PROJECT)
    assert again.project_lock.entries == ()
    released = appended("", again.project_lock, missing_entries(again.project_lock, again.project_lockable, DAY))
    again = load(tmp_path / "d", builtin, {**PROJECT, "queries/queries.lock": released})
    assert [entry.id for entry in again.project_lock.entries] == ["acme.visits.visits"]
    assert again.locked(again.query("acme.visits.visits")) == again.project_lock.entries[0]
    assert [entry.id for entry in again.lock.entries] == [
        "activity",
        "deliveries",
        "identity.key_age",
        "identity.root_use",
    ]
    found = faults(tmp_path / "c", {**BUILTIN, "queries/queries.lock": lock.replace("activity 1", "activity 2")})
    assert found[0].where == "queries/queries.lock:2"


@pytest.mark.parametrize(
    "name", ["queries/lost/root_use.sql", "queries/identity/old/root_use.sql", "queries/root_use.sql"]
)
def test_sql_that_nobody_reads_is_refused(tmp_path: Path, name: str) -> None:
    """A query without a pack, or beside one, is never asked: it must not look as if it were."""
    expected = "queries in the folder of a pack, or in its superseded/, beside a pack.toml"
    [problem] = faults(tmp_path, {**BUILTIN, name: BUILTIN[ROOT_USE]})
    assert problem == Problem(name, expected, "a file in another place")


def test_a_project_has_no_views(tmp_path: Path) -> None:
    """`activity` means the same in every run."""
    assert [item.where for item in faults(tmp_path, project={**PROJECT, ACTIVITY: BUILTIN[ACTIVITY]})] == [ACTIVITY]
