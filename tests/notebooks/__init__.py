"""The series: which notebooks there are, and which of them may load TensorFlow."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "notebooks"
PATHS = sorted(FOLDER.glob("[0-9]*.ipynb"))
PAGES = sorted(set(FOLDER.glob("*.ipynb")) - set(PATHS))  # to look things up in
APPS = sorted(FOLDER.glob("apps/*.ipynb"))  # one panel each, for Voila

SERIES = [
    "00_start_here",
    "01_squeeze",
    "02_excitation",
    "03_scale",
    "04_se_in_keras",
    "05_eca",
    "06_cbam",
    "07_cost",
    "08_evidence",
    "09_your_network",
    "10_bug_museum",
    "11_family",
    "12_quiz",
]
LIGHT = [  # no TensorFlow
    "00_start_here",
    "01_squeeze",
    "02_excitation",
    "03_scale",
    "07_cost",
    "11_family",
    "12_quiz",
]
LIVE = [name for name in SERIES if name not in ("04_se_in_keras", "12_quiz")]  # with panels
# Their code is that of the English ones, so that the light ones will do.
CHINESE = [FOLDER / "zh" / f"{name}.ipynb" for name in LIGHT]
