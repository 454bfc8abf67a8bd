"""The panel of your own network: its gates for two pictures, layer by layer."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention_lib import marks, photos, uploads
from attention_lib.lettering import letter
from attention_lib.live import Scene
from attention_lib.look import SMALL, TEXT, Look, page
from attention_lib.panels import sources
from attention_lib.panels.base import Panel
from attention_lib.panels.controls import choice
from attention_lib.panels.words import number
from attention_lib.steps import _require

if TYPE_CHECKING:
    import keras

    from attention_lib.gates import Reader, Reading, Site

HEIGHT = 676
SIDE = 224  # of a picture for a network that takes any size
MOST_UPLOADS = 4
MOST_MAPS = 4  # in each of the three groups
NOTICEABLE = 0.1

# Where things stand on the page, in CSS pixels.
LEFT, RIGHT = 14, 944
PICTURE, PICTURE_TOP = 128, 40
SECOND = 156  # the left end of the second picture
SPREAD = 346, 40, 598, 128  # left, top, width and height
BARS_LEFT, BARS_HEIGHT, BARS_TOPS = 110, 56, (244, 306)
MAP, MAP_STEP, MAP_TOPS = 60, 68, (432, 528)
GROUPS = (110, 392, 674)  # the left ends of the groups of maps


class NetworkState(NamedTuple):
    """What the layers of one network did with two pictures, and the layer that is looked at."""

    model: str
    sites: "tuple[Site, ...]"
    names: tuple[str, str]
    pictures: tuple[np.ndarray, np.ndarray]  # (H, W, 3) in [0, 1], as the network saw them
    first: "list[Reading]"  # one for each site, a batch of one picture
    second: "list[Reading]"
    layer: int

    @property
    def site(self) -> "Site":
        return self.sites[self.layer]

    @property
    def gates(self) -> tuple[np.ndarray, np.ndarray]:
        """The (C,) gates of the chosen layer for either picture."""
        return self.first[self.layer].gates[0], self.second[self.layer].gates[0]

    @property
    def maps(self) -> tuple[np.ndarray, np.ndarray]:
        """The (H, W, C) maps that the chosen layer's gates scale."""
        return self.first[self.layer].maps[0], self.second[self.layer].maps[0]

    @property
    def order(self) -> np.ndarray:
        """(C,) channels, the one most open for the first picture first."""
        return np.argsort(-self.gates[0], kind="stable")

    @property
    def groups(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Channels most open and most closed for the first picture, and most different."""
        first, second = self.gates
        most = min(MOST_MAPS, len(first))
        apart = np.argsort(-np.abs(second - first), kind="stable")
        return self.order[:most], self.order[::-1][:most], apart[:most]


class Bench:
    """Models and pictures by the names under which a learner chooses them.

    Args:
        models: readers of gates by name.
        white: what the models take for the brightest value.
    """

    def __init__(self, models: "Mapping[str, Reader]", white: float):
        self.models = dict(models)
        self.uploaded: dict[str, np.ndarray] = {}
        self._white = white
        self._read: dict[tuple[str, str], tuple] = {}

    def add(self, name: str, content: bytes) -> str:
        """Read an uploaded file; the oldest makes room.

        Returns:
            The name that the picture goes by, which no shipped photograph has.

        Raises:
            ValueError: if it is no picture that can be read.
        """
        picture = uploads.read_picture(content, name)
        name = f"yours: {name}"
        self.uploaded.pop(name, None)
        self.uploaded[name] = picture
        for old in [*self.uploaded][:-MOST_UPLOADS]:
            del self.uploaded[old]
        self._read = {key: kept for key, kept in self._read.items() if key[1] in photos.PHOTOS}
        return name

    def pictures(self) -> dict[str, str]:
        """What can be chosen: what is shown, and the name it goes by."""
        return sources.PHOTO_CHOICES | {name: name for name in self.uploaded}

    def compute(self, model: str, photo: str, other: str, layer: int) -> NetworkState:
        """Show two pictures to a network.

        Args:
            model: the name of a model.
            photo: the name of the first picture.
            other: the name of the second one.
            layer: which of the model's gated layers.

        Returns:
            The state.

        Raises:
            ValueError: if a value cannot be.
        """
        reader = self.models[model]
        if layer not in range(len(reader.sites)):
            raise ValueError(
                f"`layer` must be one of the {len(reader.sites)} gated layers of {model}. "
                f"Received: layer={layer}. Choose 0 to {len(reader.sites) - 1}."
            )
        (shown, first), (beside, second) = self._look_at(model, photo), self._look_at(model, other)
        titles = {name: title for title, name in self.pictures().items()}
        names = titles[photo], titles[other]
        return NetworkState(model, reader.sites, names, (shown, beside), first, second, layer)

    def _look_at(self, model: str, photo: str) -> "tuple[np.ndarray, list[Reading]]":
        """A picture as the model saw it, and what its gates did; the last ones are kept."""
        key = model, photo
        if key not in self._read:
            reader = self.models[model]
            shown, given = _prepared(self._picture(photo), reader.shape)
            reading = reader((given * self._white)[None])
            self._read[key] = shown, reading
            for old in [*self._read][:-4]:
                del self._read[old]
        return self._read[key]

    def _picture(self, photo: str) -> np.ndarray:
        if photo in self.uploaded:
            return self.uploaded[photo]
        return (photos.load_photo(photo, 224) * 255).round().astype(np.uint8)


def _prepared(picture: np.ndarray, shape: tuple) -> tuple[np.ndarray, np.ndarray]:
    """A picture as it is shown, and as a model of this input shape takes it."""
    first = shape[-1] not in (1, 3)  # then the colours stand before rows and columns
    colours, height, width = shape if first else (shape[-1], *shape[:2])
    if colours not in (1, 3):
        raise ValueError(
            "A network for pictures must take one or three colours. "
            f"Received: a model that takes the shape {shape}. Read its gates with `gates.record`."
        )
    shown = uploads.fit(picture, height or SIDE, width or SIDE)
    if colours == 1:
        shown = shown.mean(-1, keepdims=True)
    given = shown.transpose(2, 0, 1) if first else shown
    return np.broadcast_to(shown, (*shown.shape[:2], 3)), given


class NetworkScene(Scene):
    """Draws a NetworkState."""

    def layout(self, state: NetworkState) -> tuple:
        return state.model, len(state.sites), min(state.site.channels, MOST_MAPS)

    def build(self, figure: Figure, look: Look, state: NetworkState) -> list[Artist]:
        self._look, self._layers = look, len(state.sites)
        self._page = page(figure, look)
        self._headings()
        return [*self._pictures(), *self._spread(), *self._bars(), *self._maps(state), *self._end()]

    def layer_at(self, x: float, y: float) -> int | None:
        """The layer whose spread stands at (x, y) on the page, if there is one."""
        left, top, width, height = SPREAD
        if not (left <= x < left + width and top <= y < top + height + 22):
            return None
        return int((x - left) / width * self._layers)

    def update(self, state: NetworkState) -> str:
        for mark, picture, words, name in zip(
            self.shown, state.pictures, self._titles, state.names, strict=True
        ):
            mark.set((picture[None] * 255).round().astype(np.uint8))
            words.set_text(_short(name))
        self._update_spread(state)
        for bars, gates in zip(self.bars, state.gates, strict=True):
            ordered = gates[state.order]
            bars.set(ordered, self._look.gates(np.clip(ordered, 0, 1)))
        self._update_maps(state)
        sentence, remark = explain(state), comment(state)
        self._sentence.set_text(sentence)
        self._remark.set_text(remark)
        self._layer.set_text(f"layer {state.layer + 1}, {_short(state.site.path, 72)}")
        return (
            f"{state.model}, layer {state.layer + 1} of {len(state.sites)}, {state.site.path}, for "
            f"{state.names[0]} and {state.names[1]}. {sentence} {remark}"
        )

    # -- headings and words -----------------------------------------------------------------------

    def _headings(self) -> None:
        bold = {"fontsize": TEXT, "weight": "bold", "color": self._look.ink}
        quiet = {"fontsize": SMALL, "color": self._look.quiet}
        letter(self._page, SPREAD[0], 26, "gates of every layer", **bold)
        words = "left half: first picture; right half: second"
        letter(self._page, RIGHT, 26, words, ha="right", **quiet)
        letter(self._page, LEFT, 214, "all gates", **bold)
        words = "side by side in the order of the first picture's gates, the most open one first"
        letter(self._page, BARS_LEFT, 234, words, **quiet)
        for top in (*BARS_TOPS, *MAP_TOPS):
            label = "first" if top in (BARS_TOPS[0], MAP_TOPS[0]) else "second"
            middle = top + (BARS_HEIGHT if top in BARS_TOPS else MAP) / 2
            letter(self._page, LEFT, middle + 4, label, fontsize=SMALL, color=self._look.ink)
        letter(self._page, LEFT, 396, "maps", **bold)
        for left, words in zip(
            GROUPS,
            ("most open for the first", "most closed for the first", "most different"),
            strict=True,
        ):
            letter(self._page, left, 396, words, **bold)

    def _pictures(self) -> list[Artist]:
        self.shown = [
            marks.Pictures(self._page, left, PICTURE_TOP, PICTURE, smooth=True)
            for left in (LEFT, SECOND)
        ]
        bold = {"fontsize": TEXT, "weight": "bold", "color": self._look.ink}
        self._titles = [letter(self._page, left, 26, **bold) for left in (LEFT, SECOND)]
        return [*(mark.artist for mark in self.shown), *self._titles]

    def _end(self) -> list[Artist]:
        plain = {"fontsize": TEXT + 0.5, "color": self._look.ink}
        self._sentence = letter(self._page, LEFT, 640, **plain)
        self._remark = letter(self._page, LEFT, 663, **plain)
        bold = {"fontsize": TEXT + 1, "weight": "bold", "color": self._look.accent}
        self._layer = letter(self._page, BARS_LEFT, 214, **bold)
        return [self._sentence, self._remark, self._layer]

    # -- the spread of every layer's gates --------------------------------------------------------

    def _spread(self) -> list[Artist]:
        left, top, width, height = SPREAD
        look, pitch = self._look, width / self._layers
        lines = [[(left, y), (left + width, y)] for y in (top, top + height / 2, top + height)]
        self._page.add_collection(LineCollection(lines, colors=look.faint), autolim=False)
        style = {"fontsize": SMALL, "color": look.quiet}
        for value in (0, 0.5, 1):
            at = top + height * (1 - value) + 4
            letter(self._page, left - 8, at, f"{value:g}", ha="right", **style)
        every = -(-self._layers // 24)
        for layer in range(0, self._layers, every):
            x = left + (layer + 0.5) * pitch
            letter(self._page, x, top + height + 17, str(layer + 1), ha="center", **style)
        self._chosen = Rectangle((left, top), pitch, height, zorder=1, facecolor=look.accent_wash)
        self._under = Rectangle((left, top + height), pitch, 3, zorder=3, facecolor=look.accent)
        self.spread = marks.Pixels(self._page, SPREAD)
        for patch in (self._chosen, self._under):
            self._page.add_patch(patch)
        return [self._chosen, self._under, self.spread]

    def _update_spread(self, state: NetworkState) -> None:
        left, _, width, _ = SPREAD
        pitch = width / self._layers
        for patch in (self._chosen, self._under):
            patch.set_x(left + state.layer * pitch)
        rows, columns = self.spread.rows, self.spread.columns
        heights = (np.arange(rows)[::-1] + 0.5) / rows
        layer = np.minimum(np.arange(columns) * self._layers // columns, self._layers - 1)
        across = (np.arange(columns) + 0.5) * self._layers / columns - layer - 0.5
        widths = np.stack(
            [
                [density(reading.gates[0], heights) for reading in readings]
                for readings in (state.first, state.second)
            ]
        )  # (2, layers, rows), 1 where most gates stand
        of_column = widths[(across > 0).astype(int), layer]
        inside = np.abs(across) < np.maximum(0.42 * of_column.T, 0.004)
        inside &= of_column.T > 0.01
        rgba = np.zeros((rows, columns, 4), np.uint8)
        rgba[:] = (self._look.gates(heights) * 255).round().astype(np.uint8)[:, None]
        rgba[~inside] = 0
        self.spread.set_rgba(rgba)

    # -- the gates of the chosen layer ------------------------------------------------------------

    def _bars(self) -> list[Artist]:
        self.bars = []
        for top in BARS_TOPS:
            box = BARS_LEFT, top, RIGHT - BARS_LEFT, BARS_HEIGHT
            self.bars.append(marks.Bars(self._page, self._look, track=True, box=box))
        return [bars.artist for bars in self.bars]

    # -- maps -------------------------------------------------------------------------------------

    def _maps(self, state: NetworkState) -> list[Artist]:
        count = min(state.site.channels, MOST_MAPS)
        options = {"step": MAP_STEP, "count": count, "border": 3}
        self.maps = [
            [marks.Pictures(self._page, left + 3, top, MAP, **options) for left in GROUPS]
            for top in MAP_TOPS
        ]
        quiet = {"fontsize": SMALL, "color": self._look.quiet, "ha": "center"}
        ink = {**quiet, "color": self._look.ink}
        middles = [[left + 3 + MAP / 2 + i * MAP_STEP for i in range(count)] for left in GROUPS]

        def words(y: float, style: dict[str, Any]) -> list[list[Artist]]:
            return [[letter(self._page, x, y, **style) for x in row] for row in middles]

        self.numbers = [words(top + MAP + 17, ink) for top in MAP_TOPS]
        self._channels = words(420, quiet)
        moving = [mark.artist for row in self.maps for mark in row]
        texts = [self._channels, *self.numbers]
        return [*moving, *(text for groups in texts for row in groups for text in row)]

    def _update_maps(self, state: NetworkState) -> None:
        for g, group in enumerate(state.groups):
            both = [maps[..., group] for maps in state.maps]
            low = np.minimum(0, [m.min(axis=(0, 1)) for m in both]).min(axis=0)
            high = np.max([m.max(axis=(0, 1)) for m in both], axis=0)
            reach = np.maximum(high - low, 1e-12)
            for row, (maps, gates) in enumerate(zip(both, state.gates, strict=True)):
                chosen = gates[group]
                pictures = marks.shades((maps - low) / reach, self._look.maps)
                self.maps[row][g].set(pictures, self._look.gates(np.clip(chosen, 0, 1)))
                for text, gate in zip(self.numbers[row][g], chosen, strict=True):
                    text.set_text(number(gate))
            for text, channel in zip(self._channels[g], group, strict=True):
                text.set_text(f"ch {channel}")


def density(gates: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """How many gates stand near each height, from 0 to 1 where most of them do.

    Args:
        gates: (C,), counted at the nearest end where they leave 0 to 1.
        heights: (n,) evenly spaced.
    """
    counts, _ = np.histogram(np.clip(gates, 0, 1), bins=64, range=(0, 1))
    bell = np.exp(-(np.arange(-5, 6) ** 2) / 6)
    smooth = np.convolve(counts, bell, "same")
    return np.interp(heights, (np.arange(64) + 0.5) / 64, smooth / smooth.max())


def explain(state: NetworkState) -> str:
    """What the chosen layer is, and how far its gates reach."""
    site = state.site
    through = f", width {site.width}" if site.mechanism in ("SE", "CBAM") else ""
    through = f", k = {site.width}" if site.mechanism == "ECA" else through
    spans = [
        f"{which}: gates {number(g.min())} to {number(g.max())}, mean {number(g.mean())}"
        for which, g in zip(("First", "second"), state.gates, strict=True)
    ]
    return f"{site.mechanism}, {site.channels} channels{through}. {'; '.join(spans)}."


def comment(state: NetworkState) -> str:
    """What changes from one picture to the other."""
    first, second = state.gates
    if state.names[0] == state.names[1]:
        return "The same picture twice: the same gates. Choose another one to compare."
    moved = np.abs(second - first)
    channel = int(moved.argmax())
    far = int((moved > NOTICEABLE).sum())
    return (
        f"From the first to the second, {far} of {len(first)} gates move by more than "
        f"{NOTICEABLE}; the furthest is channel {channel}, {number(first[channel])} → "
        f"{number(second[channel])}."
    )


def _short(name: str, most: int = 16) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


class Upload(anywidget.AnyWidget):
    """A button for a picture of one's own: it sends name and size, and what the file holds.

    What is larger than `most` bytes would not arrive, and is not sent.
    """

    _esm = Path(__file__).parent / "upload.js"
    most = traitlets.Int(uploads.MOST_BYTES).tag(sync=True)


class NetworkPanel(Panel):
    """The panel, with a button for pictures of one's own; `upload` is the button."""

    def __init__(self, bench: Bench, controls: dict[str, widgets.Dropdown]):
        self._bench = bench
        self.upload = Upload()
        controls["model"].observe(self._list_layers, "value")
        scene = NetworkScene()
        rows = [
            [controls["model"], controls["layer"]],
            [controls["photo"], controls["other"], self.upload],
        ]
        super().__init__(scene, bench.compute, controls, rows, height=HEIGHT, name="your_network")
        self.upload.on_msg(self._take)

        def choose(x: float, y: float) -> None:
            layer = scene.layer_at(x, y)
            if layer is not None:
                controls["layer"].value = layer

        self.figure.on_click(choose)

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
        (f"{i + 1}: {site.path} ({site.mechanism}, {site.channels} channels)", i)
        for i, site in enumerate(sites)
    ]


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
    from attention_lib import gates, trained

    if models is None:
        models = {"photo network, ships with this": trained.photo_network()}
    elif not isinstance(models, Mapping):
        models = {getattr(models, "name", "model"): models}
    if not models:
        raise ValueError("`models` must hold one model or more. Received: none. Give one by name.")
    white = _require.finite(white, "white", above=0)
    bench = Bench({name: gates.Reader(model) for name, model in models.items()}, white)
    name = next(iter(models))
    controls = {
        "model": choice("model", [*models], name),
        "photo": choice("first picture", bench.pictures(), photo),
        "other": choice("second picture", bench.pictures(), other),
        "layer": choice("layer", dict(_layers(bench.models[name].sites)), layer),
    }
    return NetworkPanel(bench, controls)
