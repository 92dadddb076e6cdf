"""Where sentences end: counting and splitting that knows abbreviations, initials, decimals and quotes.

Latin, Cyrillic, Greek, Arabic, Indic and East Asian punctuation. It knows no language: the lists of
abbreviations stand side by side, since a text of one language seldom holds another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from mapgen.rules.lexicon import words_of

_CLOSERS = "\"'”’»›)]}」』）】》〉］｝“*_"
_OPENERS = "\"'“‘«‹([{「『（【《〈［｛„¿¡*_"
_ALWAYS = "。！？｡؟۔।॥։።။។"
_END = re.compile(rf"(?:[.!?]+|…|[{_ALWAYS}])[.!?…{_ALWAYS}]*[{re.escape(_CLOSERS)}]*")
_LAST_WORD = re.compile(r"[^\s(\[«“\"„'’]+$")
_NEXT_WORD = re.compile(rf"[{re.escape(_OPENERS)}\s—–-]*([^\W_]+)")

_NEVER_LAST = words_of(
    """e.g i.e eg ie vs cf dr mr mrs ms mx prof st lt sgt capt rev hon figs eq eqs nos vol pp eds approx ca viz
    resp incl sect ch jan feb apr jun jul aug sep sept oct dec mt ft gov z.b d.h u.a v.a s.o bzw nr abs evtl ggf
    inkl bspw sog u.u o.ä z.t vgl engl griech sr p.ex ex env mme mlle mm p.ej ej sra srta dra av núm pág aprox ee
    им напр т.е т.н ст см рис проф акад"""
)
_MAY_BE_LAST = words_of(
    """etc al inc ltd co corp jr bros usw u.s u.k u.n e.u d.c a.m p.m b.c a.d ph.d m.d b.a m.a usa mio mrd no art
    est min max mind par gen gem tel str col rep sen fig ed mar nov uu т.д т.п д п др г гг в вв тыс"""
)
_STARTERS = words_of(
    """the this these those it its they their there he she we you i in on at a an as by for with when while if
    although however because since such both many most some one another after before during under over but and
    so thus therefore moreover instead unlike like from to das der die ein eine dies diese sie er es le la les un
    une el los las esta este это он она они"""
)
_ORDINAL_NEXT = words_of(
    """januar februar märz april mai juni juli august september oktober november dezember jahrhundert jahrhunderts
    jahrhunderte jahrhundertwende weltkrieg weltkriegs weltkrieges lebensjahr klasse auflage"""
)


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of ``text``, in order, each with its closing punctuation; what has no letter is dropped."""
    found, start = [], 0
    for end in ends(text):
        found.append(text[start:end])
        start = end
    found.append(text[start:])
    return tuple(piece.strip() for piece in found if any(map(str.isalpha, piece)))


def ends(text: str) -> Iterator[int]:
    """Where the sentences of ``text`` end, in order: the places after their closing punctuation."""
    return (match.end() for match in _END.finditer(text) if _ends_here(text, match))


def first(text: str) -> str:
    """The first sentence; the text itself where there is none."""
    return next(iter(sentences(text)), text)


def one_sentence(text: str) -> bool:
    """Whether ``text`` is exactly one sentence."""
    return len(sentences(text)) == 1


def terminated(text: str) -> bool:
    """Whether ``text`` ends as a sentence does: with terminal punctuation that is not an ellipsis."""
    bare = text.rstrip().rstrip(_CLOSERS).rstrip()
    return bool(bare) and bare[-1] in ".!?" + _ALWAYS and not trails_off(text)


def trails_off(text: str) -> bool:
    """Whether ``text`` ends in an ellipsis."""
    return text.rstrip().rstrip(_CLOSERS).rstrip().endswith(("...", "…", ". . ."))


def _ends_here(text: str, match: re.Match[str]) -> bool:
    mark, rest = match.group(), text[match.end() : match.end() + 80]
    if not rest.strip():
        return True
    following = _NEXT_WORD.match(rest)
    if any(character in _ALWAYS for character in mark):
        return mark[-1] not in _CLOSERS or not rest[0].isalpha()
    if not rest[0].isspace() or following is None or following.group(1)[0].islower():
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    return not _abbreviated(text[max(0, match.start() - 40) : match.start()], following.group(1).casefold())


def _abbreviated(before: str, following: str) -> bool:
    """Whether a full stop after ``before`` belongs to an abbreviation, an initial or an ordinal."""
    found = _LAST_WORD.search(before)
    written = found.group().strip(_OPENERS) if found else ""
    word = written.casefold()
    if word in _NEVER_LAST:
        return True
    if word.isdigit() and len(word) <= 2:
        return following in _ORDINAL_NEXT
    initials = re.fullmatch(r"(?:[^\W\d_]\.)*[^\W\d_]", written) is not None
    return (initials or word in _MAY_BE_LAST) and following not in _STARTERS
