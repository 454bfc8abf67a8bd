"""What a notebook of the series must be, read from its file. Each rule lists its complaints."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from nbformat.validator import iter_validate

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
MOST_LINES = 20
MOST_WORDS = 120
NOT_OUR_TONE = re.compile(r"\b(simply|just|obviously)\b", re.IGNORECASE)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2705\u2728\u274c\u2757\ufe0f]")
NOT_PROSE = re.compile(
    r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|!\[[^\]]*\]\([^)]*\)|(?<=\])\([^)]*\)|<!--.*?-->",
    re.DOTALL,
)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")

# Blank lines on both sides, so that Markdown and formulas are read inside.
NESTED_HINTS = re.compile(
    "".join(rf"<details>\s*<summary>Hint {n}\b[^<\n]*</summary>\n\n[^<]+\n\n" for n in (1, 2, 3))
    + r"</details>\s*</details>\s*</details>\s*"
)
# A check is folded, so that nobody reads it before committing. Formulas stand in the next cell:
# not every editor shows them inside HTML.
CHECK = re.compile(
    r"<details>\n<summary><b>Check</b> \(commit, run the cell above, then open\)</summary>\n\n"
    r"(?P<text>.+)\n\n</details>\n?",
    re.DOTALL,
)
NOT_IN_A_CHECK = {
    "a heading": r"^#",
    "a line that is indented": r"^[ \t]+\S",
    "a formula": r"\$",
    "a fold of its own": r"<details>",
    "a question to predict": r"\*\*Predict\.\*\*",
}
# Idioms and words with a second meaning; the list is from reading the series as a learner would.
NOT_PLAIN = re.compile(
    r"\b(cakes?|deaf|dear|mend(?:s|ed|ing)?|sly|silent(?:ly)?|silence[sd]?|loud(?:er|est|ly)?|"
    r"seasoning|levers?|ears?|whoever|in company|behind your back|at birth|"
    r"even (?:grey|map|wall|image)s?)\b",
    re.IGNORECASE,
)
# The mixing desk carries the first two notebooks; from the third on stand the papers' words.
DESK = re.compile(
    r"\b(faders?|mixing desks?|desks?|level meters?|meters?|lamps?|listen(?:s|ed|ing)?|hears?|"
    r"heard|the hand(?!-))\b",
    re.IGNORECASE,
)
HANDOVER = "handover"  # the cell that says which word of the desk is which of the papers
NO_CELL = {"cell_type": "", "metadata": {}, "source": ""}

Notebook = dict[str, Any]  # as the file has it: nbformat would mend on reading what is to be found


def is_valid(notebook: Notebook, folder: Path) -> Iterator[str]:
    """The notebook format's own schema holds, and every cell has an id of its own."""
    yield from (error.message for error in iter_validate(notebook))
    ids = [cell.get("id") for cell in notebook["cells"]]
    if None in ids:
        yield "has cells without ids"
    yield from (f"has {ids.count(i)} cells with the id {i}" for i in set(ids) if ids.count(i) > 1)


def is_stripped(notebook: Notebook, folder: Path) -> Iterator[str]:
    """Nothing that running or showing left behind is kept."""
    for cell in code_cells(notebook):
        if cell["outputs"] or cell["execution_count"] is not None:
            yield f"cell {cell['id']} has outputs"
        if "execution" in cell["metadata"]:
            yield f"cell {cell['id']} has timings"
    if "widgets" in notebook["metadata"]:
        yield "has widget state"


def names_its_kernel(notebook: Notebook, folder: Path) -> Iterator[str]:
    """Any machine's Python kernel will do."""
    if (name := notebook["metadata"].get("kernelspec", {}).get("name")) != "python3":
        yield f"asks for the kernel {name!r}, not 'python3'"


def has_short_code(notebook: Notebook, folder: Path) -> Iterator[str]:
    """A code cell is read at a glance."""
    for cell in code_cells(notebook):
        lines = len(source(cell).splitlines())
        if lines > MOST_LINES and "solution" not in tags(cell):
            yield f"cell {cell['id']} has {lines} lines, more than {MOST_LINES}"


def has_no_plumbing(notebook: Notebook, folder: Path) -> Iterator[str]:
    """Functions and classes belong to the library, or to an exercise, also an open one."""
    for cell in code_cells(notebook):
        tree = ast.parse(TransformerManager().transform_cell(source(cell)))
        defined = [node.name for node in ast.walk(tree) if isinstance(node, DEFINITIONS)]
        if defined and not tags(cell) & {"exercise", "open", "solution"}:
            yield f"cell {cell['id']} defines {', '.join(defined)}"


def has_brief_prose(notebook: Notebook, folder: Path) -> Iterator[str]:
    """A text cell is one thought; a table may be longer, and the tags of a fold are no words."""
    for cell in markdown_cells(notebook):
        lines = prose(cell).splitlines()
        words = sum(len(line.split()) for line in lines if not line.startswith(("|", "<")))
        if words > MOST_WORDS and "solution" not in tags(cell):
            yield f"cell {cell['id']} has {words} words, more than {MOST_WORDS}"


def has_our_tone(notebook: Notebook, folder: Path) -> Iterator[str]:
    """Plain and warm: no shouting, no pictograms, nothing called easy that may not be."""
    for cell in markdown_cells(notebook):
        text = prose(cell)
        found = NOT_OUR_TONE.findall(text) + EMOJI.findall(text) + ["!"] * text.count("!")
        if found:
            yield f"cell {cell['id']} has {', '.join(found)}"


