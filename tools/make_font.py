"""Make the fonts of pictures in Chinese: Noto Sans SC, cut down to the characters in use.

    python -m tools.make_font [folder]

Debian's package `fonts-noto-cjk` has the whole fonts; `folder` is where they are. Latin letters
stay with Matplotlib's own font. The licence of the fonts (OFL 1.1) is beside what is made.
"""

import re
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

from attention_lib.figures.text import WIDE
from attention_lib.figures.theme import FONTS

ROOT = Path(__file__).parents[1]
WHOLE = Path("/usr/share/fonts/opentype/noto")
NAMED = {1: "Noto Sans SC subset", 16: None, 17: None}  # so that it is not taken for the whole
SOURCES = ("attention_lib/locale/*/*/*.po", "notebooks/zh/*.ipynb", "tools/zh/*.md")


def in_use() -> set[str]:
    """The Chinese characters of the catalogue and of the notebooks."""
    texts = (path.read_text("utf-8") for source in SOURCES for path in ROOT.glob(source))
    return {character for text in texts for character in re.findall(WIDE.pattern, text)}


def make(whole: Path, weight: str, target: Path) -> None:
    """Cut one weight of the font down.

    Args:
        whole: the folder of the whole fonts.
        weight: "Regular" or "Bold".
        target: the file to write.
    """
    collection = TTCollection(whole / f"NotoSansCJK-{weight}.ttc", lazy=True)
    (font,) = (f for f in collection.fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    options = subset.Options(layout_features=[], name_IDs=["*"], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(in_use())))
    cutter.subset(font)
    for number, name in NAMED.items():
        font["name"].removeNames(nameID=number)
        if name:
            font["name"].setName(name, number, 3, 1, 0x409)
    font.recalcTimestamp = False
    font.save(target)
    print(f"{target}: {len(in_use())} characters, {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    for weight, path in FONTS.items():
        make(Path(sys.argv[1]) if len(sys.argv) > 1 else WHOLE, weight, path)
