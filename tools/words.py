"""Keep the Chinese catalogue of what the library says, and tell what of it is still to translate.

    python -m tools.words                      take in every text that `say` is given, and compile
    python -m tools.words --missing FOLDER     print as JSON what of a folder is not translated
    python -m tools.words --fill FILE.json     put translations in, in the form of --missing

A text that has changed in English is a new text: nothing is guessed from the old one. Babel finds
the texts; the library itself needs only Python's gettext.
"""

import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "attention_lib"
CATALOGUE = LIBRARY / "locale" / "zh_CN" / "LC_MESSAGES" / "attention_lib.po"
KEYWORDS = {
    ("**.py", "python"): {"say": None, "many": (2,), "and_more": (3,), "gettext": None},
    ("**.js", "javascript"): {"spoken": None},
}
ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)  # dates would make every run a change
PLACE = re.compile(r"\{[^{}]+\}")


def said() -> Catalog:
    """Every text of the library, none translated."""
    found = Catalog(project="attention-lib")
    for files, keywords in KEYWORDS.items():
        for file, _, text, _, _ in extract_from_dir(LIBRARY, [files], keywords=keywords):
            found.add(text, locations=[(f"attention_lib/{file}".replace("\\", "/"), None)])
    return found


def read() -> Catalog:
    """The catalogue as it is kept."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_CN")
    return read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="zh_CN")


def renewed(catalogue: Catalog) -> Catalog:
    """A catalogue with every text that is said today, and no other."""
    fresh = Catalog(
        locale="zh_CN",
        project="attention-lib",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        header_comment="# What attention_lib says, in simplified Chinese: `make words` keeps it.",
        creation_date=ALWAYS,
        revision_date=ALWAYS,
        fuzzy=False,
    )
    for message in said():
        if message.id:
            kept = catalogue.get(message.id)
            text = str(kept.string) if kept else ""
            fresh.add(message.id, text, locations=sorted(set(message.locations)))
    return fresh


def as_files(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The catalogue as text to edit, and compiled."""
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalogue, sort_by_file=True, include_lineno=False, width=100)
    write_mo(compiled, catalogue)
    return text.getvalue(), compiled.getvalue()


def write(catalogue: Catalog) -> None:
    """Keep a catalogue, and what gettext reads beside it."""
    text, compiled = as_files(catalogue)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(text)
    CATALOGUE.with_suffix(".mo").write_bytes(compiled)


def missing(catalogue: Catalog, folder: str = "") -> Iterator[str]:
    """The texts without a translation that are first said in a folder."""
    for message in catalogue:
        if message.id and not message.string and message.locations[0][0].startswith(folder):
            yield message.id


def fill(catalogue: Catalog, translations: dict[str, str]) -> None:
    """Put translations in; an empty one is left for later.

    Raises:
        ValueError: if a text is not said today, or its {places} are not those of the translation.
    """
    for text, chinese in translations.items():
        message = catalogue.get(text)
        if message is None:
            raise ValueError(f"A text must be one that is said today. Received: {text!r}.")
        if chinese and places(text) != places(chinese):
            raise ValueError(
                f"A translation must have the places {sorted(places(text))}. Received: {chinese!r}."
            )
        message.string = chinese or message.string


def places(text: str) -> set[str]:
    """The {places} of a text, each with its format."""
    return set(PLACE.findall(text))


def main() -> None:
    """Do what the arguments say."""
    match sys.argv[1:]:
        case []:
            catalogue = renewed(read())
            write(catalogue)
            texts = len(catalogue)
            print(f"{texts} texts, {len([*missing(catalogue)])} not translated: {CATALOGUE}")
        case ["--missing", folder]:
            left = dict.fromkeys(missing(renewed(read()), folder), "")
            print(json.dumps(left, indent=1, ensure_ascii=False))
        case ["--fill", *files]:
            catalogue = renewed(read())
            for file in files:
                fill(catalogue, json.loads(Path(file).read_text("utf-8")))
            write(catalogue)
            print(f"{len([*missing(catalogue)])} texts are not translated")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
