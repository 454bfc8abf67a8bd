"""Make the README's pictures from the panels' own parts and numbers: `make pictures`.

`one_block.png` says in one frame what channel attention does; the others are panels as they open.
With ATTENTION_LIB_LANGUAGE=zh it makes `one_block_zh.png`, for README.zh.md.
"""

import io
from pathlib import Path

import numpy as np
from PIL import Image as Files

from attention_lib import language, panels
from attention_lib.examples import filters, photos
from attention_lib.figures.live import LiveFigure
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.parts import GateRow, GateScale, Image, Page, PageScene, Strip
from attention_lib.steps.se import SETrace, se_forward

PICTURES = Path(__file__).parent.parent / "pictures"
WIDTH, HEIGHT = 960, 484
SHOWN = ("coffee", "brick")
CHANNELS, REDUCTION = 8, 4
TOPS = (74, 266)  # of the two rows
PHOTO, COLUMNS, PITCH, RESULT, SIDE = 24, 214, 65, 778, 158
GROUPS = ((0, 4), (4, 8))
WORDS = {
    "en": {
        "title": "One block, the same weights. It looks, then decides what may pass.",
        "groups": ("four edge maps", "four colour maps"),
        "steps": "squeeze: each map's mean.  excitation: two questions.  scale: map × gate.",
        "result": "what goes on",
        "answer": "“{question}”  yes, {strength:.2f}: {opens}",
        "opens": ("edges open", "colours open"),
    },
    "zh": {
        "title": "同一个块，同样的权重。先看图片，再决定放行什么。",
        "groups": ("四张边缘图", "四张颜色图"),
        "steps": "压缩：每张图的均值。   激励：两个问题。   缩放：特征图 × 门控值。",
        "result": "往下传的图片",
        "answer": "“{question}” 是，{strength:.2f}：{opens}",
        "opens": ("边缘图的门打开", "颜色图的门打开"),
    },
}[language.chosen]


class OneBlock(PageScene):
    """Two photographs through one block: maps, gates, scaled maps, and what goes on."""

    def draw(self, page: Page, state: dict[str, SETrace]) -> None:
        page.words(PHOTO, 34, WORDS["title"], "heading", fontsize=19)
        for (first, last), words in zip(GROUPS, WORDS["groups"], strict=True):
            left, right = COLUMNS + first * PITCH + 2, COLUMNS + last * PITCH - 6
            page.words((left + right) / 2, 58, words, "note", ha="center")
            page.line([left, right], [64, 64])
        for top, (photo, trace) in zip(TOPS, state.items(), strict=True):
            self._draw_row(page, top, photo, trace)
        page.words(PHOTO, HEIGHT - 16, WORDS["steps"], "label")
        GateScale(page, 800, HEIGHT - 26, 90)

    def _draw_row(self, page: Page, top: float, photo: str, trace: SETrace) -> None:
        title = photos.PHOTOS[photo].title
        Image(page, PHOTO, top, SIDE, smooth=True).set(photos.load_photo(photo, 224))
        page.words(PHOTO, top + SIDE + 17, title, "label")
        before, after = Strip(page, top, 56), Strip(page, top + 102, 56, border=3)
        gates = GateRow(
            page, (COLUMNS, top + 62, CHANNELS * PITCH, 32), numbered=False, axis=False, gap=5
        )
        for strip in (before, after):
            strip.place(COLUMNS, PITCH, CHANNELS)
        before.set(trace.feature_map)
        gates.set(trace.gates)
        after.set(trace.scaled, trace.gates)
        middle = top + SIDE / 2
        page.arrow(PHOTO + SIDE + 6, COLUMNS - 4, middle)
        page.arrow(COLUMNS + CHANNELS * PITCH + 4, RESULT - 6, middle)
        Image(page, RESULT, top, SIDE).set(sources.added_up(trace.scaled, trace.feature_map))
        page.words(RESULT + SIDE, top + SIDE + 17, WORDS["result"], "label", ha="right")
        page.words(COLUMNS, top + SIDE + 22, answer(trace), "chosen")

    def update(self, state: dict[str, SETrace]) -> str:
        return "; ".join(f"{photo}: {answer(trace)}" for photo, trace in state.items())


def traces() -> dict[str, SETrace]:
    """The block on each photograph."""
    weights, _ = sources.excitation_weights("hand-made", CHANNELS, REDUCTION)
    return {photo: se_forward(filters.feature_maps(photo, CHANNELS), weights) for photo in SHOWN}


def answer(trace: SETrace) -> str:
    """The question that gets a yes, how strong it is, and what opens."""
    _, questions = sources.excitation_weights("hand-made", CHANNELS, REDUCTION)
    unit = int(np.argmax(trace.hidden))
    opens = WORDS["opens"][int(trace.gates[:4].mean() < trace.gates[4:].mean())]
    return WORDS["answer"].format(
        question=questions[unit], strength=trace.hidden[unit], opens=opens
    )


def picture(figure: LiveFigure) -> Files.Image:
    """The figure as a page with two dots a pixel shows it."""
    figure._on_message(figure, {"scale": 2, "dark": False}, [])
    return Files.open(io.BytesIO(figure.png())).convert("RGB")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    one_block = LiveFigure(OneBlock(), traces(), width=WIDTH, height=HEIGHT)
    figures = {
        "one_block": one_block,
        "excitation": panels.show_excitation().figure,
        "kernel_size": panels.show_kernel_size().figure,
    }
    if language.chosen != "en":
        figures = {f"one_block_{language.chosen}": one_block}
    for name, figure in figures.items():
        picture(figure).save(PICTURES / f"{name}.png", optimize=True)
    for path in sorted(PICTURES.iterdir()):
        print(f"{path.name:20} {path.stat().st_size / 1024:6.0f} KB")


if __name__ == "__main__":
    main()
