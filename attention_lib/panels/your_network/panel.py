"""The panel of your own network: its controls."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets as widgets
import traitlets

from attention_lib import _require, language
from attention_lib.language import say
from attention_lib.panels.kit.controls import choice
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened
from attention_lib.panels.your_network import uploads
from attention_lib.panels.your_network.scene import HEIGHT, NetworkScene
from attention_lib.panels.your_network.state import Bench

if TYPE_CHECKING:
    import keras

    from attention_lib.models.gates import Site


class Upload(anywidget.AnyWidget):
    """A button for a picture of one's own: it sends name and size, and what the file holds.

    What is larger than `most` bytes would not arrive, and is not sent.
    """

    _esm = language.script(Path(__file__).parent / "upload.js")
    most = traitlets.Int(uploads.MOST_BYTES).tag(sync=True)


class NetworkPanel(Panel):
    """The panel, with a button for pictures of one's own; `upload` is the button."""

    def __init__(self, bench: Bench, controls: dict[str, widgets.Dropdown]):
        self._bench = bench
        self.upload = Upload()
        controls["model"].observe(self._list_layers, "value")
        scene = NetworkScene()
        super().__init__(
            scene,
            bench.compute,
            controls,
            [["photo", "other", "layer"], ["model", self.upload]],
            height=HEIGHT,
            name="your_network",
            click={"layer": scene.layer_at},
        )
        self.upload.on_msg(self._take)

    def _list_layers(self, change: dict) -> None:
        """Another model has other layers; this is heard before the panel computes."""
        self.controls["layer"].options = _layers(self._bench.models[change.new].sites)

    def _take(self, _upload: Any, content: Any, buffers: list) -> None:
        """Read what was uploaded, and make it the first picture."""
        match content:
            case {"name": str(name), "size": int(size)}:
                pass
            case _:
                return
        try:
            uploads.require_size(size, name)
            added = self._bench.add(name, bytes(buffers[0]) if buffers else b"")
        except ValueError as error:
            self._say(str(error))
            return
        with self.hold():
            for name in ("photo", "other"):
                control, options = self.controls[name], self._bench.pictures()
                kept = control.value if control.value in options.values() else "cat"
                control.options = [*options.items()]
                control.value = kept
            self.controls["photo"].value = added


def _layers(sites: "tuple[Site, ...]") -> list[tuple[str, int]]:
    return [
        (
            say(
                "{i}: {path} ({mechanism}, {channels} channels)",
                i=i + 1,
                path=site.path,
                mechanism=site.mechanism,
                channels=site.channels,
            ),
            i,
        )
        for i, site in enumerate(sites)
    ]


RECORDED = (
    Grid({"photo": EVERY, "layer": (0, 1, 2, 3)}, {"other": EVERY}),
    Grid({"photo": ("cat", "brick"), "other": EVERY}),
)


@can_be_opened
def show_your_network(
    models: "keras.Model | Mapping[str, keras.Model] | None" = None,
    photo: str = "cat",
    other: str = "brick",
    layer: int = 0,
    white: float = 255,
) -> NetworkPanel:
    """See the channel gates of a Keras model for two pictures. This loads Keras.

    Args:
        models: a built model, or several by name; without one, the small network that ships with
            the library.
        photo: the first picture, a key of `photos.PHOTOS`; a button uploads others.
        other: the second picture.
        layer: which of the gated layers, from 0; a click on a spread chooses too.
        white: what the models take for the brightest value: 255, as `keras.applications` do, or 1.

    Returns:
        The panel.

    Raises:
        ValueError: if a value cannot be, or a model has no gates.
    """
    from attention_lib.models import gates, pretrained

    if models is None:
        models = {say("photo network, ships with this"): pretrained.photo_network()}
    elif not isinstance(models, Mapping):
        models = {getattr(models, "name", "model"): models}
    if not models:
        raise ValueError(
            say("`models` must hold one model or more. Received: none. Give one by name.")
        )
    white = _require.finite(white, "white", above=0)
    bench = Bench({name: gates.Reader(model) for name, model in models.items()}, white)
    name = next(iter(models))
    controls = {
        "model": choice(say("model"), [*models], name),
        "photo": choice(say("first picture"), bench.pictures(), photo),
        "other": choice(say("second picture"), bench.pictures(), other),
        "layer": choice(say("layer"), dict(_layers(bench.models[name].sites)), layer),
    }
    return NetworkPanel(bench, controls)
