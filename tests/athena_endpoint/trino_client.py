"""Talks to Trino: the client protocol, as much of it as an endpoint needs.

https://trino.io/docs/435/develop/client-protocol.html. The public client turns values into Python's own; this one keeps
the text of every number, because that text is what Athena shows (Java's: 1.0E10, 0.1).
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import urllib3

CATALOG = "awsdatacatalog"
"""The catalog's name, as Athena's messages have it."""

_CONNECTIONS = 32


class TrinoError(Exception):
    """A statement failed.

    Attributes:
        name: Trino's name of the error, such as TABLE_NOT_FOUND.
        message: What it says.
        kind: USER_ERROR, INTERNAL_ERROR, EXTERNAL or INSUFFICIENT_RESOURCES.
    """

    def __init__(self, name: str, message: str, kind: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Session:
    """In what a statement runs.

    Attributes:
        schema: Of names without one.
        properties: Session properties, by name.
    """

    schema: str
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """What tells Trino so."""
        properties = ",".join(f"{name}={quote(value)}" for name, value in self.properties.items())
        return {
            "X-Trino-User": "athena",
            "X-Trino-Catalog": CATALOG,
            "X-Trino-Schema": self.schema,
            "X-Trino-Time-Zone": "UTC",
            **({"X-Trino-Session": properties} if properties else {}),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave.

    Attributes:
        query_id: Trino's.
        columns: As the protocol describes them: name, type, typeSignature.
        rows: Values; numbers as their text.
        update_count: Rows written; None for statements that write none.
    """

    query_id: str
    columns: tuple[Mapping[str, Any], ...]
    rows: list[list[Any]]
    update_count: int | None


class Statement:
    """A statement that Trino has taken: parsed, and about to run or running."""

    def __init__(self, client: "TrinoClient", page: Mapping[str, Any]) -> None:
        self._client = client
        self._page = page
        self._cancelled = threading.Event()
        self.query_id = str(page["id"])

    def answer(self) -> Answer:
        """Wait for the end, and return all rows.

        Raises:
            TrinoError: It failed or was cancelled.
        """
        columns: tuple[Mapping[str, Any], ...] = ()
        rows: list[list[Any]] = []
        page = self._page
        while True:
            columns = tuple(page.get("columns") or columns)
            rows += page.get("data") or ()
            if not (following := page.get("nextUri")):
                break
            if self._cancelled.is_set():
                self._client.call("DELETE", following)
                raise TrinoError("USER_CANCELED", "Query was canceled", "USER_ERROR")
            page = self._page = self._client.page("GET", following)
        count = page.get("updateCount")
        return Answer(self.query_id, columns, rows, None if count is None else int(count))

    def cancel(self) -> None:
        """Have Trino stop it."""
        self._cancelled.set()
        if following := self._page.get("nextUri"):
            self._client.call("DELETE", following)


class TrinoClient:
    """A Trino server on loopback.

    Args:
        url: Of its HTTP server.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(maxsize=_CONNECTIONS, retries=False)

    def start(self, sql: str, session: Session) -> Statement:
        """Hand a statement over; return when Trino has parsed it.

        Raises:
            TrinoError: It has found it malformed.
        """
        page = self.page("POST", f"{self._url}/v1/statement", sql.encode(), session.headers)
        if "nextUri" in page:
            page = self.page("GET", page["nextUri"])
        return Statement(self, page)

    def run(self, sql: str, session: Session) -> Answer:
        """Run a statement to its end.

        Raises:
            TrinoError: It failed.
        """
        return self.start(sql, session).answer()

    def page(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return the next page of an answer.

        Raises:
            TrinoError: It says that the statement failed.
        """
        page: dict[str, Any] = json.loads(self.call(method, url, body, headers), parse_float=str, parse_int=str)
        if error := page.get("error"):
            raise TrinoError(error["errorName"], error["message"], error["errorType"])
        return page

    def call(self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        """Return what the server answers.

        Raises:
            OSError: It refuses.
        """
        response = self._pool.request(method, url, body=body, headers=headers)
        if response.status >= 400:
            raise OSError(f"{method} {url}: {response.status} {response.data[:500]!r}")
        return response.data
