# ruff: noqa: SIM105
"""Whatever a learner's function does, a check answers in words and leaves the kernel as it was."""

import functools
import signal
import sys
import threading
import time

import numpy as np
import pytest

from attention_lib.course import checks
from attention_lib.course.checks import Verdict, _attempt, _limits
from attention_lib.course.checks._attempt import attempt
from attention_lib.course.checks._limits import TooLong

SOON = 0.15  # seconds


@pytest.fixture
def impatient(monkeypatch):
    """A check that waits for less than a learner's does, so that the tests do, too."""
    monkeypatch.setattr(
        sys.modules["attention_lib.course.checks._examine"],
        "attempt",
        functools.partial(attempt, seconds=SOON),
    )


def forgetful(feature_map):
    total = feature_mapp.sum()  # noqa: F821
    return total


def endless(feature_map):
    total = 0
    while total < 1:
        total += 0
    return total


def stubborn(feature_map):
    try:
        time.sleep(60)
    except:  # noqa: E722
        pass
    return endless(feature_map)


def asleep(feature_map):
    time.sleep(60)


def runaway(feature_map):
    return runaway(feature_map)


def greedy(feature_map):
    return np.ones((10**5, 10**5, 100))


def greedy_but_possible(feature_map):
    return np.ones((3 * 2**30,), np.uint8)  # the machine has it; thirty learners' would not


class Hostile:
    """An object that fails wherever it is touched."""

    def __fail(self, *given, **named):
        raise TooLong

    __array__ = __eq__ = __len__ = __iter__ = __repr__ = __bool__ = __float__ = __getattr__ = __fail
    __hash__ = None


class HostileError(Exception):
    def __str__(self):
        raise ValueError


def fails_hostilely(feature_map):
    raise HostileError


def talks(feature_map):
    print("shape:", feature_map.shape)
    print("`x`")
    return feature_map.sum((0, 1))


def only_talks(feature_map):
    print(feature_map.mean((0, 1)))


def grows(feature_map, found=[]):  # noqa: B006
    found.append(feature_map.mean((0, 1)))
    return np.array(found[0] + len(found) - 1)


def random(feature_map):
    return feature_map.mean((0, 1)) + np.random.default_rng().normal(size=feature_map.shape[2])


async def awaited(feature_map):
    return feature_map.mean((0, 1))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (forgetful, "NameError: name 'feature_mapp' is not defined"),
        (forgetful, "in the line `total = feature_mapp.sum()  # noqa: F821`"),
        (forgetful, "`feature_map` of shape (2, 3, 4). Is the name spelt as in the line with"),
        (lambda x: x.average(), "Is there something of that name? Press Tab"),
        (lambda x: x @ np.ones(7), "Print the shapes before that line: do they fit?"),
        (endless, "still at work after 0.15 seconds, in the line `"),
        (endless, "does what it looks at change inside the loop?"),
        (stubborn, "still at work after 0.15 seconds"),
        (asleep, "in the line `time.sleep(60)`"),
        (runaway, "calls itself again and again, in the line `return runaway(feature_map)`"),
        (greedy, "asked for more memory than there is, in the line `return np.ones("),
        (fails_hostilely, "stopped with HostileError, in the line `raise HostileError`"),
        (lambda: 0, "takes no arguments, and the check gives it `feature_map`"),
        (lambda x, y: 0, "takes `x`, `y`, and the check gives it `feature_map`"),
        (np.zeros, "could not be called with `feature_map`: TypeError"),
        (lambda x: exit(), "stopped with SystemExit"),
        (lambda x: [[1, 2], [3]], "or rows that are not of one length"),
        (lambda x: tuple(x.mean((0, 1))), "Wrap it: `np.array(...)`"),
        (lambda x: (x.mean() for _ in x), "something of type `generator`"),
        (lambda x: map(abs, x), "`np.array(list(...))` makes them at once"),
        (lambda x: x.mean, "something of type `builtin_function_or_method`"),
        (lambda x: np.ma.masked_less(x.mean((0, 1)), 3), "It hides some of its numbers"),
        (lambda x: np.matrix(x.mean((0, 1))), "something of type `matrix`"),
        (lambda x: dict(enumerate(x.mean((0, 1)))), "Return the numbers alone"),
        (lambda x: np.full(1, object()), "something of type `ndarray of objects`"),
        (lambda x: object(), "something of type `object`"),
        (lambda x: x.mean((0, 1)) + 1j, "something of type `ndarray`"),
        (lambda x: x.mean((0, 1)) * np.nan, "not a number"),
        (lambda x: x.mean((0, 1)) + np.inf, "yours is inf"),
        (awaited, "`async` has no place here"),
        (talks, "These are sums"),
        (talks, "It printed: `shape: (2, 3, 4)\n'x'`"),
        (only_talks, "prints something and returns nothing"),
        (only_talks, "It printed: `["),
        (grows, "Called twice with the same arguments, your function gives two"),
        (random, "or it uses random numbers"),
        (np.ones(4), "something of type `ndarray`. Give its name without brackets"),
    ],
)
def test_whatever_a_function_does_is_answered_in_words(impatient, wrong, words):
    verdict = checks.squeeze(wrong)
    assert not verdict.passed
    assert words in verdict.message


