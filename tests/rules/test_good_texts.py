"""Good texts, in many domains and eight languages: no rule may find anything in them.

A false alarm costs its user a model call and marks a good map incomplete. They know the rules' doors only.
"""

from __future__ import annotations

import pytest

from mapgen.model import Draft
from mapgen.rules.concepts import check_draft
from mapgen.rules.names import check_name

RATES = "How do interest rates affect inflation and oil prices?"

GOOD = [
    ("en", RATES, "Interest Rates",
     "Interest rates are the cost of borrowing money, typically expressed as a percentage of the principal amount "
     "borrowed.",
     "Higher interest rates make borrowing more expensive, which can lead to higher prices for goods and services. "
     "This can cause inflation, which is the general increase in prices over time."),
    ("en", RATES, "Oil Demand",
     "Oil demand is the quantity of crude oil and its products that buyers take off the market in a given period.",
     "When central banks tighten, factories and hauliers cut output and burn less fuel. That lowers the price of a "
     "barrel a few months after the rate decision."),
    ("en", RATES, "Inflation",
     "Inflation is a rise in prices.",
     "Central banks raise rates when inflation exceeds their target, because dearer credit cools spending. Oil feeds "
     "into it directly: fuel and freight make up roughly a tenth of consumer baskets."),
    ("en", "How do plants make food?", "Chlorophyll",
     "Chlorophyll is a green pigment found in plant cells that captures light energy from the sun and uses it to "
     "convert carbon dioxide and water into glucose and oxygen.",
     "It absorbs red and blue light, and the energy lifts electrons that drive the rest of the reaction. Leaves that "
     "lose it in autumn stop making sugar."),
    ("en", "How do vaccines work?", "Memory B Cells",
     "Memory B cells are long-lived lymphocytes that remember an antigen after the first encounter with it.",
     "A vaccine leaves them behind without the disease. On infection they divide within hours and flood the blood "
     "with antibodies (e.g. IgG), so the pathogen is cleared before symptoms appear."),
    ("en", "Why is the sky blue?", "Rayleigh Scattering",
     "Rayleigh scattering is the deflection of light by particles much smaller than its wavelength, with a strength "
     "that grows as 1/λ⁴.",
     "Air molecules deflect blue light about 5.5 times as strongly as red. We therefore receive blue from every "
     "direction of the sky, while the direct beam of a setting sun turns orange."),
    ("en", "What should I know before buying a house?", "Home Inspection",
     "A home inspection is a paid, independent examination of a building's structure, wiring, plumbing and roof.",
     "It turns up defects before the contract binds you, when the seller can still be asked to repair or discount. "
     "Waiving it to win a bidding war shifts those costs, often $10,000 or more, onto the buyer."),
    ("en", "Rust vs Go for backend services", "Ownership Model",
     "Rust's ownership model assigns each value one owner at compile time and frees it when that owner goes out of "
     "scope.",
     "It is why Rust needs no garbage collector and has no GC pauses, whereas Go accepts sub-millisecond pauses for "
     "simpler code. Teams pay for it in a steeper learning curve and longer compile times."),
    ("en", "Proof of work vs proof of stake", "Proof of Stake",
     "Proof of stake is a consensus protocol in which validators are chosen to propose blocks in proportion to the "
     "coins they lock up as collateral.",
     "It replaces the electricity bill of mining with capital at risk. Ethereum cut its energy use by about 99.95 "
     "percent when it switched in September 2022, at the price of a new worry: large holders gain influence."),
    ("en", "How does the U.S. Supreme Court decide cases?", "Stare Decisis",
     "Stare decisis (Latin for \"to stand by things decided\") is the doctrine that courts follow their earlier "
     "rulings.",
     "It lets lower courts predict outcomes, and it raises the burden on a litigant who asks the justices to overrule. "
     "Dobbs v. Jackson, 597 U.S. 215 (2022), shows that the burden can be met."),
    ("en", "Sunni and Shia Islam: history of a split", "Succession Dispute",
     "The succession dispute was the disagreement, after Muhammad's death in 632, about who should lead the Muslim "
     "community.",
     "Those who backed Abu Bakr became the Sunni majority; the party of Ali (shi'at Ali) gave the Shia their name. "
     "The killing of Husayn at Karbala in 680 turned a political quarrel into a religious identity."),
    ("en", "How do LLM agents use tools?", "ReAct Pattern",
     "The ReAct pattern is a prompting scheme that alternates a model's reasoning steps with calls to outside tools.",
     "Each observation is appended to the prompt, so the next thought can correct the last. Without it an agent plans "
     "blind and hallucinates results; with it, errors of the search API become visible text."),
    ("en", "How does CRISPR edit genes?", "Guide RNA",
     "A guide RNA is a short synthetic strand whose 20-nucleotide sequence pairs with a matching stretch of DNA.",
     "It steers Cas9 to the cut site, so retargeting the enzyme means ordering a new strand instead of engineering a "
     "protein. Mismatches near the PAM end explain most off-target cuts."),
    ("en", "Is nuclear power safe?", "Passive Safety",
     "Passive safety means that a reactor shuts down and cools itself by gravity, convection or expansion, without "
     "pumps, power or operators.",
     "At Fukushima the diesel pumps drowned. Designs such as the AP1000 would have cooled for 72 h without them, which "
     "removes the accident sequence behind most of the calculated risk."),
    ("en", "How do tariffs affect trade?", "Supply Chain Management",
     "Supply chain management is the management of supply chains from raw materials through production and "
     "transport to the final customer.",
     "Firms answer duties by moving assembly to exempt countries, such as Vietnam or Mexico. The rerouting adds "
     "freight and inventory, so part of the tariff is paid even where no duty is."),
    ("de", "Wie beeinflussen Zinsen die Inflation?", "Leitzins",
     "Der Leitzins ist der von der Zentralbank festgelegte Satz, zu dem sich Geschäftsbanken bei ihr Geld leihen "
     "können.",
     "Steigt er, verteuern die Banken ihre Kredite, und Haushalte wie Firmen geben weniger aus. Die Nachfrage sinkt, "
     "und nach etwa zwölf bis 18 Monaten lässt der Preisauftrieb nach."),
    ("de", "Warum brach der Erste Weltkrieg aus?", "Bündnissystem",
     "Das Bündnissystem war ein Netz aus Verträgen, durch das sich die Großmächte Europas seit dem ausgehenden 19. "
     "Jahrhundert gegenseitig Beistand zusagten, z. B. im Dreibund.",
     "Als Österreich-Ungarn am 28. Juli 1914 Serbien angriff, zog es nacheinander Russland, Deutschland und "
     "Frankreich hinein. Aus einem Konflikt auf dem Balkan wurde so in einer Woche ein europäischer Krieg."),
    ("fr", "Comment fonctionne la photosynthèse ?", "Cycle de Calvin",
     "Le cycle de Calvin est la suite de réactions qui, dans le stroma du chloroplaste, fixe le dioxyde de carbone "
     "sous forme de sucres.",
     "Il consomme l'ATP et le NADPH que la phase lumineuse a produits. Sans lumière, ces réserves s'épuisent en "
     "quelques secondes et la plante cesse de fabriquer du glucose."),
    ("fr", "Énergie solaire vs énergie éolienne", "Intermittence",
     "L'intermittence désigne l'alternance, imposée par la météo, de périodes avec et sans production d'électricité.",
     "Le soleil manque chaque nuit, le vent parfois une semaine entière : « panne sèche » et stockage ne se "
     "ressemblent donc pas. Un réseau qui marie les deux lisse une part des creux."),
    ("es", "¿Cómo funcionan las criptomonedas?", "Cadena de bloques",
     "Una cadena de bloques es un registro compartido en el que cada página de transacciones lleva la huella "
     "criptográfica de la anterior.",
     "Gracias a ella nadie puede gastar dos veces la misma moneda sin rehacer todo el historial. Ese coste sustituye "
     "al banco que, p. ej., comprueba el saldo antes de autorizar un pago."),
    ("es", "¿Por qué sube el precio del petróleo?", "OPEP",
     "La OPEP es una organización de trece países exportadores que acuerdan cuánto crudo extraer.",
     "Cuando recorta cuotas, falta oferta y el barril se encarece en pocos días. En 1973 su embargo cuadruplicó la "
     "cotización, y en 2020 su disputa con Rusia la hundió."),
    ("ja", "金利はインフレにどのように影響しますか？", "政策金利",
     "政策金利とは、中央銀行が民間銀行に資金を貸し出す際の基準となる利率である。",
     "引き上げられると住宅ローンや企業融資が高くなり、消費と投資が冷え込む。その結果、需要が減って物価の上昇が抑えられる。"),
    ("zh", "利率如何影响通货膨胀？", "货币供应量",
     "货币供应量是指某一时点经济体中流通的现金与各类存款的总和。",
     "央行加息后，贷款成本上升，银行放贷减少，存款创造随之放缓。流通中的钱变少，商家难以涨价，物价涨幅因此回落。"),
    ("zh", "疫苗是怎么工作的？", "抗原",
     "抗原是能够被免疫系统识别并引发抗体产生的分子。",
     "接种时注入的灭活病毒或mRNA带来这种分子的片段，使身体提前练习。真正感染时，记忆细胞几小时内就能大量制造抗体。"),
    ("ar", "كيف تعمل اللقاحات؟", "الأجسام المضادة",
     "الأجسام المضادة بروتينات ينتجها الجهاز المناعي لتلتصق بجزيئات غريبة محددة وتعطلها.",
     "يحفز اللقاح الخلايا البائية على إنتاجها قبل وصول الفيروس الحقيقي. وعند العدوى تغلف الجسيمات فتمنعها من دخول "
     "الخلايا، ولهذا تأتي الأعراض أخف."),
    ("ru", "Как процентные ставки влияют на инфляцию?", "Ключевая ставка",
     "Ключевая ставка — это процент, под который центральный банк выдаёт кредиты коммерческим банкам.",
     "Когда её поднимают, ипотека и займы дорожают, люди больше сберегают и меньше покупают. Спрос падает, и через "
     "6–18 месяцев рост цен замедляется."),
    ("pt", "Como surgiu o Império Otomano?", "Janízaros",
     "Os janízaros eram soldados de infantaria recrutados entre meninos cristãos e pagos diretamente pelo sultão.",
     "Formaram o primeiro exército permanente da Europa medieval e tomaram Constantinopla em 1453. Como dependiam só "
     "do soberano, livravam-no da nobreza turca."),
    ("it", "Perché cadde l'Impero romano?", "Invasioni barbariche",
     "Le invasioni barbariche furono gli spostamenti di Goti, Vandali e altri popoli entro i confini romani tra il IV "
     "e il VI secolo.",
     "Sottrassero all'Occidente le province che pagavano le legioni, prima fra tutte l'Africa nel 439. Senza quelle "
     "tasse l'esercito si ridusse e l'Italia restò indifesa."),
]  # fmt: skip

IDS = [f"{language}-{name}" for language, _, name, _, _ in GOOD]


@pytest.mark.parametrize(("language", "query", "name", "definition", "relevance"), GOOD, ids=IDS)
def test_a_good_concept_passes_every_rule(
    language: str, query: str, name: str, definition: str, relevance: str
) -> None:
    draft = Draft(definition=definition, relevance=relevance)
    assert check_draft(name, draft, where="concepts.c", query=query, language=language) == ()
    assert check_name(name, "concepts.c.name", query=query, language=language) == ()


def test_the_good_texts_are_many_and_in_many_languages() -> None:
    assert len(GOOD) >= 25
    assert {"en", "de", "fr", "es", "ja", "zh", "ar", "ru"} <= {language for language, *_ in GOOD}
