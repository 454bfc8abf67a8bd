"""Chinese in pictures: every character that is used is in the fonts, and is drawn."""

import os
import subprocess
import sys

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from attention_lib.figures import text
from attention_lib.figures.theme import FONTS, LIGHT, page
from tests.test_words_catalogue import COMPLETE
from tools.make_font import in_use

EACH = pytest.mark.parametrize("path", FONTS.values(), ids=FONTS)


@pytest.mark.skipif(not COMPLETE, reason="the texts are still being translated")
@EACH
def test_no_character_is_missing(path):
    with TTFont(path) as font:
        assert in_use() - {chr(code) for code in font.getBestCmap()} == set(), "make font"


@EACH
def test_the_licence_is_beside_the_font_and_in_it(path):
    licence = (path.parent / "OFL.txt").read_text("utf-8")
    assert path.name in licence
    assert "SIL OPEN FONT LICENSE" in licence
    with TTFont(path) as font:
        assert font["name"].getDebugName(0).rstrip(".") in licence
        assert "SIL Open Font License" in font["name"].getDebugName(13)
        assert path.stat().st_size < 1_000_000


def drawn(words, **style):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1), dpi=72)
    canvas = FigureCanvasAgg(figure)
    text.letter(page(figure, LIGHT), 10, 60, words, fontsize=20, **style)
    canvas.draw()
    return 255 - np.asarray(canvas.buffer_rgba())[..., 0].astype(int)


def test_chinese_is_lettered_beside_latin():
    mixed, latin, chinese = (drawn(words) for words in ("z 通道", "z ", "通道"))
    wide = [np.flatnonzero(picture.any(axis=0)) for picture in (mixed, latin, chinese)]
    assert wide[0][0] == wide[1][0]  # both begin with z
    assert np.ptp(wide[0]) > np.ptp(wide[2])
    assert mixed.sum() == pytest.approx(latin.sum() + chinese.sum(), rel=0.02)
    assert (drawn("通") != drawn("道")).any()


def test_bold_is_bolder():
    assert drawn("通道", weight="bold").sum() > 1.1 * drawn("通道").sum()


def test_matplotlib_takes_the_font_where_chinese_is_spoken_and_only_there():
    code = (
        "import matplotlib\n"
        "before = list(matplotlib.rcParams['font.family'])\n"
        "from attention_lib import plots\n"
        "print(list(matplotlib.rcParams['font.family']) == before)\n"
        "figure = plots.plot_gates([0.5], names=['通道']).figure\n"
        "figure.savefig(__import__('io').BytesIO())\n"
    )
    results = {}
    for language in ("en", "zh"):
        environment = {**os.environ, "ATTENTION_LIB_LANGUAGE": language}
        results[language] = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True
        )
    assert results["en"].stdout == "True\n"
    assert "missing from" in results["en"].stderr
    assert (results["zh"].stdout, results["zh"].stderr) == ("False\n", "")
