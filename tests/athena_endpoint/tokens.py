"""Reads a statement token by token, where a parser would not know it."""

import re

import sqlglot
from sqlglot.tokenizer_core import Token, TokenType


class NotUnderstoodError(ValueError):
    """A statement that this endpoint does not know."""


_MAY_HOLD_DECIMALS = re.compile(r"\d\.|\.\d")


def with_double_literals(sql: str) -> str:
    """Write 1.5 as 1.5E0: Athena takes it for a double, Trino for a decimal (see README.md)."""
    if not _MAY_HOLD_DECIMALS.search(sql):
        return sql
    end, pieces = 0, []
    for token in sqlglot.tokenize(sql, read="trino"):
        if token.token_type is TokenType.NUMBER and "." in token.text and "E" not in token.text.upper():
            pieces += [sql[end : token.end + 1], "E0"]
            end = token.end + 1
    return "".join([*pieces, sql[end:]])


class Tokens:
    """What is left of a statement.

    Args:
        sql: Its text.
        dialect: "hive" for definitions, "trino" for everything else.
    """

    def __init__(self, sql: str, dialect: str) -> None:
        self._sql = sql
        self._tokens = sqlglot.tokenize(sql, read=dialect)
        self._next = 0

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self._next == len(self._tokens)

    def take(self, word: str) -> bool:
        """Take a word, in capitals, or a sign if it comes next; tell whether it did."""
        taken = not self.at_end and self._tokens[self._next].text.upper() == word
        self._next += taken
        return taken

    def expect(self, *words: str) -> None:
        """Take words and signs that must come next.

        Raises:
            NotUnderstoodError: They do not.
        """
        for word in words:
            if not self.take(word):
                raise NotUnderstoodError(f"{word} expected")

    def text(self) -> str:
        """Take a name or a literal; return its text without quotes."""
        return self._take().text

    def name(self) -> list[str]:
        """Take a name with what it is qualified by, in small letters."""
        names = [self.text().lower()]
        while self.take("."):
            names.append(self.text().lower())
        return names

    def bracketed(self) -> str:
        """Take (…); return what stands inside, placed as `rest` places it."""
        self.expect("(")
        start, depth = self._tokens[self._next - 1].end + 1, 1
        while depth:
            depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(self._take().token_type, 0)
        return self._cut(start, self._tokens[self._next - 1].start)

    def rest(self) -> str:
        """Return all that is left, after as many line ends as stand before it: positions in messages stay true."""
        return self._cut(self._tokens[self._next - 1].end + 1, len(self._sql))

    def _cut(self, start: int, end: int) -> str:
        return "\n" * self._sql.count("\n", 0, start) + self._sql[start:end].strip(" ")

    def _take(self) -> Token:
        if self.at_end:
            raise NotUnderstoodError("the statement ends early")
        self._next += 1
        return self._tokens[self._next - 1]
