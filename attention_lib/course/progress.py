"""What a learner has done in the series, kept in a file beside the notebooks.

The file is `FILE`, in the folder in which the notebook runs, and is made only where notebooks are.
Learners can read it and delete it; nothing leaves the machine. Whatever is wrong with the file, or
with the disk, is a sentence at most: no check and no prediction may fail for it.
"""

import contextlib
import json
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

FILE = "attention_progress.json"
KINDS = ("exercise", "prediction")
Done = dict[str, dict[str, str]]  # kind -> name -> date


class Part(NamedTuple):
    """A notebook of the series: the checks of its exercises, and its predictions."""

    notebook: str
    title: str
    exercises: tuple[str, ...]
    about: str  # a prediction's name is `about/question`
    predictions: int  # how many it asks for


SERIES = (
    Part("00_start_here", "0 · Start here", ("gates_by_hand", "rule"), "start", 4),
    Part("01_squeeze", "1 · Squeeze", ("squeeze", "other_map"), "squeeze", 5),
    Part("02_excitation", "2 · Excitation", ("excite", "parameters"), "excitation", 9),
    Part("03_scale", "3 · Scale", ("scale", "scale_batch"), "scale", 7),
    Part("04_se_in_keras", "4 · SE in Keras", ("se_block", "residual_unit"), "keras", 9),
    Part("05_eca", "5 · ECA", ("interact", "adaptive_kernel_size", "eca_layer"), "eca", 8),
    Part("06_cbam", "6 · CBAM", ("channel_gates", "two_maps", "cbam_block"), "cbam", 6),
    Part("07_cost", "7 · Cost", ("network_weights", "last_share"), "cost", 6),
    Part("08_evidence", "8 · Evidence", ("difference", "mean_gates"), "evidence", 7),
    Part("09_your_network", "9 · Your network", ("movement", "most_changed"), "network", 6),
    Part("10_bug_museum", "10 · Bug museum", ("uses_maximum", "repaired"), "museum", 6),
    Part("11_family", "11 · The family", ("context", "response"), "family", 7),
    Part("12_quiz", "12 · Quiz", (), "quiz", 20),
)


def path() -> Path:
    """Where the file is, or would be."""
    return Path.cwd() / FILE


def record(kind: str, name: str) -> str:
    """Note that something is done, with today's date. The first date stays.

    Args:
        kind: "exercise" or "prediction".
        name: of the check, or `about/question` as in `SERIES`.

    Returns:
        A sentence if it could not be kept, else "".
    """
    try:
        file = path()
        if not any(file.parent.glob("*.ipynb")):
            return ""  # not among notebooks: whoever calls a check from elsewhere wants no file
        done, problem = read()
        if problem:
            return problem
        if name in done[kind]:
            return ""
        done[kind][name] = date.today().isoformat()
        _replace(file, json.dumps({"attention_lib": 1, **done}, indent=1, ensure_ascii=False))
    except Exception as error:
        return f"Your progress could not be kept: {_why(error)}."
    return ""


def read() -> tuple[Done, str]:
    """What is done, by kind and name, and a sentence if the file cannot be used."""
    nothing: Done = {kind: {} for kind in KINDS}
    try:
        text = path().read_text("utf-8")
    except FileNotFoundError:
        return nothing, ""
    except Exception as error:
        return nothing, f"Your progress could not be read: {_why(error)}."
    try:
        found = json.loads(text)
        done = {kind: {str(k): str(v) for k, v in found[kind].items()} for kind in KINDS}
        if found["attention_lib"] != 1:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return nothing, (
            f"The file {FILE} holds something else than your progress, and is left as it is. "
            "Delete or rename it, and a new one is begun."
        )
    return done, ""


def forget() -> str:
    """Delete the file. A file that is not ours stays.

    Returns:
        A sentence if it could not be deleted, else "".
    """
    _, problem = read()
    if problem:
        return problem
    try:
        path().unlink(missing_ok=True)
    except Exception as error:
        return f"Your progress could not be deleted: {_why(error)}."
    return ""


def _replace(file: Path, text: str) -> None:
    """Write all of it or nothing: a full disk must not cost what was there before."""
    handle, name = tempfile.mkstemp(prefix=f".{FILE}.", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(text)
        os.replace(name, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
