"""How much disk the core install takes: a fresh environment, without extras, pip and setuptools left out.

It needs a package index, as any installation does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from measure import ROOT, Figure

BOUND = 150.0
_OURS_NOT = ("pip", "setuptools", "pkg_resources", "_distutils_hack")


def figures() -> list[Figure]:
    """The row: megabytes (10^6 bytes) of files, compiled ones included."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        subprocess.run([str(python), "-m", "pip", "install", "-q", str(ROOT)], check=True, capture_output=True)
        where = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        site = Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())
        counted = [path for path in site.rglob("*") if path.is_file() and not _left_out(path.relative_to(site))]
        return [Figure("core install, no extras", sum(path.stat().st_size for path in counted) / 1e6, "MB", BOUND)]


def _left_out(path: Path) -> bool:
    return path.parts[0].split("-")[0] in _OURS_NOT
