"""The language of what a learner reads: cards, replies, checks, panels, plots and their errors.

The English stands where it is used, `say("{count} gates", count=count)`, and a gettext catalogue
in `locale/` has the other languages. Every text stands in a `say` of its own, whole and written
out, so that Babel finds it and a translator can turn its sentences round; what is computed comes in
as a named {place}. Keys, presets, ids, code, names of layers and what a file keeps are not texts.
`steps`, `costs`, `layers` and `models` raise in English, since errors are searched for in English.
"""

import gettext
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

LANGUAGES = {"en": "en", "zh": "zh_CN"}
# Some of their words are said at the import.
ROOMS = ("costs", "course", "examples", "experiments", "figures", "panels", "plots")
SPOKEN = re.compile(r'\bspoken\(\s*"([^"]+)"')
SAY = """
function spoken(text, values = {}) {
  return WORDS[text].replace(/{(\\w+)}/g, (_, name) => values[name]);
}

"""


def speak(language: str) -> None:
    """Choose the language of this kernel, before the rooms whose words it changes are imported.

    Args:
        language: "en" or "zh" (simplified Chinese).

    Raises:
        ValueError: if there is no such language.
        RuntimeError: if such a room has already been imported in another language.
    """
    global _catalogue, chosen
    catalogue = catalogue_of(language)
    if language != chosen and any(f"attention_lib.{room}" in sys.modules for room in ROOMS):
        raise RuntimeError(
            catalogue.gettext("Restart the kernel, and run the cell with the language first.")
        )
    _catalogue, chosen = catalogue, language


def catalogue_of(language: str) -> gettext.NullTranslations:
    """The texts of a language, by the English ones.

    Args:
        language: "en" or "zh".

    Raises:
        ValueError: if there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"the language is one of {', '.join(LANGUAGES)}, not {language!r}")
    return gettext.translation(
        "attention_lib", Path(__file__).parent / "locale", [LANGUAGES[language]], fallback=True
    )


def say(text: str, /, **values: Any) -> str:
    """A text in the language that was chosen, with its {places} filled.

    Args:
        text: the English text, written out where `say` is called, never an f-string.
        values: what stands in each {place}; without any, the text stays a template.
    """
    translated = _catalogue.gettext(text)
    return translated.format(**values) if values else translated


def script(*paths: Path) -> str:
    """A JavaScript module whose words, `spoken("...")`, are in the language that was chosen.

    Args:
        paths: its files, in order.
    """
    source = "".join(path.read_text("utf-8") for path in paths)
    words = {text: _catalogue.gettext(text) for text in SPOKEN.findall(source)}
    return f"const WORDS = {json.dumps(words, ensure_ascii=False)};\n{SAY}{source}"


chosen = os.environ.get("ATTENTION_LIB_LANGUAGE", "en")
_catalogue = catalogue_of(chosen)
