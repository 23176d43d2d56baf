"""Runs a Trino server on loopback, over a local mirror of S3, for as long as somebody needs it."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import urllib3

from athena_endpoint.trino_client import CATALOG, Session, TrinoClient, TrinoError
from athena_endpoint.trino_home import VERSION, mirror_jar, plugin_jars, trino_home

_START_SECONDS = 180  # of a machine that does other work
_STOP_SECONDS = 20
_PAUSE = 0.1

_JVM = (
    "-Xmx2g",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # statements are small: compiling them well takes longer than running them
    "-XX:ReservedCodeCacheSize=256m",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dfile.encoding=UTF-8",
    "-Duser.timezone=UTC",
    "-Djdk.attach.allowAttachSelf=true",  # asked for by Trino
)
# One node with two cores and small statements: as few stages, threads and remembered queries as possible.
_CONFIG = """\
coordinator=true
node-scheduler.include-coordinator=true
node.environment=test
node.bind-ip=127.0.0.1
node.internal-address=127.0.0.1
http-server.http.port={port}
discovery.uri=http://127.0.0.1:{port}
web-ui.enabled=false
distributed-sort=false
failure-detector.enabled=false
memory.heap-headroom-per-node=300MB
optimizer.optimize-hash-generation=false
query.max-length=1000000
query.max-memory=1GB
query.max-memory-per-node=1GB
query.max-history=20
query.min-expire-age=30s
query.min-hash-partition-count=1
query.max-hash-partition-count=1
query.executor-pool-size=50
query.remote-task.max-callback-threads=20
task.concurrency=1
task.max-worker-threads=2
task.http-response-threads=4
task.info.max-age=30s
exchange.client-threads=4
plugin.dir={folder}/plugin
catalog.config-dir={folder}/catalog
"""
# Data scanned is what statements need: no file is read whole because it is small, nor gaps between columns.
_CATALOG = """\
connector.name=mirror
mirror.root={root}
hive.metastore=file
hive.metastore.catalog.dir=local:///metastore
hive.security=allow-all
hive.non-managed-table-writes-enabled=true
hive.partition-projection-enabled=true
hive.recursive-directories=true
hive.max-partitions-per-writers=100
parquet.small-file-threshold=0B
parquet.max-merge-distance=0B
parquet.writer.validation-percentage=0
hive.table-statistics-enabled=false
hive.collect-column-statistics-on-write=false
"""
_LOGGING = "io.trino=WARN\nio.airlift=WARN\nBootstrap=WARN\norg=WARN\n"


class TrinoServer:
    """A server with one catalog: Trino's hive connector, a metastore of files, and S3 as files below a folder.

    Args:
        folder: Of its own: `root` holds the mirror (buckets, metastore, journal), the rest is configuration.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "server.log"
        self._port = _free_port()
        self.client = TrinoClient(f"http://127.0.0.1:{self._port}")

    def __enter__(self) -> Self:
        """Start, and wait until statements are answered."""
        self._configure()
        home = trino_home()
        java = shutil.which("java") or "java"
        classes = os.pathsep.join((str(mirror_jar()), f"{home / 'lib'}/*"))
        settings = (f"-Dconfig={self._folder}/config.properties", f"-Dlog.levels-file={self._folder}/log.properties")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603
                [java, *_JVM, *settings, "-cp", classes, "comprova.athena.Main", VERSION],
                cwd=self._folder,
                stdin=subprocess.PIPE,  # the server ends when this end of it is gone
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the tests, which stop the server themselves
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _configure(self) -> None:
        plugin = self._folder / "plugin" / "hive"
        catalogs = self._folder / "catalog"
        for folder in (plugin, catalogs, self.root / "journal", self.root / "buckets"):
            folder.mkdir(parents=True, exist_ok=True)
        for jar in (*plugin_jars(), mirror_jar()):
            (plugin / jar.name).symlink_to(jar)
        texts = {
            "config.properties": _CONFIG.format(port=self._port, folder=self._folder),
            "log.properties": _LOGGING,
            f"catalog/{CATALOG}.properties": _CATALOG.format(root=self.root),
        }
        for name, text in texts.items():
            (self._folder / name).write_text(text, encoding="utf-8")

    def _wait(self) -> None:
        """Wait until a statement that needs a worker node is answered."""
        end = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.client.run(f"SHOW SCHEMAS FROM {CATALOG}", Session("default"))
            except (TrinoError, OSError, urllib3.exceptions.HTTPError) as error:
                ended = self._process is None or self._process.poll() is not None
                if ended or time.monotonic() > end:
                    tail = self._log.read_text(encoding="utf-8", errors="replace")[-3000:]
                    raise TimeoutError(f"Trino does not start:\n{tail}") from error
                time.sleep(_PAUSE)
            else:
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
