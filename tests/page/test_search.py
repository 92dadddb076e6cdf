"""Search: the cards that hold the words stay, the others' boxes are dimmed, and how many there are is announced."""

from __future__ import annotations

import pytest

from tests.page.looking import NARROW, bright, card, faint, focused, in_view, node, status
from tests.page.maps import named


def found(page) -> list[str]:
    return page.locator("article:visible").evaluate_all("cards => cards.map(card => card.id)")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("marker3", ["c3"]),
        ("EFFICACY vaccine", ["c3"]),
        ("  herd   immunity ", ["c1"]),
        ("2. notion", ["c2"]),
        ("no such words", []),
        ("<b>&(", []),
    ],
)
def test_cards_with_every_word_stay_and_other_boxes_are_dimmed(opened, asked, expected) -> None:
    page = opened("six")
    page.get_by_role("searchbox").fill(asked)
    assert found(page) == expected
    assert bright(page) == set(expected)
    assert status(page) == (f"{len(expected)} of 6 concepts" if expected else "Nothing found.")
    page.get_by_role("searchbox").fill("")
    assert (len(found(page)), faint(page), status(page)) == (6, set(), "")


@pytest.mark.parametrize("asked", ["epidemic threshold", "Épidemic", "E\u0301PIDEMIC"])
def test_marks_on_letters_do_not_matter(opened, asked) -> None:
    page = opened("twelve")
    page.get_by_role("searchbox").fill(asked)
    assert "c12" in found(page)


def test_other_scripts_are_found(opened) -> None:
    page = opened("chinese")
    page.get_by_role("searchbox").fill("貨幣")
    assert found(page) == ["c2"]


def test_enter_goes_to_the_first_hit(opened) -> None:
    page = opened("six", size=NARROW)
    page.get_by_role("searchbox").fill("antibodies")
    page.keyboard.press("Enter")
    page.wait_for_url("**#c4")
    assert focused(page) == "c4"
    assert in_view(page, card(page, "c4"))


def test_enter_without_a_hit_stays(opened) -> None:
    page = opened("six")
    page.get_by_role("searchbox").fill("nothing of the kind")
    page.keyboard.press("Enter")
    assert "#" not in page.url


def test_a_link_to_a_hidden_card_shows_it(opened) -> None:
    page = opened("six")
    page.get_by_role("searchbox").fill("marker3")
    node(page, "c5").click()
    assert card(page, "c5").is_visible()
    assert page.get_by_role("searchbox").input_value() == ""
    assert in_view(page, card(page, "c5"))
    assert (len(found(page)), status(page)) == (6, "")


def test_enter_goes_to_the_best_hit_a_name_before_a_text(opened) -> None:
    page = opened("six")
    last = named("six").concepts[-1]
    page.get_by_role("searchbox").fill(last.name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#{last.id}")


def test_a_search_hides_what_is_no_card(opened) -> None:
    page = opened("source")
    assert page.locator(".contrast").is_visible()
    page.get_by_role("searchbox").fill("collapse")
    assert not page.locator(".contrast").is_visible()
    assert page.locator(".status").is_visible()
