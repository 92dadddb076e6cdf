"""Passages: nothing lost, order kept, offsets right, bounds held, whatever the document."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.model import Passage, Place
from mapgen.rules.words import count
from mapgen.sources.base import Block, Document
from mapgen.sources.passages import FEWEST, MOST, passages, whole
from mapgen.text import clean

SENTENCE = st.lists(
    st.sampled_from(["rates", "prices", "banks", "money", "slowly", "the", "of", "lend"]), min_size=1, max_size=60
).map(lambda words: " ".join(words).capitalize() + ".")
PROSE = st.lists(SENTENCE, min_size=1, max_size=12).map(" ".join)
HEADINGS: st.SearchStrategy[tuple[str, ...]] = st.sampled_from([(), ("One",), ("One", "Two"), ("Three",)])
BLOCKS = st.builds(Block, heading=HEADINGS, page=st.none() | st.integers(1, 9), text=PROSE)
ANY = st.builds(
    Block,
    heading=HEADINGS,
    text=st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Mn")), max_size=900),
)


def document(*blocks: Block) -> Document:
    return Document(id="d", title="A document", location="d.txt", blocks=blocks)


def pressed(text: str) -> str:
    return "".join(clean(text).split())


def told(words: int) -> str:
    return " ".join(["word"] * (words - 1)) + " end."


@given(st.lists(BLOCKS | ANY, max_size=8))
@settings(max_examples=40)
def test_nothing_is_lost_and_the_order_is_kept(blocks: list[Block]) -> None:
    made = document(*blocks)
    assert pressed("".join(one.text for one in passages(made))) == pressed(whole(made))


@given(st.lists(BLOCKS | ANY, max_size=8))
@settings(max_examples=40)
def test_an_offset_is_where_the_text_stands(blocks: list[Block]) -> None:
    text = whole(document(*blocks))
    found = passages(document(*blocks))
    assert bool(found) == bool(clean(text))
    after = [one.offset for one in found[1:]] + [len(text)] * bool(found)
    for one, end in zip(found, after, strict=True):
        assert clean(text[one.offset : end]) == one.text


@given(st.lists(BLOCKS, min_size=1, max_size=8))
@settings(max_examples=40)
def test_all_but_the_last_of_a_page_have_their_number_of_words(blocks: list[Block]) -> None:
    found = passages(document(*blocks))
    assert all(count(one.text) <= MOST for one in found)
    short = [one for one, after in pairwise(found) if count(one.text) < FEWEST and one.page == after.page]
    assert short == []


@given(st.lists(ANY, max_size=4))
@settings(max_examples=40)
def test_no_text_makes_a_passage_that_is_too_long(blocks: list[Block]) -> None:
    assert all(count(one.text) <= MOST for one in passages(document(*blocks)))


def test_a_short_document_gives_one_passage_and_an_empty_one_none() -> None:
    short = passages(document(Block(heading=("Top",), page=2, text="Rates rose. Prices fell.")))
    assert short == (Passage(source="d", heading="Top", page=2, offset=0, text="Rates rose. Prices fell."),)
    assert passages(document()) == passages(document(Block(text=" \n "))) == ()


def test_a_section_that_is_long_enough_has_passages_of_its_own() -> None:
    found = passages(document(Block(heading=("One",), text=told(90)), Block(heading=("Two",), page=3, text=told(90))))
    assert [(one.heading, one.page, one.offset) for one in found] == [("One", None, 0), ("Two", 3, len(told(90)) + 2)]


@given(st.lists(st.integers(20, 700), min_size=1, max_size=5))
def test_a_page_of_enough_words_has_passages_of_its_own(lengths: list[int]) -> None:
    texts = [" ".join(f"Page {page} has it all." for _ in range(words // 5)) for page, words in enumerate(lengths, 1)]
    for passage in passages(document(*(Block(page=page, text=text) for page, text in enumerate(texts, 1)))):
        pages = {int(word) for word in passage.text.split() if word.isdigit()}
        assert min(pages) == passage.page
        assert pages == {passage.page} or min(lengths[page - 1] for page in pages) < FEWEST + 5


def test_a_short_page_shares_the_passage_of_the_next() -> None:
    one, two, three = (
        Block(page=page, text=f"Page {page} has {told(words)}") for page, words in ((1, 90), (2, 30), (3, 90))
    )
    found = passages(document(one, two, three))
    assert [(passage.page, passage.text.count("Page ")) for passage in found] == [(1, 1), (2, 2)]


def test_short_sections_share_a_passage_under_all_of_their_headings() -> None:
    (found,) = passages(document(Block(heading=("A", "B"), text=told(30)), Block(heading=("A", "C"), text=told(30))))
    assert found.heading == "A > B; A > C"


@given(st.lists(st.tuples(HEADINGS, st.none() | st.integers(1, 9), PROSE), min_size=1, max_size=9))
@settings(max_examples=40)
def test_the_heading_and_page_of_each_place_are_told(parts: list[tuple[tuple[str, ...], int | None, str]]) -> None:
    blocks = [Block(heading=head, page=page, text=f"Part{n}  {text}") for n, (head, page, text) in enumerate(parts)]
    found = passages(document(*blocks))
    for n, (head, page, _) in enumerate(parts):
        (passage, at), *_ = [(one, at) for one in found if (at := one.text.find(f"Part{n} ")) >= 0]
        place = passage.place(at)
        assert (place.heading, place.page) == (" > ".join(head), page)
    for one in found:
        assert one.places == () or (one.places[0].start, one.places[0].page) == (0, one.page)


def test_a_passage_of_one_place_and_one_kept_before_places_were_told_have_their_own_heading_and_page() -> None:
    kept = '{"source": "d", "heading": "Top", "page": 2, "offset": 0, "text": "Rates rose. Prices fell."}'
    (found,) = passages(document(Block(heading=("Top",), page=2, text="Rates rose. Prices fell.")))
    assert Passage.model_validate_json(kept) == found
    assert found.place(12) == Place(start=0, heading="Top", page=2)


def test_whole_sentences_where_possible_and_cut_between_words_where_not() -> None:
    whole_ones = passages(document(Block(text=" ".join([told(30)] * 20))))
    assert all(one.text.endswith("end.") for one in whole_ones)
    cut = passages(document(Block(text=told(500))))
    assert max(count(one.text) for one in cut) <= MOST
    assert all(one.text.startswith("word") for one in cut)


@pytest.mark.parametrize("text", ["利率上升。" * 300, "通货膨胀" * 400, "x" * 20_000, "-" * 20_000, "ราคา" * 500])
def test_texts_without_spaces_are_cut_too(text: str) -> None:
    found = passages(document(Block(text=text)))
    assert len(found) > 1
    assert "".join(one.text for one in found) == text
    assert all(count(one.text) <= MOST for one in found)
