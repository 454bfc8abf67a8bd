"""What a learner has done in the series, kept in a file beside the notebooks.

The file is `FILE`, in the folder in which the notebook runs, and is made only where notebooks are:
a line for each thing done. Lines are only ever added, so that two kernels that write at once lose
nothing. Learners can read it and delete it; nothing leaves the machine. Whatever is wrong with the
file, or with the disk, is a sentence at most: no check and no prediction may fail for it, and what
the file does not take is kept until the kernel stops.
"""

import os
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from attention_lib.language import say

FILE = "attention_progress.txt"
HEADER = "Done in attention_lib's notebooks. You may delete this file."
KINDS = ("exercise", "prediction")
LINE = re.compile(rf"(\d{{4}}-\d\d-\d\d) ({'|'.join(KINDS)}) (.+)")
Done = dict[str, dict[str, str]]  # kind -> name -> date
_in_memory: Done = {kind: {} for kind in KINDS}  # what no file has taken


class Part(NamedTuple):
    """A notebook of the series: the checks of its exercises, and its predictions."""

    notebook: str
    title: str
    exercises: tuple[str, ...]
    about: str  # a prediction's name is `about/question`
    predictions: int  # how many it asks for


SERIES = (
    Part("00_start_here", say("0 · Start here"), ("gates_by_hand", "rule"), "start", 4),
    Part("01_squeeze", say("1 · Squeeze"), ("squeeze", "other_map"), "squeeze", 5),
    Part("02_excitation", say("2 · Excitation"), ("excite", "parameters"), "excitation", 9),
    Part("03_scale", say("3 · Scale"), ("scale", "scale_batch"), "scale", 7),
    Part("04_se_in_keras", say("4 · SE in Keras"), ("se_block", "residual_unit"), "keras", 9),
    Part("05_eca", say("5 · ECA"), ("interact", "adaptive_kernel_size", "eca_layer"), "eca", 8),
    Part("06_cbam", say("6 · CBAM"), ("channel_gates", "two_maps", "cbam_block"), "cbam", 6),
    Part("07_cost", say("7 · Cost"), ("network_weights", "last_share"), "cost", 6),
    Part("08_evidence", say("8 · Evidence"), ("difference", "mean_gates"), "evidence", 7),
    Part("09_your_network", say("9 · Your network"), ("movement", "most_changed"), "network", 6),
    Part("10_bug_museum", say("10 · Bug museum"), ("uses_maximum", "repaired"), "museum", 6),
    Part("11_family", say("11 · The family"), ("context", "response"), "family", 7),
    Part("12_quiz", say("12 · Quiz"), (), "quiz", 20),
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
        A sentence if the file is wanted and does not take it, else "".
    """
    name = " ".join(name.split())  # a line has one end
    done, problem = read()
    if name in done[kind]:
        return ""
    today = date.today().isoformat()
    try:
        if not problem and _among_notebooks():
            _add(f"{today} {kind} {name}")
            return ""
    except Exception as error:
        problem = say("Your progress could not be kept in a file: {why}.", why=_why(error))
    _in_memory[kind][name] = today
    return f"{problem} {UNTIL_IT_STOPS}" if problem else ""


UNTIL_IT_STOPS = say("This is kept until the kernel stops.")


def read() -> tuple[Done, str]:
    """What is done, by kind and name, and a sentence if the file cannot be used."""
    done = {kind: dict(_in_memory[kind]) for kind in KINDS}
    try:
        lines = path().read_text("utf-8").splitlines()
    except FileNotFoundError:
        return done, ""
    except UnicodeDecodeError:
        lines = ["something else"]
    except Exception as error:
        return done, say("Your progress could not be read: {why}.", why=_why(error))
    if lines and lines[0] != HEADER:
        return done, say(
            "The file {file} holds something else than your progress, and is left as it is. "
            "Delete or rename it, and a new one is begun.",
            file=FILE,
        )
    for line in reversed(lines):  # the first date stays; what is no line was cut by a full disk
        if found := LINE.fullmatch(line):
            day, kind, name = found.groups()
            done[kind][name] = day
    return done, ""


def where() -> str:
    """Where what is done is kept, in words; and why not in a file, where there is none."""
    try:
        file = path()
        if not _among_notebooks():
            return say(
                "There are no notebooks in {folder}, so no file is made. {until}",
                folder=file.parent,
                until=UNTIL_IT_STOPS,
            )
        if not os.access(file if file.exists() else file.parent, os.W_OK):
            return say(
                "No file can be written in {folder}. {until}",
                folder=file.parent,
                until=UNTIL_IT_STOPS,
            )
    except OSError as error:
        return say("No file can be written: {why}. {until}", why=_why(error), until=UNTIL_IT_STOPS)
    if any(_in_memory.values()):
        return say(
            "Not all could be kept in `{file}`. The rest is kept until the kernel stops.", file=file
        )
    if file.exists():
        return say(
            "Kept in `{file}`, a text file that you may read or delete. Nothing leaves this "
            "machine.",
            file=file,
        )
    return say(
        "It will be kept in `{file}`, a text file that you may read or delete. Nothing leaves this "
        "machine.",
        file=file,
    )


def forget() -> str:
    """Delete the file. A file that is not ours stays.

    Returns:
        A sentence if it could not be deleted, else "".
    """
    for kept in _in_memory.values():
        kept.clear()
    _, problem = read()
    if problem:
        return problem
    try:
        path().unlink(missing_ok=True)
    except Exception as error:
        return say("Your progress could not be deleted: {why}.", why=_why(error))
    return ""


def _among_notebooks() -> bool:
    """Whether the file is wanted here: whoever calls a check from elsewhere wants none."""
    return any(Path.cwd().glob("*.ipynb"))


def _add(line: str) -> None:
    """Add a line at the end, in one go; before it the header, or the end of a line that was cut."""
    try:
        before = path().read_text("utf-8")
    except FileNotFoundError:
        before = ""
    begin = f"{HEADER}\n" if not before else "" if before.endswith("\n") else "\n"
    with path().open("a", encoding="utf-8") as file:
        file.write(f"{begin}{line}\n")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
