"""The index: what is found, in which order, and what is read again when files change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.errors import SourceError
from mapgen.model import Passage, Source
from mapgen.sources.base import Block, Document, Raw
from mapgen.sources.index import Index, Update, kept_at
from mapgen.sources.passages import passages
from mapgen.sources.text import read_text

RATES = "Central banks raise interest rates when prices rise too fast."
OIL = "Oil is traded in barrels; its price follows supply and demand."
FRENCH = "Les banques centrales relèvent leurs taux directeurs."


def quiet(message: str) -> None:
    raise AssertionError(message)


def memory() -> Index:
    return Index.open(None, warn=quiet)


def document(id: str, text: str, *, title: str = "A document", heading: str = "") -> Document:
    block = Block(heading=(heading,) if heading else (), text=text)
    return Document(id=id, title=title, location=f"{id}.txt", blocks=(block,))


def found(index: Index, query: str, language: str = "en") -> list[str]:
    return [hit.passage.source for hit in index.search(query, language=language)]


class Reads:
    """Reads plain text, and remembers what it read."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, path: Path, data: bytes) -> Document:
        self.names.append(path.name)
        blocks = read_text(Raw(name=path.name, data=data)).blocks
        return Document(id=path.stem, title=path.name, location=str(path), blocks=blocks)


def test_words_are_found_in_all_their_forms_and_a_function_word_finds_nothing() -> None:
    index = memory()
    index.put([document("rates", RATES), document("oil", OIL)])
    assert found(index, "What does an interest rate do?") == ["rates"]
    assert found(index, "the price of oil") == ["oil", "rates"]
    assert found(index, "when the does") == ["rates"]
    assert found(index, "giraffes") == found(index, "") == found(index, " ?!") == []


def test_a_passage_is_given_as_it_was_written_with_its_place_and_its_source() -> None:
    index = memory()
    index.put([document("rates", RATES, title="Banking", heading="Policy")])
    (hit,) = index.search("interest")
    assert hit.passage == Passage(source="rates", heading="Policy", offset=0, text=RATES)
    assert hit.share == 1
    assert index.source("rates") == Source(id="rates", title="Banking", location="rates.txt")
    assert index.of("rates") == (hit.passage,)
    assert index.source("other") is None
    assert index.of("other") == ()


def test_a_word_in_the_title_or_a_heading_counts_more_than_one_in_the_text() -> None:
    index = memory()
    index.put([document("a", OIL), document("b", RATES, heading="Barrels"), document("c", RATES, title="Barrels")])
    assert found(index, "barrels") == ["c", "b", "a"]


def test_passages_that_do_not_have_all_the_words_of_a_text_can_be_left_out() -> None:
    index = memory()
    index.put([document("rates", RATES), document("oil", OIL), document("fr", FRENCH, heading="Prices")])

    def having(*texts: str) -> list[str]:
        return [hit.passage.source for hit in index.search("prices of banks", having=texts)]

    assert sorted(having()) == ["fr", "oil", "rates"]
    assert having("interest rate") == having("The Interest", "nothing") == ["rates"]
    assert having("barrel price", "bank prices") == ["rates", "oil"]
    assert having("oil banks") == having("") == having("?!") == []
    assert sorted(having('" OR "prices')) == ["fr", "oil", "rates"]


def test_the_share_of_a_query_weighs_rare_words_more() -> None:
    index = memory()
    index.put([document("a", "Rates rose."), document("b", "Rates and barrels."), document("c", "Rates fell again.")])
    shares = {hit.passage.source: hit.share for hit in index.search("rates barrels")}
    assert shares["b"] == 1
    assert 0 < shares["a"] == shares["c"] < 0.5


def test_equal_passages_come_in_the_order_of_their_locations_whenever_they_were_added() -> None:
    one, other = memory(), memory()
    documents = [document(id, RATES) for id in "cab"]
    one.put(documents)
    other.put(reversed(documents))
    assert found(one, "interest") == found(other, "interest") == ["a", "b", "c"]


def test_other_languages_and_scripts_are_found() -> None:
    index = memory()
    chinese = document("zh", "中央银行提高利率以抑制通货膨胀。", heading="货币政策")
    index.put([document("fr", FRENCH), document("de", "Die Zinssätze der Notenbank steigen."), chinese])
    assert found(index, "le taux directeur", "fr") == ["fr"]
    assert found(index, "RELEVENT", "fr") == ["fr"]
    assert found(index, "Zinssatz und Zinsen", "de") == ["de"]
    (hit,) = index.search("利率是什么", language="zh")
    assert (hit.passage.text, hit.passage.heading) == ("中央银行提高利率以抑制通货膨胀。", "货币政策")


