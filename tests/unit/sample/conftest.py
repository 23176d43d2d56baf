"""Months of the sample, generated once for all tests of them."""

import gzip
import json

import pytest

from comprova.sample import generate
from unit.sample.generated import Months, Sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """October 2026 of the default seed."""
    folder = tmp_path_factory.mktemp("sample")
    facts = generate(folder, months=1)
    files = {
        path.relative_to(folder): json.loads(gzip.decompress(path.read_bytes()))["Records"]
        for path in sorted(folder.rglob("*.json.gz"))
    }
    return Sample(folder, facts, json.loads((folder / "truth.json").read_text(encoding="utf-8")), files)


@pytest.fixture(scope="session")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Months:
    """Six months up to February 2026 of the default seed: what happens to log files happens before the last month."""
    folder = tmp_path_factory.mktemp("earlier")
    return Months(folder, generate(folder, last_month="2026-02"))
