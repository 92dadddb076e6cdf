"""Zip archives whose bytes follow from what is in them: sorted names, one fixed date.

It knows no format and writes no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o100644 << 16


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of those files, by name; text is written as UTF-8."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr, entry.compress_type = _UNIX, _READABLE, ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return buffer.getvalue()
