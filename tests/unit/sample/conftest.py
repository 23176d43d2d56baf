"""One month of the sample, generated once for all tests of it."""

import gzip
import json

import pytest

from comprova.sample import generate
from unit.sample.generated import Sample


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