def test_an_object_that_fails_wherever_it_is_touched_is_answered(impatient):
    for answer in (Hostile(), [Hostile()], (Hostile(), 1.0)):
        verdict = checks.squeeze(lambda feature_map, answer=answer: answer)
        assert not verdict.passed
        assert verdict.message.startswith("Your function")
    assert not checks.squeeze(Hostile()).passed


def test_an_endless_loop_is_stopped_in_two_seconds():
    assert _attempt.SECONDS == 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells and limits it")
def test_memory_is_limited_and_the_limit_taken_back():
    before = _limits.resource.getrlimit(_limits.resource.RLIMIT_AS)
    assert "more memory than there is" in checks.squeeze(greedy_but_possible).message
    assert _limits.resource.getrlimit(_limits.resource.RLIMIT_AS) == before


def test_the_alarm_clock_goes_back_to_its_former_owner():
    rang = []
    handler = signal.signal(signal.SIGALRM, lambda *_: rang.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 60)
        attempt(endless, {"feature_map": 0}, seconds=0.05)
        seconds, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        assert 0 < seconds <= 60
        signal.raise_signal(signal.SIGALRM)
        assert rang
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


@pytest.fixture
def interruptible():
    """Ctrl+C means what it means at a desk; what a shell starts in the background is deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_the_learners_own_interrupt_passes():
    def interrupted(feature_map):
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        checks.squeeze(interrupted)


def test_in_another_thread_nothing_is_limited_and_everything_is_judged():
    def called():
        found.append(attempt(lambda: time.sleep(2 * SOON) or 3, {}, seconds=SOON))

    found = []
    thread = threading.Thread(target=called, daemon=True)
    thread.start()
    thread.join(20)
    assert (found[0].answer, found[0].reply) == (3, "")


def multiplied_in_place(feature_map, gates):
    feature_map *= gates
    return feature_map


def shuffled_in_place(feature_map):
    feature_map[...] = feature_map[::-1, ::-1].copy()
    return feature_map


def popped(stages, reduction):
    last = stages.pop()
    return sum(2 * n * c * (c // reduction) for n, c in [*stages, last])


@pytest.mark.parametrize(
    ("check", "wrong", "words"),
    [
        (checks.scale, multiplied_in_place, "Your function changes `feature_map`, the array"),
        (checks.other_map, shuffled_in_place, "Your function changes `feature_map`, the array"),
        (checks.network_weights, popped, "Your function changes `stages`, the list"),
    ],
)
def test_a_change_of_the_input_is_noticed(check, wrong, words):
    verdict = check(wrong)
    assert not verdict.passed
    assert words in verdict.message


def test_a_change_of_the_input_spoils_no_later_check():
    checks.scale(multiplied_in_place)
    assert checks.scale(lambda feature_map, gates: feature_map * gates).passed
    checks.network_weights(popped)
    assert checks.network_weights(
        lambda stages, r: sum(2 * n * c * (c // r) for n, c in stages)
    ).passed


def test_what_is_printed_without_end_is_cut():
    def chatters(feature_map):
        for _ in range(10**4):
            print("again")

    assert len(checks.squeeze(chatters).message) < 1000


def test_what_a_right_function_prints_is_not_repeated(capsys):
    def talks_well(feature_map):
        print("here")
        return feature_map.mean((0, 1))

    assert "here" not in checks.squeeze(talks_well).message
    assert capsys.readouterr().out == ""


def test_a_check_gives_the_same_verdict_every_time():
    assert checks.excite(lambda *given: given[0]) == checks.excite(lambda *given: given[0])


def test_an_overflow_in_the_learners_sigmoid_is_no_warning():
    assert checks.excite(lambda z, w1, w2: 1 / (1 + np.exp(-(np.maximum(z @ w1, 0) @ w2)))).passed


def test_a_verdict_is_told_in_words_and_not_by_colour_alone():
    assert repr(Verdict(True, "All well.")) == "Right. All well."
    assert repr(Verdict(False, "Look again.")) == "Not yet. Look again."
    assert "<strong>Not yet.</strong> Look again." in Verdict(False, "Look again.")._repr_html_()


def test_a_verdict_on_the_page_escapes_what_the_learner_wrote():
    page = Verdict(False, "It is `x < 3`.\n\nSo <b>.\nTwo")._repr_html_()
    assert "<code>x &lt; 3</code>" in page
    assert "So &lt;b&gt;.<br>Two</p>" in page
