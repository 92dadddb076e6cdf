"""What the tests of sources ask of every kind: what blocks a file has, and how it is refused."""

from __future__ import annotations

import pytest

from mapgen.errors import SourceError
from mapgen.sources.base import Extracted, Raw, Reader


def blocks(found: Extracted) -> list[tuple[str, str]]:
    """The blocks as heading path and text."""
    return [(" > ".join(block.heading), block.text) for block in found.blocks]


def read(reader: Reader, data: bytes | str, *, charset: str | None = None) -> Extracted:
    """What ``reader`` finds in a file called ``a``."""
    return reader(Raw(name="a", data=data.encode() if isinstance(data, str) else data, charset=charset))


def refusal(reader: Reader, data: bytes | str) -> str:
    """The words in which ``reader`` refuses a file; they come with a hint and exit code 66."""
    with pytest.raises(SourceError) as caught:
        read(reader, data)
    assert caught.value.exit_code == 66
    assert caught.value.hint
    return caught.value.message
