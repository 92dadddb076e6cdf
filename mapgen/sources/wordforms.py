"""The forms of a word made one: singular and plural, and the British and the American spelling of English.

What comes out is for comparing, not for reading: where letters do not tell which form a word is, all forms are cut
alike, as "cause" and "causes" to "caus". It knows words, and no names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_SHORTEST = 4  # letters of a word that has forms
_IRREGULAR: Mapping[str, Mapping[str, str]] = {
    "en": {
        "children": "child", "crises": "crisis", "feet": "foot", "geese": "goose", "indices": "index", "lens": "lens",
        "lenses": "lens", "lives": "life", "mice": "mouse", "oases": "oasis", "oxen": "ox", "teeth": "tooth",
        "vertices": "vertex", "vortices": "vortex",
    },
}  # fmt: skip

_PLURAL: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"^((?:book)?shel|cal|dwar|el|hal|hoo|lea|loa|scar|sel|shea|thie|whar|wol)ves$", r"\1f"),
        (r"^((?:house|mid)?wi|kni)ves$", r"\1fe"),
        (r"(bacteri|equilibri|millenni|referend|spectr)a$", r"\1um"),
        (r"(criteri|mitochondri|phenomen|polyhedr)a$", r"\1on"),
        (r"(bacill|cact|fung|nucle|radi|stimul)i$", r"\1us"),
        (r"(antenn|formul|larv|nebul|supernov|vertebr)ae$", r"\1a"),
        (r"(append|matr)ices$", r"\1ix"),
        (r"(?<=..)ies$", "y"),
        (r"(ss|sh|ch|x|zz)es$", r"\1"),
        (r"(?<=...)oes?$", "o"),
        (r"(?<![sui])s$", ""),
    ),
    "es": (("ces$", "z"), (r"([lrndjyz])es$", r"\1"), (r"([aeiou])s$", r"\1")),
    "fr": ((r"(?<!e)aux$", "al"), (r"(eau|eu|ou)x$", r"\1"), (r"(?<!s)s$", "")),
}
"""What a plural ends with, and what stands for it; the first that fits. Of Latin and Greek ones those in titles."""

_ALIKE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"(?<=..)our(?=$|able$|al$|ed$|er$|ful$|hood$|ing$|ist$|ite$|less$)", "or"),
        (r"(?<=..)is(?=ation$|e[dr]?$|ing$)", "iz"),
        (r"(?<=..)(?<!tim)([bt])re$", r"\1er"),
        (r"(?<=.)ae(?=[cdmo])", "e"),
        (r"(f)oe(?=t)|(rh)oe(?=a$)|(m)oe(?=b)|^oe(?=[ds])", r"\1\2\3e"),
        (r"(?<=[ae]l)l(?=ed$|er$|ing$)", ""),
        (r"^(def|lic|off|pret)ence$", r"\1ense"),
        (r"(?<=al)ogue$", "og"),
        (r"^sulph", "sulf"),
        (r"mould", "mold"),
        (r"^aluminium$", "aluminum"),
        (r"^aeroplane$", "airplane"),
        (r"^grey$", "gray"),
        (r"^plough$", "plow"),
        (r"^programme$", "program"),
        (r"(?<=..)men$", "man"),
        (r"(?<=...)sis$|(?<=..)se$", "s"),  # hypothesis and hypotheses, virus and viruses
    ),
}
"""British spellings and what else is cut alike; all that fit, one after the other."""


@lru_cache(maxsize=50_000)
def common_form(word: str, language: str) -> str:
    """What all forms of a folded word have in common: the word itself where it is short, or no rules are known."""
    if len(word) < _SHORTEST:
        return word
    form = _IRREGULAR.get(language, {}).get(word) or _singular(word, language)
    for written, alike in _ALIKE.get(language, ()):
        form = re.sub(written, alike, form)
    return form


def _singular(word: str, language: str) -> str:
    for ending, single in _PLURAL.get(language, ()):
        made, number = re.subn(ending, single, word)
        if number:
            return made
    return word
