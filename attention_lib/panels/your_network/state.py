"""The panel of your own network: its state, computed, and the sentences made from it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._words import cut, many, number
from attention_lib.examples import photos
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.panels.your_network import uploads

if TYPE_CHECKING:
    from attention_lib.models.gates import Reader, Reading, Site


SIDE = 224  # of a picture for a network that takes any size
MOST_UPLOADS = 4
MOST_MAPS = 4  # in each of the three groups
NOTICEABLE = 0.1
LONGEST_PATH = 40  # of a layer's name, as it is shown
BINS = 64  # in which the gates of a layer are counted


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

    def in_grey(self, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The (H, W, n) maps of some channels from 0 to 1; a channel has one scale for both."""
        both = [maps[..., group] for maps in self.maps]
        low = np.minimum(0, [maps.min((0, 1)) for maps in both]).min(axis=0)
        high = np.max([maps.max((0, 1)) for maps in both], axis=0)
        first, second = ((maps - low) / np.maximum(high - low, 1e-12) for maps in both)
        return first, second

    @property
    def spreads(self) -> tuple[np.ndarray, np.ndarray]:
        """(layers, BINS) how each layer's gates spread from 0 to 1, for either picture."""
        first, second = (
            np.stack([density(reading.gates[0]) for reading in readings])
            for readings in (self.first, self.second)
        )
        return first, second


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
        name = say("yours: {name}", name=name)
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
        """Show two pictures to a model, by its name; `show_your_network` has the arguments."""
        reader = self.models[model]
        _require.count(layer, "layer", least=0, most=len(reader.sites) - 1)
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
            say(
                "A network for pictures must take one or three colours. Received: a model "
                "that takes the shape {shape}. Read its gates with `gates.record`.",
                shape=shape,
            )
        )
    shown = uploads.fit(picture, height or SIDE, width or SIDE)
    if colours == 1:
        shown = shown.mean(-1, keepdims=True)
    given = shown.transpose(2, 0, 1) if first else shown
    return np.broadcast_to(shown, (*shown.shape[:2], 3)), given


def density(gates: np.ndarray) -> np.ndarray:
    """How many of (C,) gates stand near each of (BINS,) heights, 1 where most of them do.

    Gates are counted at the nearest end where they leave 0 to 1.
    """
    counts, _ = np.histogram(np.clip(gates, 0, 1), bins=BINS, range=(0, 1))
    bell = np.exp(-(np.arange(-5, 6) ** 2) / 6)
    smooth = np.convolve(counts, bell, "same")
    return smooth / smooth.max()


def title(state: NetworkState) -> str:
    """Which layer is looked at."""
    return say(
        "layer {layer} of {count}, {path}",
        layer=state.layer + 1,
        count=len(state.sites),
        path=cut(state.site.path, LONGEST_PATH),
    )


def kind(state: NetworkState) -> str:
    """What the chosen layer is."""
    site = state.site
    through = {"SE": say(", width {width}", width=site.width), "ECA": f", k = {site.width}"}
    through["CBAM"] = through["SE"]
    return say(
        "{mechanism}, {channels}{through}",
        mechanism=site.mechanism,
        channels=many(site.channels, "channel"),
        through=through.get(site.mechanism, ""),
    )


def reach(gates: np.ndarray) -> str:
    """From where to where gates go."""
    return say("{low} to {high}", low=number(gates.min()), high=number(gates.max()))


def describe(state: NetworkState) -> str:
    """The whole picture in words."""
    spans = say("; ").join(
        say(
            "{which}: gates {reach}, mean {mean}",
            which=which,
            reach=reach(gates),
            mean=number(gates.mean()),
        )
        for which, gates in zip((say("First"), say("second")), state.gates, strict=True)
    )
    return say(
        "{model}, layer {layer} of {count}, {path}, for {first} and {second}. "
        "{kind}. {spans}. {comment}",
        model=state.model,
        layer=state.layer + 1,
        count=len(state.sites),
        path=state.site.path,
        first=state.names[0],
        second=state.names[1],
        kind=kind(state),
        spans=spans,
        comment=comment(state),
    )


def comment(state: NetworkState) -> str:
    """What changes from one picture to the other."""
    first, second = state.gates
    if state.names[0] == state.names[1]:
        return say("The same picture twice: the same gates. Choose another one to compare.")
    moved = np.abs(second - first)
    channel = int(moved.argmax())
    far = int((moved > NOTICEABLE).sum())
    return say(
        "From the first to the second, {far} of {count} gates change by more than "
        "{noticeable}; channel {channel} changes most, {first} → {second}.",
        far=far,
        count=len(first),
        noticeable=NOTICEABLE,
        channel=channel,
        first=number(first[channel]),
        second=number(second[channel]),
    )
