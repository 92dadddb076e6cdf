"""Names that stay the same from one version of a map to the next: its IRI, its concepts', and fingerprints.

A map is known by its query, a concept by its anchor. It knows no format.
"""

from __future__ import annotations

import json
from hashlib import sha256
from urllib.parse import quote

VOCABULARY = "urn:mapgen:vocabulary:"
"""What the names of mapgen's own terms begin with, where no public vocabulary has a term."""


def fingerprint(*parts: str | int) -> str:
    """32 hexadecimal digits that differ where the parts do; a part may hold any character."""
    return sha256(json.dumps(parts).encode("ascii")).hexdigest()[:32]


def map_iri(query: str) -> str:
    """The IRI of the map of that query."""
    return f"urn:mapgen:{fingerprint(query)}"


def part_iri(query: str, *path: str | int) -> str:
    """The IRI of a part of that map, such as ``("concept", anchor)``."""
    return ":".join((map_iri(query), *(quote(str(part), safe="") for part in path)))
