"""A run that learns on a thread of its own, so that whatever else is on the page stays alive."""

import os
import threading
from collections.abc import Callable

from attention_lib.experiments import tasks
from attention_lib.experiments.runs import History, Settings
from attention_lib.language import say


class LiveRun:
    """A run that can be started, paused and stopped at any time.

    Args:
        settings: of the run.

    `history` and `status` say how far it is, `trouble` what has ended it before its time, if
    anything. `changed` is called on the run's thread whenever they have changed there.
    """

    def __init__(self, settings: Settings):
        self.changed: Callable[[], None] = lambda: None
        self._thread: threading.Thread | None = None
        self._rest = threading.Event()
        self.choose(settings)

    def choose(self, settings: Settings) -> None:
        """Turn to another run, at its beginning; the one under way is given up."""
        self._rest.set()
        self._trainer = None
        self.trouble = ""
        self.status = "ready"
        self.history = History(settings, tasks.TASKS[settings.task].epochs, 0)

    def start(self) -> None:
        """Begin, go on after a pause, or begin again after the last epoch."""
        if self.status == "finished":
            self.stop()
        if self.status not in ("ready", "paused"):
            return
        self._rest, self.trouble = threading.Event(), ""
        self.status = "learning" if self._trainer else "getting ready"
        arguments = self._thread, self._rest, self.history.settings
        self._thread = threading.Thread(target=self._learn, args=arguments, name="training")
        self._thread.start()

    def pause(self) -> None:
        """Rest after the batches under way."""
        if self.status in ("getting ready", "learning"):
            self._rest.set()
            self.status = "paused"

    def stop(self) -> None:
        """Give the run up, and stand at its beginning."""
        self.choose(self.history.settings)

    def wait(self) -> None:
        """Wait until the thread is done: after a pause, a stop, or the last epoch."""
        if self._thread:
            self._thread.join()

    def _learn(
        self, before: threading.Thread | None, rest: threading.Event, settings: Settings
    ) -> None:
        if before:
            before.join()
        try:
            trainer = self._trainer
            if trainer is None:
                from attention_lib.experiments.training import Trainer  # only now: TensorFlow

                trainer = Trainer(settings)
                if rest.is_set() and self.history.settings != settings:
                    return
                self._trainer = trainer
            while self._goes_on(trainer, rest):
                trainer.advance()
        except Exception as error:
            self.stop()
            self.trouble = say("The run has stopped: {error}", error=error)
            self.changed()
            if os.environ.get("ATTENTION_LIB_STRICT"):
                raise

    def _goes_on(self, trainer, rest: threading.Event) -> bool:
        """Say how far the run is, if it is still the one that is wanted."""
        if self._trainer is not trainer:
            return False
        self.history = trainer.history
        if trainer.history.finished:
            self.status = "finished"
        elif not rest.is_set():
            self.status = "learning"
        self.changed()
        ending = not threading.main_thread().is_alive()  # Python waits for its threads then
        return not (rest.is_set() or trainer.history.finished or ending)