@given(st.text(max_size=80) | st.text(alphabet="\"'()*^:-+{}NEAROT \x00", max_size=40))
@settings(max_examples=150)
def test_no_query_is_an_operator_and_none_raises(query: str) -> None:
    index = memory()
    index.put([document("rates", RATES)])
    assert all(0 <= hit.share <= 1 for hit in index.search(query))
    assert found(index, f'"{query}" interest NEAR(') == ["rates"]
    index.close()


@given(st.text(min_size=1, max_size=200))
@settings(max_examples=60)
def test_no_text_raises_and_each_is_given_as_it_is(text: str) -> None:
    index = memory()
    index.put([document("any", f"interest {text}")])
    (hit,) = index.search("interest")
    assert hit.passage == index.of("any")[0] == document_passage(f"interest {text}")
    index.close()


def document_passage(text: str) -> Passage:
    return Passage(source="any", offset=0, text=Block(text=text).text)


def test_a_document_put_again_replaces_itself() -> None:
    index = memory()
    index.put([document("a", RATES), document("b", RATES)])
    index.put([document("a", OIL)])
    assert found(index, "interest") == ["b"]
    assert index.size() == (2, 2)


@pytest.mark.parametrize("text", [RATES, "中央银行提高利率。"])
def test_passages_keep_the_places_in_them(text: str) -> None:
    blocks = tuple(Block(heading=(f"Part {n}",), page=n, text=text) for n in (1, 2, 3))
    slides, index = Document(id="s", title="Slides", location="s.pdf", blocks=blocks), memory()
    index.put([slides])
    (passage,) = index.of("s")
    assert [place.page for place in passage.places] == [1, 2, 3]
    assert (passage,) == passages(slides)
    assert [hit.passage for hit in index.search(text)] == [passage]


def test_an_update_that_is_ended_keeps_what_it_has_read(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(RATES)
    files, index, read = sorted(tmp_path.glob("*.txt")), memory(), Reads()

    def ending(path: Path, data: bytes) -> Document:
        if path.name == "b.txt":
            raise KeyboardInterrupt
        return read(path, data)

    with pytest.raises(KeyboardInterrupt):
        index.update(files, ending, reader="1")
    assert index.update(files, read, reader="1") == Update(2, 1, 0, ())
    assert read.names == ["a.txt", "b.txt", "c.txt"]


def test_a_fingerprint_changes_when_and_only_when_a_document_does(tmp_path: Path) -> None:
    one, other = memory(), memory()
    one.put([document("a", RATES), document("b", OIL)])
    other.put([document("b", OIL), document("a", RATES)])
    assert one.fingerprint() == other.fingerprint() != memory().fingerprint()
    for changed in (document("a", OIL), document("a", RATES, title="Another"), document("c", RATES)):
        before = one.fingerprint()
        one.put([changed])
        assert one.fingerprint() != before
    file, index = tmp_path / "a.txt", memory()
    prints = []
    for text, reader in ((RATES, "1"), (RATES, "1"), (OIL, "1"), (OIL, "2")):
        file.write_text(text)
        index.update([file], Reads(), reader=reader)
        prints.append(index.fingerprint())
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


def test_a_fingerprint_changes_with_the_way_in_which_passages_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    index = memory()
    index.put([document("a", "Rates rose.")])
    before = index.fingerprint()
    monkeypatch.setattr("mapgen.sources.index.VERSION", 10_000)
    assert index.fingerprint() != before


def test_passages_come_with_their_sources_each_once_and_a_closed_index_is_an_error() -> None:
    index = memory()
    index.put([document("a", RATES), document("b", OIL)])
    found = [index.of(id)[0] for id in "bab"]
    assert [source.id for source in index.cited(found).sources] == ["b", "a"]
    assert index.cited(found).passages == tuple(found)
    index.close()
    index.close()
    with pytest.raises(SourceError, match="The index of the sources failed"):
        index.search("interest")


def test_a_name_that_is_no_text_is_kept_all_the_same(tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    try:
        file.write_text(RATES)
    except OSError:
        pytest.skip("this system's names are text")
    index = memory()
    for expected in (Update(1, 0, 0, ()), Update(0, 1, 0, ())):
        assert index.update([file], lambda _, data: document("x", data.decode()), reader="1") == expected


def test_each_source_has_a_place_of_its_own(tmp_path: Path) -> None:
    one, other = kept_at(tmp_path, "/notes"), kept_at(tmp_path, "/notes/../notes\ud800")
    assert one.parent == other.parent == tmp_path
    assert one != other
