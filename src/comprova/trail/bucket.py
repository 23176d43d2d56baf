"""The CloudTrail files in the bucket of a trail: listed, never opened.

Every account and region is found by listing folders, so that one that nobody named is noticed. Below a region the keys
of consecutive dates are consecutive (`yyyy/mm/dd/`), so a period is one range of keys, however many dates are empty.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from comprova.errors import ComprovaError, Problem, RunStoppedError
from comprova.trail.keys import LogKey, LogKind, parse_key
from comprova.trail.listing import SKIPPED_KINDS, ListedFile, Listing, SkippedFile, SkipReason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

FolderT = TypeVar("FolderT")

_AT_ONCE = 8
_GO_ON = "the same command goes on where this one ended"
_MEND = f"Check the credentials, the network and the job's region; {_GO_ON}."
_ACCOUNT = re.compile(r"[0-9]{12}")
_LOGS, _KIND = "CloudTrail", re.compile(r"CloudTrail(-[A-Za-z]+)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ARCHIVED = frozenset({"GLACIER", "DEEP_ARCHIVE"})
"""Storage classes whose objects Athena does not read until they are restored (Amazon Athena User Guide, "Query restored
Amazon S3 Glacier objects"); until then they are zero rows and no error."""


@dataclass(frozen=True, slots=True)
class TrailPlace:
    """Where a trail delivers its log files.

    Attributes:
        bucket: The bucket.
        prefix: What stands before `AWSLogs/`, without slashes at its ends; empty where nothing does.
        organisation: Id of the organisation whose trail it is; empty for the trail of an account.
        owner: The account that must own the bucket; empty leaves that unchecked.
    """

    bucket: str
    prefix: str
    organisation: str
    owner: str

    @property
    def root(self) -> str:
        """The prefix of the folders of accounts."""
        return "".join(f"{part}/" for part in (self.prefix, "AWSLogs", self.organisation) if part)

    def uri(self, key: str) -> str:
        """Return the address of a key in the bucket."""
        return f"s3://{self.bucket}/{key}"


def list_bucket(
    s3: "S3Client",
    place: TrailPlace,
    dates: tuple[date, date],
    accounts: Collection[str] | None = None,
    regions: Collection[str] | None = None,
) -> Listing:
    """List the log files that a trail delivered on some dates.

    A folder that must not be listed, or of an account or region that is not among those given, is skipped with its
    reason: what it holds was not examined. Files of other kinds are counted where they lie below the same dates; what
    other services write beside the trail's folders is not looked at.

    Args:
        s3: A client of the bucket's region.
        place: Where the trail delivers.
        dates: The first and last delivery date, both included.
        accounts: Those to be read; None for all that are found.
        regions: The same of regions.

    Raises:
        ComprovaError: There is no such bucket.
        RunStoppedError: S3 does not answer now, such as for want of credentials, or nothing in it may be listed.
    """
    bucket = _Bucket(s3, place, dates)
    found = [name for name in bucket.folders(place.root) if _ACCOUNT.fullmatch(name)]
    with ThreadPoolExecutor(_AT_ONCE, "list") as pool:
        of_accounts = _each(pool, lambda account: bucket.branches(account, _named(account, accounts)), found)
        branches: list[_Branch] = []
        skipped: list[SkippedFile] = []
        for item in of_accounts:
            (branches if isinstance(item, _Branch) else skipped).append(item)  # type: ignore[arg-type]
        files: list[ListedFile] = []
        for held in _each(pool, lambda branch: bucket.held(branch, _named(branch.region, regions)), branches):
            (files if isinstance(held, ListedFile) else skipped).append(held)  # type: ignore[arg-type]
    by_key = attrgetter("key.log_file")
    return Listing(tuple(sorted(files, key=by_key)), tuple(sorted(skipped, key=by_key)))


def _named(name: str, names: Collection[str] | None) -> bool:
    return names is None or name in names


def _each(
    pool: ThreadPoolExecutor, look: Callable[[FolderT], Iterable[object]], folders: Iterable[FolderT]
) -> Iterator[object]:
    return chain.from_iterable(pool.map(lambda folder: list(look(folder)), folders))


@dataclass(frozen=True, slots=True)
class _Branch:
    """What a trail delivers of one account and region, of one kind (`CloudTrail`, `CloudTrail-Digest`)."""

    account: str
    kind: str
    region: str
    wanted: bool


class _Bucket:
    """The calls, and what their refusals mean."""

    def __init__(self, s3: "S3Client", place: TrailPlace, dates: tuple[date, date]) -> None:
        self._s3 = s3
        self._place = place
        self._after = f"{dates[0]:%Y/%m/%d}"
        self._end = f"{dates[1] + timedelta(days=1):%Y/%m/%d}"
        self._owner: dict[str, Any] = {"ExpectedBucketOwner": place.owner} if place.owner else {}

    def folders(self, prefix: str) -> list[str]:
        """Return the names of the folders in one.

        Raises:
            RunStoppedError: It must not be listed.
        """
        try:
            return list(self._folders(prefix))
        except _DeniedError as denied:
            raise RunStoppedError(denied.problem) from denied

    def branches(self, account: str, wanted: bool) -> Iterator[_Branch | SkippedFile]:  # noqa: FBT001 - see _Branch
        """Yield what a trail delivers of an account, by kind and region."""
        folder = f"{self._place.root}{account}/"
        try:
            kinds = [kind for kind in self._folders(folder) if _KIND.fullmatch(kind)]
            for kind in kinds if wanted else [kind for kind in kinds if kind == _LOGS]:
                folder = f"{self._place.root}{account}/{kind}/"
                for region in self._folders(folder):
                    yield _Branch(account, kind, region, wanted)
        except _DeniedError:
            yield self._skipped(folder, SkipReason.UNREADABLE, account)

    def held(self, branch: _Branch, wanted: bool) -> Iterator[ListedFile | SkippedFile]:  # noqa: FBT001 - see _Branch
        """Yield the files of a branch that were delivered on the dates."""
        folder = f"{self._place.root}{branch.account}/{branch.kind}/{branch.region}/"
        try:
            if wanted and branch.wanted:
                for item in self._objects(folder):
                    yield self._file(item)
            elif branch.kind == _LOGS and next(self._objects(folder), None) is not None:
                yield self._skipped(folder, SkipReason.NOT_IN_TABLE, branch.account, branch.region)
        except _DeniedError:
            yield self._skipped(folder, SkipReason.UNREADABLE, branch.account, branch.region)

    def _file(self, item: "ObjectTypeDef") -> ListedFile | SkippedFile:
        key, modified = item["Key"], item["LastModified"]
        log, path = parse_key(key, modified.astimezone(UTC).replace(tzinfo=None)), self._place.uri(key)
        if log.kind is not LogKind.LOG:
            return SkippedFile(log, path, SKIPPED_KINDS[log.kind])
        if item.get("StorageClass") in _ARCHIVED:
            return SkippedFile(log, path, SkipReason.ARCHIVED)
        modified_ns = (modified - _EPOCH) // timedelta(microseconds=1) * 1000
        return ListedFile(log, path, item["Size"], modified_ns, item["ETag"].strip('"'))

    def _skipped(self, folder: str, reason: SkipReason, account: str, region: str | None = None) -> SkippedFile:
        key = LogKey(parse_key(folder).log_file, LogKind.OTHER, account, region)
        return SkippedFile(key, self._place.uri(folder), reason)

    def _folders(self, prefix: str) -> Iterator[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._place.bucket, Prefix=prefix, Delimiter="/", **self._owner
        )
        with _refusals(self._place.uri(prefix)):
            for page in pages:
                for common in page.get("CommonPrefixes", ()):
                    yield common["Prefix"][len(prefix) : -1]

    def _objects(self, folder: str) -> Iterator["ObjectTypeDef"]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._place.bucket, Prefix=folder, StartAfter=f"{folder}{self._after}", **self._owner
        )
        end = f"{folder}{self._end}"
        with _refusals(self._place.uri(folder)):
            for some in pages:
                for item in some.get("Contents", ()):
                    if item["Key"] >= end:
                        return
                    yield item


class _DeniedError(Exception):
    """S3 does not let this user list a folder."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@contextmanager
def _refusals(where: str) -> Iterator[None]:
    """Tell apart what is wrong with one folder, with the place, and with the moment."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        found = " ".join(str(error).split())
        match code:
            case "AccessDenied":
                hint = f"Grant s3:ListBucket on it to this role (comprova doctor JOB shows what is missing); {_GO_ON}."
                raise _DeniedError(Problem(where, "a folder that this user may list", found, hint)) from error
            case "NoSuchBucket":
                raise ComprovaError(Problem(where, "the bucket of a trail", found, "Check the job's trail.")) from error
            case _:
                raise RunStoppedError(Problem(where, "S3 to list the log files", found, _MEND)) from error
    except BotoCoreError as error:
        raise RunStoppedError(
            Problem(where, "S3 to list the log files", " ".join(str(error).split()), _MEND)
        ) from error
