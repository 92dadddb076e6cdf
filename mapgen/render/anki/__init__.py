"""A deck for Anki: each concept by its name and by its definition, each relation as a question.

It writes no file, and no temporary one. What is asked is entries.py's; genanki is imported when the first deck
is made.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from mapgen.model import KnowledgeMap, Made
from mapgen.render.anki.entries import CONCEPT, RELATION, Kind, about, entries
from mapgen.render.archive import zipped
from mapgen.render.identity import fingerprint
from mapgen.render.view import Options, view

if TYPE_CHECKING:
    import genanki

_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_CSS = """.card { font: 20px/1.5 sans-serif; max-width: 40em; margin: 0 auto; }
.small { font-size: 0.8em; opacity: 0.75; margin-top: 1em; }"""


def render(map: KnowledgeMap, options: Options) -> bytes:
    """``map`` as a package to import into Anki, dated as the map is; a later map of the query updates its cards.

    Anki takes a note that it has for newer only by its date: for a map edited by hand, tell it to update always.
    """
    from genanki import Package

    moment = _moment(map.made)
    with closing(sqlite3.connect(":memory:")) as database:
        Package(_deck(map)).write_to_db(database.cursor(), moment, count(int(moment * 1000)))
        database.commit()
        return zipped({"collection.anki2": database.serialize(), "media": "{}"})


def _moment(made: Made | None) -> float:
    """When the map was made, in seconds since 1970, and not before 1980."""
    created = made.created if made else _EPOCH
    return max(created if created.tzinfo else created.replace(tzinfo=UTC), _EPOCH).timestamp()


def _deck(map: KnowledgeMap) -> genanki.Deck:
    from genanki import Deck, Note

    seen = view(map, Options())
    name = re.sub("::+", ":", map.title or map.query)  # two colons would begin a deck within the deck
    deck = Deck(int(fingerprint("deck", map.query)[:12], 16) | 1 << 40, name or "mapgen", about(seen))
    models = {kind: _model(kind) for kind in (CONCEPT, RELATION)}
    for place, entry in enumerate(entries(map, seen)):
        deck.add_note(Note(models[entry.kind], entry.fields, guid=entry.guid, tags=entry.tags, due=place))
    return deck


def _model(kind: Kind) -> genanki.Model:
    from genanki import Model

    return Model(
        kind.number,
        kind.name,
        fields=[{"name": field} for field in kind.fields],
        templates=[{"name": name, "qfmt": front, "afmt": back} for name, front, back in kind.templates],
        css=_CSS,
    )