def has_plain_words(notebook: Notebook, folder: Path) -> Iterator[str]:
    """No idioms; and the desk's words only where the desk is."""
    number = re.match(r"# (\d+) ·", source(notebook["cells"][0]))
    on_the_desk = number is not None and int(number[1]) < 2
    for cell in markdown_cells(notebook):
        text = prose(cell)
        found = NOT_PLAIN.findall(text)
        if not on_the_desk and cell["id"] != HANDOVER:
            found += DESK.findall(text)
        if found:
            yield f"cell {cell['id']} has {', '.join(found)}"


def asks_on_cards(notebook: Notebook, folder: Path) -> Iterator[str]:
    """A prediction is committed to, on a card, below a heading that asks."""
    heading = ""
    for cell in notebook["cells"]:
        text = source(cell)
        if cell["cell_type"] == "markdown":
            heading = (re.findall(r"^#+ (.*)$", text, re.MULTILINE) or [heading])[-1]
            if "**Predict" in text:
                yield f"cell {cell['id']} asks for a prediction without a card"
        elif re.match(r"predict\.", text) and "?" not in heading:
            yield f"cell {cell['id']} stands below a heading that is no question: {heading}"


def opens_well(notebook: Notebook, folder: Path) -> Iterator[str]:
    """Title, question, goals and minutes come first."""
    first = notebook["cells"][0]
    text = source(first) if first["cell_type"] == "markdown" else ""
    for what, pattern in {
        "a title": r"\A# \S",
        "a question": r"\?",
        "goals, as a list": r"^[-*] \S",
        "the minutes it takes": r"\d\s+min",
    }.items():
        if not re.search(pattern, text, re.MULTILINE):
            yield f"the opening cell lacks {what}"


def has_whole_links(notebook: Notebook, folder: Path) -> Iterator[str]:
    """A link to a file of ours leads to one."""
    for cell in markdown_cells(notebook):
        for target in LINK.findall(source(cell)):
            if not re.match(r"[a-z]+:", target) and not (folder / target).exists():
                yield f"cell {cell['id']} links to {target}, which is not there"


def helps_with_exercises(notebook: Notebook, folder: Path) -> Iterator[str]:
    """A stub is followed by its check, three hints that open one inside the other, a solution."""
    cells = notebook["cells"]
    for i, cell in enumerate(cells):
        if cell["cell_type"] != "code" or not tags(cell) & {"exercise"}:
            continue
        check, hints, solution = [*cells[i + 1 : i + 4], NO_CELL, NO_CELL, NO_CELL][:3]
        if check["cell_type"] != "code" or tags(check) - {"tensorflow"}:
            yield f"cell {cell['id']} is not followed by its check"
        if "hints" not in tags(hints) or not NESTED_HINTS.fullmatch(source(hints)):
            yield f"cell {cell['id']} lacks three hints, one inside the other"
        hidden = solution["metadata"].get("jupyter", {}).get("source_hidden")
        if "solution" not in tags(solution) or not hidden:
            yield f"cell {cell['id']} lacks a solution, folded away"


def folds_its_checks(notebook: Notebook, folder: Path) -> Iterator[str]:
    """What answers a prediction is folded until it is opened, in the form that every page shows."""
    for cell in markdown_cells(notebook):
        text = source(cell)
        if "**Check.**" not in text and "<b>Check</b>" not in text:
            continue
        check = CHECK.fullmatch(text)
        if "**Check.**" in text or check is None:
            yield f"cell {cell['id']} has a check that is not folded"
            continue
        for what, pattern in NOT_IN_A_CHECK.items():
            if re.search(pattern, check["text"], re.MULTILINE):
                yield f"cell {cell['id']} has {what} in its check"


def ends_on_an_open_question(notebook: Notebook, folder: Path) -> Iterator[str]:
    """The last exercise has no check; it says how to judge an answer of one's own."""
    named = [(tags(cell) & {"exercise", "open"}, source(cell)) for cell in notebook["cells"]]
    named = [(kinds, text) for kinds, text in named if kinds]
    if named and ("open" not in named[-1][0] or "<summary>How to judge" not in named[-1][1]):
        yield "the last exercise is not open-ended, or does not say how to judge an answer"


RULES: list[Callable[[Notebook, Path], Iterator[str]]] = [
    is_valid,
    is_stripped,
    names_its_kernel,
    has_short_code,
    has_no_plumbing,
    has_brief_prose,
    has_our_tone,
    has_plain_words,
    asks_on_cards,
    opens_well,
    has_whole_links,
    helps_with_exercises,
    folds_its_checks,
    ends_on_an_open_question,
]


def code_cells(notebook: Notebook) -> list[dict[str, Any]]:
    """The code cells, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def markdown_cells(notebook: Notebook) -> list[dict[str, Any]]:
    """The text cells, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]


def source(cell: dict[str, Any]) -> str:
    """What is written in the cell; a file may have it as one string or as lines."""
    return "".join(cell["source"])


def prose(cell: dict[str, Any]) -> str:
    """What a reader reads as sentences: no code, formulas, pictures, link targets or notes."""
    return NOT_PROSE.sub(" ", source(cell))


def tags(cell: dict[str, Any]) -> set[str]:
    """The tags of the cell."""
    return set(cell["metadata"].get("tags", []))
