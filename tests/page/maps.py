"""The maps that the page is tried with in a browser, by name, and the page of each, made once."""

from __future__ import annotations

from functools import cache

from mapgen.model import RELATION_KINDS, Citation, Concept, KnowledgeMap, Relation, Source
from tests.render.cited import cited_map
from tests.render.conftest import make_rich_map, make_source_map
from tests.render.hostile import ROOT, hostile_map

SIZES = {"one": 1, "three": 3, "six": 6, "twelve": 12, "thirty": 30}
NAMES = (
    "Herd Immunity", "Basic Reproduction Number", "Vaccine Efficacy", "Neutralising Antibodies", "Memory Cells",
    "Transmission", "Breakthrough Infections", "Antigenic Drift", "Booster Doses", "Vaccination Coverage",
    "Contact Networks", "Épidemic Threshold", "Adjuvants", "Messenger RNA", "Cold Chain", "Waning Immunity",
    "Superspreading", "Mucosal Immunity", "Seroprevalence", "Incubation Period", "Quarantine", "Vaccine Hesitancy",
    "Clinical Trials", "Adverse Events", "Herd Threshold Estimates", "Age Structure", "Zoonotic Reservoirs",
    "Viral Load", "Mixing Patterns", "Eradication",
)  # fmt: skip
QUERY = "How do vaccines lead to herd immunity?"
CHIPS = ("Epidemic Models", "Vaccine Safety", "Immune Memory", "Public Health Ethics")


def made(count: int) -> KnowledgeMap:
    """A whole map of so many concepts: each is tied to the next, and every third to the first."""
    concepts = tuple(_concept(rank) for rank in range(1, count + 1))
    pairs = [(rank, rank + 1) for rank in range(1, count)] + [(1, rank) for rank in range(3, count + 1, 3)]
    source = Source(id="s", title="Anderson and May (1985)", location="https://example.org/herd?a=1&b=2")
    return KnowledgeMap(
        query=QUERY,
        title="Vaccines and herd immunity",
        language="en",
        concepts=concepts,
        relations=tuple(_relation(place, *pair) for place, pair in enumerate(pairs)),
        related=CHIPS,
        sources=(source,),
    )


def _concept(rank: int) -> Concept:
    name = NAMES[rank - 1]
    quote = Citation(source="s", quote=f"{name} was measured in {1960 + rank}")
    return Concept(
        id=f"c{rank}",
        name=name,
        definition=f"{name} is the {rank}. notion of epidemiology that this map explains.",
        relevance=f"{name} decides how fast an infection runs out of hosts. Without it a wave returns (marker{rank}).",
        rank=rank,
        citations=(quote,) if rank % 2 else (),
    )


def _relation(place: int, source: int, target: int) -> Relation:
    kind = RELATION_KINDS[place % len(RELATION_KINDS)]
    told = f"It was seen in {NAMES[source - 1]} studies."
    return Relation(source=f"c{source}", target=f"c{target}", kind=kind, label="bears upon", explanation=told)


def foreign(language: str, names: tuple[str, ...], text: str) -> KnowledgeMap:
    """A map in another script: each name tied to the next, every text made of ``text``."""
    return KnowledgeMap(
        query=text,
        title=names[0],
        language=language,
        concepts=tuple(
            Concept(id=f"c{n}", name=name, definition=text, relevance=f"{text} {name}", rank=n)
            for n, name in enumerate(names, start=1)
        ),
        relations=tuple(
            Relation(source=f"c{n}", target=f"c{n + 1}", kind=RELATION_KINDS[n], label=names[0], explanation=text)
            for n in range(1, len(names))
        ),
        related=names[:3],
    )


def compared() -> KnowledgeMap:
    """The source document's map, with a relation between its two sides."""
    map = make_source_map()
    one, two = (next(c.id for c in map.concepts if word in c.name) for word in ("JEPA", "LLM"))
    told = "One predicts representations, the other tokens."
    relation = Relation(source=one, target=two, kind="contrasts-with", label="predicts unlike", explanation=told)
    return map.model_copy(update={"relations": (relation,)})


ARABIC = ("التضخم", "أسعار الفائدة", "النمو الاقتصادي", "السياسة النقدية والبنوك المركزية", "أسعار النفط")
CHINESE = ("通貨膨脹", "利率與中央銀行的貨幣政策", "經濟成長", "供給與需求", "石油價格")
OTHERS = {
    "empty": lambda: KnowledgeMap(query=QUERY, title=QUERY, language="en", concepts=()),
    "arabic": lambda: foreign("ar", ARABIC, "كيف تؤثر أسعار الفائدة في التضخم وأسعار النفط؟"),
    "chinese": lambda: foreign("zh-Hant", CHINESE, "利率如何影響通貨膨脹與石油價格？"),
    "source": make_source_map,
    "compared": compared,
    "rich": make_rich_map,
    "cited": cited_map,
    "hostile": hostile_map,
}
EXAMPLES = tuple(path.stem for path in sorted((ROOT / "examples" / "maps").glob("*.json")))
ALL = (*SIZES, *OTHERS, *EXAMPLES)


@cache
def named(name: str) -> KnowledgeMap:
    """The map of that name."""
    if name in SIZES:
        return made(SIZES[name])
    return OTHERS[name]() if name in OTHERS else KnowledgeMap.load(ROOT / "examples" / "maps" / f"{name}.json")


@cache
def page_of(name: str) -> str:
    """The page of the map of that name."""
    return named(name).to_html(brand="Kinapse")
