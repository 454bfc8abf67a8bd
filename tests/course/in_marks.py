"""Prints, in JSON, what the course says in a made-up language that sets «marks» around each text.

A program of its own, as much is said when a module is imported. Networks are left out: Keras is
slow to start.
"""

import gettext
import json

from attention_lib import language


class Marks(gettext.NullTranslations):
    def gettext(self, message):
        return f"«{message}»"


language._catalogue = Marks()  # before any of the rooms below is imported

from attention_lib.course import museum, predict  # noqa: E402
from attention_lib.course.museum import state  # noqa: E402
from attention_lib.course.predict._ask import Question  # noqa: E402
from attention_lib.course.predict._judge import BELIEF, RIGHT  # noqa: E402
from attention_lib.course.walks import WALKS  # noqa: E402
from tests.course.checks.test_every_check import WRONG  # noqa: E402
from tests.course.predict.test_every_prediction import (  # noqa: E402
    NO_ANSWER,
    believed,
    given,
    loads_keras,
)


def of_a_prediction(question):
    """Every text of a card; each answer must be judged as it is in English."""
    truth = question.reveal()
    right = question.judge(given(truth.value))
    assert right.kind == RIGHT, question.about
    beliefs = believed(truth)
    for value, words in beliefs:
        assert question.judge(given(value))[:2] == (BELIEF, words), question.about
    form = question.form
    yield from (question.asks, form.get("unit", ""), form.get("hint", ""))
    yield from (*form.get("options", ()), right.words, right.shown, truth.otherwise)
    yield from (words for _, words in beliefs)
    yield from (question.judge(answer).words for answer in NO_ANSWER[form["kind"]])


said = {}
for name in predict.__all__:
    question = getattr(predict, name)
    if isinstance(question, Question) and not loads_keras(question):
        said[name] = [*of_a_prediction(question)]
for check, wrong, _ in WRONG:
    verdict = check(wrong)
    said.setdefault(check.__name__, []).extend([verdict.title, verdict.message])
for exhibit in museum.EXHIBITS:
    for check in museum.CHECKS:
        shown = state.compute(exhibit, check)
        said[f"{exhibit}, {check}"] = [state.describe(shown), state.reply(shown)]
said["walks"] = [words for steps in WALKS.values() for _, words in steps]
print(json.dumps(said))
