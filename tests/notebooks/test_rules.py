"""The rules for notebooks: each finds what it is for, and lets a good notebook pass."""

import copy

import pytest

from tests.notebooks import rules
from tests.notebooks.rules import RULES

OPENING = """# Squeeze

**How do H x W x C numbers become C?** About 15 minutes.

Afterwards you can
- say what is lost: `!`, $n!$, and [adjust](other.ipynb) nothing
"""

HINTS = """<details>
<summary>Hint 1: where</summary>

Look.

<details>
<summary>Hint 2: how</summary>

Think.

<details>
<summary>Hint 3: nearly</summary>

`x.mean(...)`

</details>
</details>
</details>"""
CHECK = """<details>
<summary><b>Check</b> (commit, run the cell above, then open)</summary>

16, one for each channel.

- `z` has no places.

**The squeeze keeps the channels.**

</details>"""
JUDGE = "<details>\n<summary>How to judge your answer</summary>\n\nCount.\n\n</details>"


def cell(name, text, *tags, kind="code", **metadata):
    """A cell of the good notebook."""
    made = {"cell_type": kind, "id": name, "metadata": metadata | {"tags": [*tags]}, "source": text}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


GOOD = {
    "cells": [
        {"cell_type": "markdown", "id": "opening", "metadata": {}, "source": OPENING},
        {
            "cell_type": "code",
            "id": "count",
            "metadata": {},
            "source": "%matplotlib inline\n1 + 1",
            "outputs": [],
            "execution_count": None,
        },
        cell("stub", "def f(): ...", "exercise"),
        cell("check", "check(f)"),
        cell("hints", HINTS, "hints", kind="markdown"),
        cell("solution", "def g(): ...", "solution", jupyter={"source_hidden": True}),
        cell("answer", CHECK, kind="markdown"),
        cell("open", JUDGE, "open", kind="markdown"),
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "other.ipynb").touch()
    return tmp_path


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_passes(rule, folder):
    assert list(rule(GOOD, folder)) == []


def changed(**cell_changes):
    """The good notebook with its first code cell changed."""
    notebook = copy.deepcopy(GOOD)
    notebook["cells"][1] |= cell_changes
    return notebook


def without(*names, **sources):
    """The good notebook without some cells, and with others written anew."""
    notebook = copy.deepcopy(GOOD)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in names]
    for cell in notebook["cells"]:
        cell["source"] = sources.get(cell["id"], cell["source"])
    return notebook


def written(text):
    """The good notebook with a text cell more."""
    notebook = copy.deepcopy(GOOD)
    cell = {"cell_type": "markdown", "id": "more", "metadata": {}, "source": text}
    notebook["cells"].append(cell)
    return notebook


def asked(heading):
    """The good notebook with a card below a heading."""
    notebook = written(heading)
    notebook["cells"].append(cell("card", 'predict.note("How much?")'))
    return notebook


