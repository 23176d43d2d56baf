"""Checks that what content files say of each other holds."""

from collections.abc import Iterator, Mapping

from comprova.catalog.framework import Framework
from comprova.catalog.pack import Pack
from comprova.catalog.parameters import Parameter
from comprova.catalog.query import Query, QueryRef
from comprova.errors import Problem


def reference_problems(
    queries: Mapping[QueryRef, Query],
    packs: Mapping[str, Pack],
    frameworks: Mapping[str, Framework],
    parameters: Mapping[str, Parameter],
    paths: Mapping[str, str],
) -> list[Problem]:
    """Tell every pack, mapping and parameter reference that leads nowhere."""
    return [
        *_packs(queries, packs, paths),
        *_mappings(queries, packs, frameworks, paths),
        *_parameters(queries, parameters),
    ]


def _packs(queries: Mapping[QueryRef, Query], packs: Mapping[str, Pack], paths: Mapping[str, str]) -> Iterator[Problem]:
    for pack in packs.values():
        for ref in pack.refs:
            if ref not in queries:
                yield Problem(paths[f"pack:{pack.id}"], "a query that exists", str(ref), _versions(queries, ref.id))
            elif queries[ref].pack != pack.id:
                yield Problem(paths[f"pack:{pack.id}"], f"queries of the pack {pack.id} only", str(ref))
    named = {ref for pack in packs.values() for ref in pack.refs}
    for ref, query in queries.items():
        replaced = "/superseded/" in query.path
        if ref not in named and not replaced:
            yield Problem(query.path, f"{ref} in the `queries` of its pack", "no such entry")
        if ref in named and replaced:
            yield Problem(query.path, "a pack that names a newer version", str(ref))


def _mappings(
    queries: Mapping[QueryRef, Query],
    packs: Mapping[str, Pack],
    frameworks: Mapping[str, Framework],
    paths: Mapping[str, str],
) -> Iterator[Problem]:
    current = {ref for pack in packs.values() for ref in pack.refs}
    for framework in frameworks.values():
        where = paths[f"framework:{framework.key}"]
        for requirement in framework.requirement:
            for item in requirement.evidence:
                if item.ref not in queries:
                    hint = _versions(queries, item.ref.id)
                    yield Problem(f"{where}: {requirement.id}", "a query that exists", str(item.ref), hint)
                elif item.ref not in current:
                    yield Problem(
                        f"{where}: {requirement.id}", "the version that the query's pack names", str(item.ref)
                    )


def _parameters(queries: Mapping[QueryRef, Query], parameters: Mapping[str, Parameter]) -> Iterator[Problem]:
    for query in queries.values():
        lookback = query.block.lookback_days
        for name in query.block.parameters:
            if name not in parameters:
                yield Problem(query.path, "parameters of queries/parameters.toml", repr(name))
        if isinstance(lookback, str):
            if lookback not in query.block.parameters:
                yield Problem(query.path, "`lookback_days` to name one of its `parameters`", repr(lookback))
            elif lookback in parameters and parameters[lookback].type != "bigint":
                yield Problem(query.path, "`lookback_days` to name a bigint", repr(lookback))


def _versions(queries: Mapping[QueryRef, Query], id_: str) -> str:
    versions = [str(ref) for ref in sorted(queries) if ref.id == id_]
    return f"There is {', '.join(versions)}." if versions else ""
