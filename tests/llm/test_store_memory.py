"""What an open store holds of its database in memory: little, however much is stored and read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import os, sys
from pathlib import Path
from mapgen.llm.store import Store

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

store = Store(Path(sys.argv[1]), warn=print)
for number in range(1_000):
    store.put(str(number), os.urandom(10_000).hex())
    if number == 99:
        before = resident()
for number in range(1_000):
    store.get(str(number))
print(resident() - before)
store.close()
"""


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="memory is read from /proc")
def test_ten_megabytes_that_are_stored_and_read_stay_on_disk(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CODE, str(tmp_path / "cache")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert (tmp_path / "cache" / "cache.db").stat().st_size > 10_000_000
    assert int(done.stdout) < 5_000_000
