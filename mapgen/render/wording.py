"""The page's own words, in English: headings, what each kind of relation is called, and how a map was made.

It knows no format and escapes nothing; what a model wrote is not here.
"""

from __future__ import annotations

from datetime import UTC, datetime

from mapgen.model import Made, RelationKind
from mapgen.text import clean, counted

EXPLORE = "Explore |"
KEY_CONCEPTS = "Key Concepts"
SIDE_BY_SIDE = "Side by Side"
RELATIONS = "Relations"
INCOMPLETE = "Incomplete"
SOURCES = "Sources"
OWN_KNOWLEDGE = "the model's own knowledge"
STANDS = {
    "sourced": "sourced",
    "definition": "only the definition is sourced",
    "relevance": "only the relevance is sourced",
    "own": OWN_KNOWLEDGE,
}
"""What is said of a concept whose texts stand on sources: all, one of them, or none."""

KINDS: dict[RelationKind, tuple[str, str]] = {
    "is-a": ("is a", "has as a kind"),
    "part-of": ("part of", "has as a part"),
    "depends-on": ("depends on", "needed by"),
    "enables": ("enables", "enabled by"),
    "causes": ("causes", "caused by"),
    "limits": ("limits", "limited by"),
    "contrasts-with": ("contrasts with", "contrasts with"),
    "example-of": ("example of", "has as an example"),
    "measures": ("measures", "measured by"),
}
"""What a kind of relation is called at its source, and at its target."""


def title_line(query: str) -> str:
    """The title of the page that shows the map of ``query``."""
    return f"{query} — Interactive Knowledge Map"


def facts(made: Made | None) -> tuple[tuple[str, str], ...]:
    """How a map was made, as pairs of a label and its value; none where that is not known."""
    if made is None:
        return ()
    planner = () if made.planner == made.model else (("planned by", clean(made.planner)),)
    return (
        ("made with", f"mapgen {clean(made.mapgen)}"),
        ("model", clean(made.model)),
        *planner,
        ("endpoint", clean(made.endpoint)),
        ("prompts", clean(made.prompts)),
        ("date", _date(made.created)),
        ("calls", _calls(made)),
        *_dropped(made.dropped),
        ("tokens", f"{made.input_tokens:,} in, {made.output_tokens:,} out"),
        ("cost", _cost(made.cost)),
        ("time", f"{made.seconds:,.1f} s"),
    )


def place(page: int | None, heading: str) -> str:
    """Where in a source something stands; empty where that is not known."""
    return ", ".join(filter(None, ("" if page is None else f"p. {page}", heading)))


def footer(pairs: tuple[tuple[str, str], ...]) -> str:
    """Those pairs in one line; empty for none."""
    line = " · ".join(f"{label} {value}" for label, value in pairs)
    return line[:1].upper() + line[1:]


def _date(moment: datetime) -> str:
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except OverflowError:
        return moment.isoformat(" ", "minutes")
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _calls(made: Made) -> str:
    counts = {
        "retried": made.retries,
        "asked again": made.reasked,
        "repaired": made.repairs,
        "from the cache": made.cache_hits,
    }
    return ", ".join([f"{made.calls:,}", *(f"{count:,} {what}" for what, count in counts.items() if count)])


def _dropped(count: int) -> tuple[tuple[str, str], ...]:
    """The quotes that were left out, if any were."""
    return (("left out", f"{counted(count, 'quote')} not found in the sources"),) if count else ()


def _cost(dollars: float | None) -> str:
    if dollars is None:
        return "no price known"
    if 0 < dollars < 0.0001:
        return "under $0.0001"
    return f"${dollars:,.4f}"
