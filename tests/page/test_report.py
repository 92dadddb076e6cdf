"""The evaluation's report in a browser: accessible, silent, whole without its script, its first screen telling all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from mapgen.evaluation.reports import html
from tests.evaluation.compared import hostile, large, small
from tests.page.looking import NARROW, WIDE, boxes, words
from tests.render.hostile import hostile_map

PAGES: dict[str, Callable[[], str]] = {
    "forty": lambda: _page(*large()),
    "small": lambda: html.render(small()),
    "same": lambda: html.render(small(same=True, cases=(), losers=(), metrics=(), diff="", exit_code=0)),
    "hostile": lambda: _page(*hostile(hostile_map())),
}


def _page(told, base, new) -> str:
    return html.render(told, base=base, new=new)


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Callable[[str], Path]:
    """The file of the report of that name, made once."""
    folder = tmp_path_factory.mktemp("reports")

    def writing(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(PAGES[name](), "utf-8")
        return path

    return writing


@pytest.fixture
def report(opened, written) -> Callable[..., Page]:
    """Opens the report of that name."""
    return lambda name, **settings: opened(written(name), **settings)


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]


def queries(page: Page) -> list[str]:
    return page.locator(".case .query").all_inner_texts()


def changes(page: Page) -> list[str]:
    return page.locator(".case .change .value").all_inner_texts()


def number(text: str) -> float:
    return float(text.replace("−", "-").removesuffix("×"))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(report, name, scheme, size) -> None:
    page = report(name, size=size, color_scheme=scheme)
    assert violations(page) == []


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)], ids=["light wide", "dark narrow"])
@pytest.mark.parametrize("name", ["forty", "hostile"])
def test_axe_finds_nothing_in_open_maps(report, name, scheme, size) -> None:
    page = report(name, size=size, color_scheme=scheme)
    page.locator("details").evaluate_all("all => all.slice(0, 6).forEach(one => { one.open = true; })")
    assert violations(page) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_out_of_the_window(report, name, size) -> None:
    page = report(name, size=size)
    page.locator("details").evaluate_all("all => all.slice(0, 3).forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_verdict_losers_metrics_and_edit_are_seen_at_once(report) -> None:
    page = report("forty", size=(1280, 800))
    tops = {name: boxes(page.locator(where).first)[0][1] for name, where in {
        "verdict": "h1", "losers": ".losers", "worst": ".forest tbody tr", "edit": ".diff",
    }.items()}  # fmt: skip
    assert tops["verdict"] < tops["losers"] < min(tops["worst"], tops["edit"])
    assert max(tops.values()) < 520
    assert page.locator(".losers li").count() == 3


def test_without_a_script_everything_is_there(report) -> None:
    page = report("forty", java_script_enabled=False)
    assert page.locator(".case").count() == 40
    assert not page.locator(".tools").is_visible()
    page.locator(".case > summary").nth(1).click()
    told, _, new = large()
    record = new.by_key[told.losers[1].case, 0]
    assert record.map
    shown = words(page.locator(".case[open]").inner_text())
    assert all(words(one.relevance) in shown for one in record.map.concepts)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_loser_leads_to_its_two_maps(report, script) -> None:
    page = report("forty", java_script_enabled=script)
    page.locator(".losers a").nth(1).click()
    maps = page.locator(".case[open] .sides")
    maps.wait_for(state="visible")
    left, right = (boxes(maps.locator(f".side.{arm}").first)[0] for arm in ("base", "new"))
    assert left[1] == right[1]
    assert left[0] < right[0]
    assert 0 <= boxes(page.locator(".case[open] .moves"))[0][1] < 800


def test_a_linked_address_opens_its_maps(report) -> None:
    told, _, _ = large()
    page = report("forty", at=f"#case-{told.losers[2].case}")
    assert page.locator(".case[open] .query").inner_text() == told.losers[2].query


def test_on_a_narrow_window_the_maps_stand_one_under_the_other(report) -> None:
    page = report("forty", size=NARROW)
    page.locator(".case > summary").nth(1).click()
    base, new = (boxes(page.locator(f".case[open] .side.{arm}").first)[0] for arm in ("base", "new"))
    assert base[1] < new[1]
    assert abs(base[0] - new[0]) <= 1


def test_changed_words_are_marked_on_their_side(report) -> None:
    page = report("forty")
    page.locator(".case > summary").nth(1).click()
    here = page.locator(".case[open]")
    assert here.locator(".base del").count() > 0
    assert here.locator(".new ins").count() > 0
    assert here.locator(".base ins, .new del").count() == 0


def test_queries_come_in_the_order_of_their_loss_or_gain_or_by_name(report) -> None:
    page = report("forty")
    told = [number(text) for text in changes(page) if text != "–"]
    assert told == sorted(told)
    page.get_by_label("Order").select_option("gain")
    assert [number(text) for text in changes(page) if text != "–"] == sorted(told, reverse=True)
    page.get_by_label("Order").select_option("query")
    assert queries(page) == sorted(queries(page), key=str.casefold)


def test_one_metric_can_be_looked_at(report) -> None:
    told, _, _ = large()
    metric = told.metric("template_overlap")
    page = report("forty")
    first = changes(page)
    page.get_by_label("Scores").select_option(label=metric.title)
    scores = {case.query: (metric.new.get(case.id), metric.base.get(case.id)) for case in told.suite.cases}
    moves = {query: new - base for query, (new, base) in scores.items() if new is not None and base is not None}
    shown = dict(zip(queries(page), changes(page), strict=True))
    assert all(abs(number(text) - moves[query]) < 0.006 for query, text in shown.items() if text != "–")
    values = [number(text) for text in shown.values() if text != "–"]
    assert values == sorted(values)
    page.get_by_label("Scores").select_option("")
    assert changes(page) == first


def test_every_metric_has_a_mark_inside_its_plot_and_a_verdict_in_words(report) -> None:
    page = report("forty")
    told, _, _ = large()
    lines = page.locator(".plots .forest tbody tr")
    assert lines.count() == sum(one.primary for one in told.metrics)
    for line in lines.all():
        plot, mark = (boxes(line.locator(where))[0] for where in (".plot", ".plot .dot"))
        assert plot[0] <= mark[0]
        assert mark[0] + mark[2] <= plot[0] + plot[2]
        assert line.locator(".badge").inner_text().split()[-1] in ("worse", "better", "unclear", "same", "untested")


def test_print_shows_the_whole_edit(report) -> None:
    page = report("forty")
    page.emulate_media(media="print")
    assert page.locator(".diff").evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    assert page.locator(".tools").is_hidden()
