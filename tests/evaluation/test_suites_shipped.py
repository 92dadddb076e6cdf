"""The suites that are shipped: sound, as large and varied as the design asks, and without the prompts' own examples."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from mapgen.evaluation.suite import Case, Suite, fingerprint, load, schema
from mapgen.rules.words import content

FIRST_LINE = "# yaml-language-server: $schema=suite.schema.json"
DOMAINS = {"machine-learning", "macroeconomics", "energy", "middle-east", "blockchain", "geopolitics", "biology", "law"}
METRICS = {
    "valid_first", "count_ok", "distinct", "title_ok", "one_sentence", "noncircular", "rel_specific",
    "template_overlap", "rel_query_margin", "rel_not_def", "def_fits_title", "on_topic", "concept_recall",
    "edges_valid", "connected", "cites_resolve", "quote_match", "clean", "language",
}  # fmt: skip
ALIKE = 90  # names this similar count as the same concept


@pytest.fixture(scope="module", params=["core", "languages", "smoke"])
def suite(request: pytest.FixtureRequest, root: Path) -> Suite:
    """Each of the shipped suites in turn."""
    return load(root / "evals" / "suites" / f"{request.param}.yaml")


@pytest.fixture(scope="module")
def core(root: Path) -> Suite:
    return load(root / "evals" / "suites" / "core.yaml")


def referenced(suite: Suite) -> list[Case]:
    return [case for case in suite.cases if case.references]


def test_the_schema_for_editors_is_the_models(root: Path) -> None:
    text = (root / "evals" / "suites" / "suite.schema.json").read_text("utf-8")
    assert text == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def test_every_suite_in_the_folder_is_tested_named_by_its_file_and_tied_to_the_schema(root: Path) -> None:
    files = sorted((root / "evals" / "suites").glob("*.yaml"))
    assert [file.stem for file in files] == ["core", "languages", "smoke"]
    for file in files:
        assert file.read_text("utf-8").splitlines()[0] == FIRST_LINE
        assert load(file).name == file.stem
    assert len({fingerprint(load(file)) for file in files}) == len(files)


def test_a_suite_gates_by_metrics_that_there_are(suite: Suite) -> None:
    assert {*suite.primary, *suite.margins} <= METRICS
    assert len(suite.primary) <= 10


def test_a_suite_takes_as_many_concepts_as_the_plan_asks_for(suite: Suite) -> None:
    from mapgen.steps.plan import FEWEST, MOST

    assert (suite.concepts.min, suite.concepts.max) == (FEWEST, MOST)


def test_a_reference_list_is_of_the_size_agreed(suite: Suite) -> None:
    for case in referenced(suite):
        assert 5 <= len(case.references) <= 8, case.id
        assert 2 <= len(case.must_facts) <= 5, case.id
        assert all(one.aliases for one in case.references), case.id


def test_glosses_are_short_and_facts_are_sentences(suite: Suite) -> None:
    for case in referenced(suite):
        for gloss in (one.gloss for one in case.references):
            assert len(gloss.split()) < 20, gloss
        for text in (*case.must_facts, *(one.gloss for one in case.references)):
            assert text.endswith((".", "。")), text


def test_no_two_references_of_a_case_can_be_taken_for_each_other(suite: Suite) -> None:
    for case in referenced(suite):
        for one, other in combinations(case.references, 2):
            for name in (one.name, *one.aliases):
                for second in (other.name, *other.aliases):
                    assert fuzz.token_sort_ratio(name.lower(), second.lower()) < ALIKE, (case.id, name, second)


def test_no_reference_is_the_query_itself(suite: Suite) -> None:
    for case in referenced(suite):
        assert case.query.casefold() not in {one.name.casefold() for one in case.references}, case.id


def test_a_cluster_holds_phrasings_that_differ(suite: Suite) -> None:
    for one, other in combinations(suite.cases, 2):
        assert fuzz.token_sort_ratio(one.query.lower(), other.query.lower()) < 85, (one.id, other.id)
        if one.cluster == other.cluster:
            assert (one.domain, one.language) == (other.domain, other.language)


def test_the_queries_are_not_the_prompts_examples(suite: Suite, root: Path) -> None:
    prompts = [path.read_text("utf-8") for path in sorted((root / "prompts").rglob("*.j2"))]
    examples = {match for text in prompts for match in re.findall(r"Query: ([^{}\n?]+\??)", text)}
    assert "How do vaccines lead to herd immunity?" in examples
    for case in suite.cases:
        for example in examples:
            assert not set(content(example, "en")) & set(content(case.query, case.language)) - {"lead"}, (
                case.id,
                example,
            )


def test_the_references_are_not_the_prompts_examples(suite: Suite, root: Path) -> None:
    prompts = "".join(path.read_text("utf-8") for path in sorted((root / "prompts").rglob("*.j2")))
    shown = {name.casefold() for name in re.findall(r'"(?:name|source|target)": "([^"]+)"', prompts)}
    assert "immune memory" in shown
    for case in referenced(suite):
        assert not shown & {name.casefold() for one in case.references for name in (one.name, *one.aliases)}, case.id


def test_core_covers_the_domains(core: Suite) -> None:
    domains = Counter(case.domain for case in core.cases)
    assert set(domains) == DOMAINS | {"everyday"}
    assert min(domains.values()) >= 4
    assert len(core.cases) >= 44
    assert {case.language for case in core.cases} == {"en"}


def test_core_has_references_in_every_domain_and_phrasings_of_one_topic(core: Suite) -> None:
    assert len(referenced(core)) >= 14
    assert {case.domain for case in referenced(core)} == {case.domain for case in core.cases}
    clusters = Counter(case.cluster for case in core.cases)
    assert sum(size == 2 for size in clusters.values()) >= 6
    assert len(clusters) >= 40


def test_core_asks_in_many_forms(core: Suite) -> None:
    tags = Counter(tag for case in core.cases for tag in case.tags)
    assert {tag for tag in tags if tags[tag] >= 4} >= {"how", "why", "comparison", "phrase", "subjects", "short"}
    assert {"misspelt", "vague", "long", "colloquial"} <= set(tags)
    lengths = sorted(len(case.query.split()) for case in core.cases)
    assert lengths[0] <= 3
    assert lengths[-1] >= 30


def test_core_says_why_it_gates_by_what(core: Suite) -> None:
    assert 8 <= len(core.primary) <= 10
    for metric in core.primary:
        assert (
            f"{metric}:" in core.description or f"{metric}," in core.description or f"{metric} and" in core.description
        )


def test_smoke_is_four_queries_of_four_domains(root: Path) -> None:
    smoke = load(root / "evals" / "suites" / "smoke.yaml")
    assert len(smoke.cases) == len({case.domain for case in smoke.cases}) == 4
    assert len(referenced(smoke)) == 2


def test_languages_has_three_of_them(root: Path) -> None:
    languages = load(root / "evals" / "suites" / "languages.yaml")
    assert Counter(case.language for case in languages.cases) == {"de": 6, "es": 6, "zh": 6}
    assert {case.language for case in referenced(languages)} == {"de", "es", "zh"}
    assert all(
        any("一" <= letter <= "鿿" for letter in case.query) for case in languages.cases if case.language == "zh"
    )


def test_no_query_is_asked_by_two_suites(root: Path) -> None:
    queries = [case.query for file in (root / "evals" / "suites").glob("*.yaml") for case in load(file).cases]
    assert len(set(queries)) == len(queries)
