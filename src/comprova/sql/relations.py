"""Finds the columns of every SELECT, table expression and UNNEST, and refuses what is not alike on both engines."""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from comprova.sql.expressions import Expressions
from comprova.sql.names import Names, Relation, nearest
from comprova.sql.parse import Source
from comprova.sql.types import ANY, BIGINT, BOOLEAN, INSTANT, LOCAL, Type, common
from comprova.sql.written import shown

_SIDES = frozenset({"", "LEFT", "RIGHT", "FULL"})
_KINDS = frozenset({"", "INNER", "OUTER", "CROSS"})

Tables = Mapping[str, Mapping[str, Type]]


class Relations:
    """Types one statement.

    Args:
        source: Its text, for places in messages.
        tables: The tables that it may read: type by column, by name.
        parameters: Type by name of the parameters that it may use.
    """

    def __init__(self, source: Source, tables: Tables, parameters: Mapping[str, Type]) -> None:
        self._tables = tables
        self._scopes: list[dict[str, Relation]] = [{}]  # the table expressions known, innermost WITH last
        self.expressions = Expressions(source, parameters, self._subquery)

    def columns_of(self, query: exp.Query, outer: Names | None = None, *, whole: bool = False) -> Mapping[str, Type]:
        """Return the type of each column of a query, by name and in order.

        Args:
            query: A SELECT, or a union of them.
            outer: The names around it that it may use.
            whole: Whether it is the statement itself, whose ORDER BY counts and whose columns must be named.
        """
        self._scopes.append(dict(self._scopes[-1]))
        self._with(query)
        columns = (
            self._select(query, outer, whole=whole)
            if isinstance(query, exp.Select)
            else self._set_operation(query, outer, whole=whole)
        )
        self._scopes.pop()
        return columns

    def _subquery(self, query: exp.Query, outer: Names | None) -> Mapping[str, Type]:
        return self.columns_of(query, outer)

    def _with(self, query: exp.Query) -> None:
        known = self._scopes[-1]
        clause = query.args.get("with_")
        for cte in clause.expressions if clause is not None else []:
            name = cte.alias.lower()
            columns = self.columns_of(cte.this)
            if name in self._tables or name in known:
                hint = "Choose a name of its own: it would hide what else bears it."
                self.expressions.refuse(cte.args["alias"], "a new name for a table expression", name, hint)
            known[name] = Relation(self._renamed(cte.args["alias"], columns))

    def _renamed(self, alias: exp.Expr | None, columns: Mapping[str, Type]) -> Mapping[str, Type]:
        names = [column.name.lower() for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
        if not names:
            return columns
        if len(names) != len(columns) and ANY not in columns.values():
            self.expressions.refuse(alias or exp.Null(), f"{len(columns)} names of columns", str(len(names)))
        return dict(zip(names, columns.values(), strict=False))

    def _set_operation(self, query: exp.Query, outer: Names | None, *, whole: bool) -> Mapping[str, Type]:
        left = self.columns_of(query.this.unnest(), outer)
        right = self.columns_of(query.expression.unnest(), outer)
        types = [common(one, other) for one, other in zip(left.values(), right.values(), strict=False)]
        if len(left) != len(right) or None in types:
            shown = " and ".join(", ".join(map(str, side.values())) for side in (left, right))
            self.expressions.refuse(query, "the same types on both sides of UNION, EXCEPT or INTERSECT", shown)
        if query.args.get("distinct") is False and not isinstance(query, exp.Union):
            self.expressions.refuse(
                query, "EXCEPT or INTERSECT without ALL", f"{query.key.upper()} ALL", "DuckDB has none."
            )
        columns = {name: type_ or ANY for name, type_ in zip(left, types, strict=False)}
        self._order(query, Names(results=columns), whole=whole)
        return columns

    def _select(self, select: exp.Select, outer: Names | None, *, whole: bool) -> Mapping[str, Type]:
        names = Names(self._from(select, outer), outer=outer)
        for clause in ("where", "having"):
            if (condition := select.args.get(clause)) is not None:
                self.expressions.expect(condition.this, BOOLEAN, names, f"the condition of {clause.upper()}")
        columns = self._projections(select, names, whole=whole)
        if (group := select.args.get("group")) is not None:
            self._group(group, names, len(columns))
        for window in select.args.get("windows") or []:
            for part in [*(window.args.get("partition_by") or []), *_ordered(window.args.get("order"))]:
                self.expressions.sortable(part, names, "WINDOW")
        self._order(select, Names(names.relations, outer=outer, results=columns), whole=whole)
        return columns

    def _from(self, select: exp.Select, outer: Names | None) -> dict[str, Relation]:
        relations: dict[str, Relation] = {}
        clause = select.args.get("from_")
        if clause is not None:
            self._add(relations, clause.this, outer)
        for join in select.args.get("joins") or []:
            self._join(relations, join, outer)
        return relations

    def _join(self, relations: dict[str, Relation], join: exp.Join, outer: Names | None) -> None:
        side, kind, on = join.side, join.kind, join.args.get("on")
        if side not in _SIDES or kind not in _KINDS:
            self.expressions.refuse(join, "INNER, LEFT, RIGHT, FULL or CROSS JOIN", f"{side} {kind} JOIN".strip())
        self._add(relations, join.this, outer)
        if kind == "CROSS":
            return
        if on is None:
            self.expressions.refuse(join, "ON after JOIN", "none", "Write CROSS JOIN where every pair is meant.")
            return
        if isinstance(join.this, exp.Unnest) and not (side == "LEFT" and isinstance(on, exp.Boolean) and on.this):
            self.expressions.refuse(join, "CROSS JOIN UNNEST(…) or LEFT JOIN UNNEST(…) ON TRUE", "another condition")
        self.expressions.expect(on, BOOLEAN, Names(relations, outer=outer), "the condition of ON")

    def _add(self, relations: dict[str, Relation], node: exp.Expr, outer: Names | None) -> None:
        alias = node.alias_or_name.lower()
        relation = self._relation(node, relations, outer)
        if alias in relations:
            self.expressions.refuse(node, "a name once", f"{alias} twice", "Write … AS name.")
        relations[alias or f"unnamed {len(relations)}"] = relation

    def _relation(self, node: exp.Expr, before: Mapping[str, Relation], outer: Names | None) -> Relation:
        match node:
            case exp.Table():
                return self._table(node)
            case exp.Subquery():
                return Relation(self._renamed(node.args.get("alias"), self.columns_of(node.this)))
            case exp.Values():
                return Relation(self._values(node))
            case exp.Unnest():
                return Relation(self._unnest(node, Names(before, outer=outer)))
            case _:
                self.expressions.refuse(node, "a table, a subquery, VALUES or UNNEST", node.key.upper())
                return Relation({}, known=False)

    def _table(self, node: exp.Table) -> Relation:
        name = node.name.lower() or shown(node)
        if name in self._scopes[-1]:
            relation = self._scopes[-1][name]
        elif name in self._tables:
            relation = Relation(self._tables[name], named_here=False)
        else:
            known = [*self._tables, *self._scopes[-1]]
            self.expressions.refuse(
                node, f"{' or '.join(sorted(self._tables))}, or a table of its own WITH", name, nearest(name, known)
            )
            return Relation({}, known=False)
        return Relation(self._renamed(node.args.get("alias"), relation.columns), relation.named_here)

    def _values(self, node: exp.Values) -> Mapping[str, Type]:
        rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expressions]
        names = [column.name.lower() for column in node.args["alias"].columns] if node.args.get("alias") else []
        if any(len(row) != len(names) for row in rows):
            self.expressions.refuse(
                node, "a name for each column of VALUES", ", ".join(names) or "none", "Write (VALUES …) AS t (a, b)."
            )
            return dict.fromkeys(names, ANY)
        columns: dict[str, Type] = {}
        for position, name in enumerate(names):
            types = [self.expressions.type_of(row[position], Names()) for row in rows]
            shared: Type | None = types[0]
            for type_ in types:
                shared = common(shared, type_) if shared is not None else None
            if shared is None:
                self.expressions.refuse(node, f"values of one type in {name}", " and ".join(map(str, types)))
            columns[name] = shared or ANY
        return columns

    def _unnest(self, node: exp.Unnest, names: Names) -> Mapping[str, Type]:
        """Return the columns of UNNEST: a row's fields become columns, a map's keys and values too."""
        alias = node.args.get("alias")
        given = [column.name.lower() for column in alias.columns] if alias is not None else []
        if node.args.get("offset"):
            given.append(node.args["offset"].name.lower())
        if len(node.expressions) != 1:
            self.expressions.refuse(node, "one array or map in UNNEST", str(len(node.expressions)))
            return dict.fromkeys(given, ANY)
        unnested = self.expressions.type_of(node.expressions[0], names)
        match unnested.name:
            case "array" if unnested.of[0].name == "row":
                types: Sequence[Type] = unnested.of[0].of
            case "array" | "map":
                types = unnested.of
            case _:
                if unnested != ANY:
                    self.expressions.refuse(node, "an array or a map in UNNEST", str(unnested))
                return dict.fromkeys(given, ANY)
        if node.args.get("offset"):
            types = [*types, BIGINT]
        if len(given) != len(types):
            hint = "A row becomes one column for each of its fields." if len(types) > 1 else ""
            self.expressions.refuse(
                node, f"UNNEST(…) AS t ({', '.join('…' for _ in types)})", ", ".join(given) or "no names", hint
            )
        return dict(zip(given, types, strict=False))

    def _projections(self, select: exp.Select, names: Names, *, whole: bool) -> Mapping[str, Type]:
        columns: dict[str, Type] = {}
        for node in select.expressions:
            if node.is_star:
                self._star(node, names, columns, whole=whole)
                continue
            type_ = self.expressions.type_of(node, names)
            named = isinstance(node, exp.Alias | exp.Column)
            name = node.alias_or_name.lower() if named else f"_col{len(columns)}"  # as Athena names it
            if name in columns:
                self.expressions.refuse(node, "a name once", f"{name} twice", "Write … AS another name.")
            if whole and type_ in (INSTANT, LOCAL):
                hint = "Write CAST(at_timezone(…, 'UTC') AS timestamp(3)), or date(…)."
                self.expressions.refuse(node, "a result without time zone", str(type_), hint)
            columns[name] = type_
        return columns

    def _star(self, node: exp.Expr, names: Names, columns: dict[str, Type], *, whole: bool) -> None:
        alias = node.table.lower() if isinstance(node, exp.Column) else ""
        relation = names.relations.get(alias)
        if whole or relation is None or not relation.named_here:
            hint = "Only in a table expression, and only of one of your own: alias.*"
            self.expressions.refuse(node, "columns by name", f"{alias}.*" if alias else "*", hint)
            return
        for name, type_ in relation.columns.items():
            if name in columns:
                self.expressions.refuse(node, "a name once", f"{name} twice", "Write … AS another name.")
            columns[name] = type_

    def _group(self, group: exp.Expr, names: Names, width: int) -> None:
        for part in group.expressions:
            if isinstance(part, exp.GroupingSets | exp.Rollup | exp.Cube | exp.Tuple):
                self._group(part, names, width)
            else:
                self._group_by(part.unnest(), names, width)

    def _group_by(self, node: exp.Expr, names: Names, width: int) -> None:
        if isinstance(node, exp.Literal) and not node.is_string:
            if not 1 <= int(node.name) <= width:
                self.expressions.refuse(node, f"a column from 1 to {width}", node.name)
            return
        self.expressions.groupable(node, names, "GROUP BY")

    def _order(self, query: exp.Query, names: Names, *, whole: bool) -> None:
        order = query.args.get("order")
        if order is None:
            return
        if not whole:
            self.expressions.refuse(
                order, "ORDER BY at the end of the statement only", "ORDER BY in a part of it", "A part has no order."
            )
        for part in _ordered(order):
            if not (isinstance(part, exp.Literal) and not part.is_string):
                self.expressions.sortable(part, names, "ORDER BY")


def _ordered(order: exp.Expr | None) -> list[exp.Expr]:
    return [] if order is None else [part.this for part in order.expressions]
