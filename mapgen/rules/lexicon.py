"""The word lists that the rules weigh texts with, by kind and language.

English function words are listed here because the stop-words package counts "interest", "world" and "system"
among them. It knows no rule: words.py stems these lists, the rules use them.
"""

from __future__ import annotations

from collections.abc import Mapping


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written with spaces."""
    return frozenset(text.split())


def phrases_of(text: str) -> frozenset[str]:
    """The phrases of a list that is written with upright strokes."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split("|"))


ENGLISH_STOP = words_of("""
a about above across after again against all almost along already also although always am among an and another
any are around as at away be became because become becomes been before behind being below beside between beyond
both but by can cannot could did do does doing done down due during each either else enough etc even ever every
few for from further had has have having he hence her here hers herself him himself his how however i if in
indeed inside instead into is it its itself just least less like may me might more moreover most much must my
myself near neither never no nor not now of off often on once one only onto or other others otherwise our ours
ourselves out outside over own per perhaps quite rather really same shall she should since so some such than
that the their theirs them themselves then there thereby therefore these they this those though through
throughout thus to together too toward towards under unless until up upon us very via was we well were what
whatever when whenever where whereas whereby wherein whether which while who whom whose why will with within
without would yet you your yours yourself yourselves s t d ll re ve m e g ie eg vs versus
""")

_BOILERPLATE = {
    "en": """
        important importance crucial crucially key role plays play essential essentially various significant
        significance significantly impact impacts factor factors understand understanding understood concept
        concepts topic topics subject question query context reader readers overview helps help helping
        helpful better useful fundamental central vital critical critically relevant relevance aspect aspects
        part parts provide provides providing insight insights way ways thing things people many several
        different need needs needed know knowledge known learn learning consider considered considering
        considerable field area areas domain broad broader wide wider general generally overall whole great
        greatly big major main good best deep deeper comprehensive clear clearly closely directly related
        relate relates relation relationship connection connected connects link linked basis basic basics
        foundation foundational used use uses using make makes made making affect affects effect effects
        influence influences contribute contributes determine determines shape shapes explore exploring
        discuss discussed discussion explain explains explaining answer answers answering grasp appreciate
        appreciating matter matters meaningful interesting offer offers give gives allow allows enable
        enables let lets get gets gain gaining picture idea ideas complete full fully necessary valuable
        integral core highlight highlights new today modern world life issue issues problem problems
        lot involve involves involved include includes including particular particularly especially specific
        specifically implication implications decision decisions informed inform comprehend comprehension
        component components element elements element serve serves point points term terms perspective light
        examine examining analysis analyze analyzing study studying tackle address addressing regard
        discipline number ability able achieve success successful approach information background
    """,
    "de": """
        wichtig wichtige wichtiger wichtigen Bedeutung bedeutend zentral zentrale zentrales entscheidend
        entscheidende wesentlich wesentliche Rolle spielt spielen Thema Frage Kontext Konzept Begriff
        Verständnis verstehen versteht hilft helfen besser bessere besseren Überblick Aspekt Aspekte Faktor
        Faktoren Zusammenhang Zusammenhänge relevant relevante Relevanz grundlegend grundlegende Grundlage
        verschiedene verschiedenen Leser Leserin Bereich Bereiche allgemein insgesamt Einfluss beeinflusst
        trägt bei Beitrag Element Teil Teile nützlich hilfreich gut große großer ganze Wissen wissen
    """,
    "fr": """
        important importante importants essentiel essentielle crucial cruciale clé rôle joue jouent sujet
        question contexte concept notion comprendre compréhension aide aident mieux meilleure aperçu aspect
        aspects facteur facteurs pertinent pertinente pertinence fondamental fondamentale divers diverses
        différents lecteur domaine domaines général ensemble influence contribue élément partie utile grand
        grande central centrale savoir permet thème significatif impact
    """,
    "es": """
        importante importantes importancia esencial crucial clave papel rol juega desempeña tema pregunta
        contexto concepto comprender comprensión entender ayuda ayudan mejor visión aspecto aspectos factor
        factores relevante relevancia fundamental diversos diferentes lector ámbito general conjunto influye
        contribuye elemento parte útil gran grande central saber permite significativo impacto campo cuestión
    """,
    "ru": """
        важный важна важно важную важной значение ключевой ключевую ключевая роль играет тема темы вопрос вопроса
        контекст контексте понятие концепция понимание понимания понять помогает лучше обзор аспект фактор
        существенный основной основа различный читатель область общий влияние элемент часть полезный
    """,
    "zh": """
        重要 关键 作用 概念 理解 主题 问题 帮助 读者 了解 更好 因素 影响 方面 意义 核心 基础 相关 必要 起着 扮演 角色
        提供 背景 有助 助于 整体 十分 非常 具有
    """,
    "ja": "重要 概念 理解 役割 主題 問題 読者 要素 影響 側面 意義 中心 基礎 関連 必要 質問 文脈 全体 知識",
}