@pytest.mark.parametrize(
    ("rule", "notebook", "complaint"),
    [
        (rules.is_valid, changed(id="opening"), "opening"),
        (rules.is_valid, changed(id="two words"), "two words"),
        (rules.is_stripped, changed(execution_count=3), "cell count has outputs"),
        (rules.is_stripped, changed(outputs=[{}]), "cell count has outputs"),
        (rules.is_stripped, changed(metadata={"execution": {}}), "cell count has timings"),
        (rules.is_stripped, GOOD | {"metadata": {"widgets": {}}}, "has widget state"),
        (rules.names_its_kernel, GOOD | {"metadata": {}}, "None, not 'python3'"),
        (rules.has_short_code, changed(source=["x = 1\n"] * 21), "has 21 lines"),
        (rules.has_no_plumbing, changed(source="if x:\n    def f(): ..."), "defines f"),
        (rules.has_no_plumbing, changed(source="class A: ..."), "defines A"),
        (rules.has_brief_prose, written("word " * 121), "has 121 words"),
        (rules.has_our_tone, written("Simply divide."), "has Simply"),
        (rules.has_our_tone, written("Well done! It is `just` so."), "has !"),
        (rules.has_our_tone, written("A rocket \U0001f680"), "has \U0001f680"),
        (rules.has_plain_words, written("Gates share a cake."), "has cake"),
        (rules.has_plain_words, written("Mend the Silent unit."), "has Mend, Silent"),
        (rules.has_plain_words, written("Move the faders."), "has faders"),
        (rules.asks_on_cards, written("**Predict.** How many?"), "without a card"),
        (rules.asks_on_cards, asked("## It is a mean"), "no question: It is a mean"),
        (rules.opens_well, changed() | {"cells": GOOD["cells"][1:]}, "lacks a title"),
        (rules.opens_well, changed() | {"cells": GOOD["cells"][1:]}, "lacks the minutes"),
        (rules.helps_with_exercises, without("check"), "stub is not followed by its check"),
        (rules.helps_with_exercises, without("hints"), "stub lacks three hints"),
        (rules.helps_with_exercises, without("solution"), "stub lacks a solution"),
        (rules.helps_with_exercises, without(hints=HINTS.replace("3", "2")), "lacks three hints"),
        (rules.helps_with_exercises, without(hints=HINTS.replace("\n\nL", "\nL")), "three hints"),
        (rules.folds_its_checks, written("**Check.** 16."), "more has a check that is not folded"),
        (rules.folds_its_checks, written(f"{CHECK}\n\n**Check.** 16."), "is not folded"),
        (rules.folds_its_checks, written(f"{CHECK}\n\nMore."), "is not folded"),
        (rules.folds_its_checks, without(answer=CHECK.replace("\n\n16", "\n16")), "not folded"),
        (rules.folds_its_checks, without(answer=CHECK.replace("\n\n</", "\n</")), "not folded"),
        (rules.folds_its_checks, without(answer=CHECK.replace(" (commit", "")), "is not folded"),
        (rules.folds_its_checks, without(answer=CHECK.replace("16", "# 16")), "has a heading"),
        (rules.folds_its_checks, without(answer=CHECK.replace("- ", "  - ")), "is indented"),
        (rules.folds_its_checks, without(answer=CHECK.replace("16", "$4^2$")), "has a formula"),
        (rules.folds_its_checks, without(answer=CHECK.replace("16", JUDGE)), "fold of its own"),
        (rules.folds_its_checks, without(answer=CHECK.replace("16", "**Predict.**")), "to predict"),
        (rules.ends_on_an_open_question, without("open"), "is not open-ended"),
        (rules.ends_on_an_open_question, without(open="Go on."), "how to judge"),
        (rules.has_whole_links, written("see [there](missing.ipynb#end)"), "links to missing"),
    ],
)
def test_a_fault_is_found(rule, notebook, complaint, folder):
    assert any(complaint in found for found in rule(notebook, folder))


def test_a_cell_without_an_id_is_found(folder):
    notebook = changed() | {"nbformat_minor": 4}  # older files need not have them; ours do
    del notebook["cells"][1]["id"]
    assert "has cells without ids" in list(rules.is_valid(notebook, folder))


def test_exercises_and_solutions_may_define_and_solutions_may_be_long(folder):
    cell = {"source": "def f():\n" + "    x = 1\n" * 30, "metadata": {"tags": ["solution"]}}
    assert list(rules.has_no_plumbing(changed(**cell), folder)) == []
    assert list(rules.has_short_code(changed(**cell), folder)) == []


def test_the_desk_stays_in_the_first_two_notebooks_and_where_its_words_are_handed_over(folder):
    early = copy.deepcopy(written("Move the faders."))
    early["cells"][0]["source"] = "# 1 · Squeeze"
    assert list(rules.has_plain_words(early, folder)) == []
    late = copy.deepcopy(written("| fader | gate |"))
    late["cells"][-1]["id"] = rules.HANDOVER
    assert list(rules.has_plain_words(late, folder)) == []


def test_a_card_below_a_question_is_fine(folder):
    assert list(rules.asks_on_cards(asked("## How is it made?"), folder)) == []


def test_a_table_may_be_longer_than_a_thought(folder):
    table = written("| word | 词 |\n" * 100)
    assert list(rules.has_brief_prose(table, folder)) == []
