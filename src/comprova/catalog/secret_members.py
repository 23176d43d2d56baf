"""`queries/secrets.toml`: under which member names AWS services, and those who call them, write secrets."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from comprova.catalog.text import Line
from comprova.catalog.toml_reader import Block, read_toml
from comprova.content import builtin_root
from comprova.errors import ContentError

FILE = "secrets.toml"

Operation = Annotated[str, Field(pattern=r"^[a-z0-9-]+ [A-Za-z0-9]+$")]
Page = Annotated[str, Field(pattern=r"^https://\S+$")]
MemberName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{1,62}$")]


class SecretMembers(Block):
    """The whole of `secrets.toml`.

    Attributes:
        hidden: Texts that AWS writes in the place of a secret.
        modelled: Name → botocore service and operation whose model marks a member of this name as sensitive.
        documented: Name → the page that documents it.
    """

    hidden: tuple[Line, ...] = ()
    modelled: Mapping[MemberName, Operation] = {}
    documented: Mapping[MemberName, Page] = {}

    @property
    def names(self) -> frozenset[str]:
        """All names, as `plain_name` writes them."""
        return frozenset(plain_name(name) for name in (*self.modelled, *self.documented))

    def __add__(self, other: "SecretMembers") -> "SecretMembers":
        return SecretMembers(
            hidden=self.hidden + other.hidden,
            modelled={**self.modelled, **other.modelled},
            documented={**self.documented, **other.documented},
        )


def read_builtin() -> SecretMembers:
    """Read comprova's own file.

    Raises:
        ContentError: comprova's content is not there, or not as it should be.
    """
    root = builtin_root()
    path = root.folder("queries") / FILE
    members = read_toml(path.read_text(encoding="utf-8"), SecretMembers, root.relative(path))
    if isinstance(members, list):
        raise ContentError(members)
    return members


def plain_name(name: str) -> str:
    """Return a name as names are compared: whatever the case of letters, without `-` and `_`."""
    return name.replace("-", "").replace("_", "").casefold()
