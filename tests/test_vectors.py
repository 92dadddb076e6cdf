"""Embeddings: exact where it matters, the same whatever the batch, and a clear word when the package is missing."""

from __future__ import annotations

import importlib.util
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.errors import ConfigError
from mapgen.vectors import WordLlama, plainly, supported, wordllama

TEXTS = ("Inflation: a sustained rise in prices.", "Chlorophyll: a green pigment in leaves.", "")


def folder() -> Path:
    found = importlib.util.find_spec("wordllama")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


def cosine(one: str, other: str) -> float:
    rows = wordllama()([one, other])
    return float(rows[0] @ rows[1])


def test_rows_are_of_length_one_or_empty() -> None:
    rows = wordllama()(TEXTS)
    assert rows.shape == (3, 256)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1).tolist() == pytest.approx([1, 1, 0], abs=1e-6)
    assert wordllama()([]).shape == (0, 256)


def test_texts_alike_in_meaning_are_closer_than_others() -> None:
    price = "Inflation: a sustained rise in the general level of prices."
    assert cosine(price, "Price growth: consumer prices going up from year to year.") > 0.3
    assert cosine(price, "Chlorophyll: a green pigment that absorbs light in leaves.") < 0.1
    assert cosine(price, price) == pytest.approx(1, abs=1e-6)


def test_a_text_has_the_same_row_in_every_batch() -> None:
    fresh = WordLlama(folder())
    alone = [fresh([text])[0] for text in reversed(TEXTS)]
    together = wordllama()([*TEXTS, "a much longer text that would pad all the others " * 20])
    for one, other in zip(alone, reversed(together[:3]), strict=True):
        assert np.array_equal(one, other)


def test_case_quotes_and_space_make_no_difference() -> None:
    assert cosine("The “Central  Bank’s” rate", 'the "central bank\'s" RATE') == pytest.approx(1, abs=1e-6)
    assert plainly("  Ｆｕｌｌ «Width»\tText ") == 'full "width" text'


@given(st.lists(st.text(max_size=60), max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_text_has_a_finite_row(texts: list[str]) -> None:
    rows = wordllama()(texts)
    assert rows.shape == (len(texts), 256)
    assert np.isfinite(rows).all()
    assert (np.linalg.norm(rows, axis=1) < 1 + 1e-5).all()


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapgen.vectors.CACHED", 3)
    fresh = WordLlama(folder())
    for n in range(10):
        rows = fresh([f"text number {n}", "a text that returns"])
        assert np.array_equal(rows[1], wordllama()(["a text that returns"])[0])
        assert len(fresh._known) <= 3


def test_a_missing_package_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    wordllama.cache_clear()
    monkeypatch.setattr("mapgen.vectors.find_spec", lambda name: None)
    try:
        with pytest.raises(ConfigError, match="wordllama is missing") as caught:
            wordllama()
        assert "mapgen[evals]" in caught.value.hint
    finally:
        wordllama.cache_clear()


def test_loading_leaves_the_root_logger_and_the_network_alone() -> None:
    program = (
        "import sys, logging; from mapgen.vectors import wordllama; wordllama()(['a text']);"
        "print(logging.getLogger().handlers, sorted({'wordllama', 'requests', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["[]", "[]"]
    assert logging.getLogger().level >= logging.WARNING


def test_only_english_is_supported() -> None:
    assert [supported(code) for code in ("en", "en-GB", "de", "zh-Hans", "")] == [True, True, False, False, False]
