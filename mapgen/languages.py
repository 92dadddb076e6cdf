"""Languages by code and by English name, as users name them and as prompts say them.

It detects nothing; rules/language.py does.
"""

from __future__ import annotations

import re

from mapgen.errors import InputError

NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian",
    "bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish",
    "gl": "Galician", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ky": "Kyrgyz",
    "la": "Latin", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam",
    "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "my": "Burmese", "nb": "Norwegian Bokmål",
    "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian Nynorsk", "no": "Norwegian", "pa": "Punjabi",
    "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "si": "Sinhala",
    "sk": "Slovak", "sl": "Slovenian", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_CODES = {name.casefold(): code for code, name in NAMES.items()}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def code_of(text: str) -> str:
    """The BCP 47 code of a language given by code (``de``, ``pt-BR``) or English name. Raises InputError."""
    given = text.strip().replace("_", "-")
    if (code := _CODES.get(given.casefold())) is not None:
        return code
    if _TAG.fullmatch(given) and given.split("-")[0].lower() in NAMES:
        first, *rest = given.split("-")
        return "-".join([first.lower(), *rest])
    raise InputError(f"{given[:40]!r} is no language that mapgen knows.", hint="Give a code such as de or pt-BR.")


def name_of(code: str) -> str:
    """The English name of the language of a code, with its region or script where it has one."""
    first, _, rest = code.partition("-")
    name = NAMES.get(first.lower(), first)
    return f"{name} ({rest})" if rest else name