_GENERIC = {
    "en": """
        type types kind kinds form forms sort concept concepts term terms idea notion thing things process method
        way ways example refer refers referring mean means meaning define defined definition describe describes
        describing denote something someone use uses used using related relating called known occur occurs happen
        happens happening exist exists involve involves consist instance phenomenon word concern concerning
    """,
    "de": "Art Form Begriff Prozess Konzept Vorgang Beispiel bezeichnet bedeutet beschreibt etwas nennt heißt Typ",
    "fr": "type forme sorte concept notion terme processus désigne signifie décrit appelle chose façon manière",
    "es": "tipo forma clase concepto noción término proceso designa significa describe llama cosa manera refiere",
    "ru": "тип вид форма понятие термин процесс означает называется явление способ обозначает",
}

_ASKING = {
    "en": """
        affect affects affecting influence influences influenced impact impacts cause causes caused effect effects
        role roles differ differs difference differences different relationship relation relations link links
        connection explain explained explanation guide introduction overview compare compared comparing comparison
        contrast tell show describe meaning mean means know need want best better worse good bad main important
        importance key example examples tip tips reason reasons benefit benefits advantage advantages disadvantage
        disadvantages pros cons learn understand use used uses make makes made get give help helps lead leads led drive
        drives driven determine determines happen happens please question answer summary summarize list should
        whether true false say think see find keep let try take put reduce raise improve prevent matter matters
        exactly actually still ever consequence consequences implication implications step steps
    """,
    "de": """
        Unterschied Unterschiede Vergleich Einfluss Auswirkung Auswirkungen Wirkung Rolle Geschichte Zukunft
        Grundlagen Bedeutung Zusammenhang Beziehung Ursache Ursachen Folge Folgen Vorteil Vorteile Nachteil
        Nachteile Beispiel Beispiele Überblick Einführung Erklärung Art Arten Frage Fragen Problem Probleme
        Menschen Mensch Welt Land Länder Unternehmen Leben Gesellschaft Jahr Jahre Zeit Leute Kinder Thema
        Deutschland Sie Ihnen Ihr Gründe Grund Tipps Dinge Weise
    """,
    "fr": "différence différences rôle effet effets histoire avenir influence impact comparaison entre relation",
    "es": "diferencia diferencias papel efecto efectos historia futuro influencia impacto comparación relación",
    "ru": "разница различие отличие роль влияние история будущее сравнение связь между отличается",
    "zh": """
        影响 区别 差异 不同 关系 作用 历史 未来 原因 什么 如何 怎么 为什么 比较 对比 介绍 解释 问题 哪些 意义 工作 原理
    """,
    "ja": "影響 違い 関係 役割 歴史 未来 原因 理由 比較 説明 問題 意味 方法 仕組 仕組み 何故 基本 入門",
}

_LOOSE = {
    "en": """
        work works working function functions history future basics theory topic topics type types kind kinds part
        parts concept concepts idea ideas change changes people person world country countries company companies
        business businesses life society today modern current new old recent big small large great high low
        beginner beginners student students child children kid kids term terms simple simply time times day days
        year years century start begin end look come go become feel rise rises fall falls increase decrease protect
        evolve evolved development develop developed process processes state states factor factors side sides
        problem problems issue issues risk risks way ways thing things human humans everyone everything learning
        alternative alternatives result results challenge challenges strategy strategies method methods
    """,
}

RELATING = words_of(
    "affect affects affecting influence influences impact impacts cause causes shape shapes between of on compare"
)
"""English words after which a run of content words is a subject that the query names."""

LISTS: Mapping[str, Mapping[str, str]] = {
    "boilerplate": _BOILERPLATE,
    "generic": _GENERIC,
    "asking": _ASKING,  # what surrounds a subject in a question
    "loose": _LOOSE,  # what names no subject alone, but may be part of one: "world models"
}
