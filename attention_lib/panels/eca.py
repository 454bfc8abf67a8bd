"""The ECA panel: a small kernel slides over the same photograph's channels, beside SE's gates."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from attention_lib import costs, marks, photos
from attention_lib.lettering import letter
from attention_lib.live import Scene
from attention_lib.look import SMALL, TEXT, Look, dress, page, place
from attention_lib.panels import sources
from attention_lib.panels.base import Panel
from attention_lib.panels.controls import Number, choice, tick
from attention_lib.panels.neighbourhood import first_shown
from attention_lib.panels.words import largest, number, total
from attention_lib.steps.eca import (
    ECAExcitation,
    adaptive_kernel_size,
    random_kernel,
    trace_interaction,
)
from attention_lib.steps.se import SEExcitation, SEWeights, scale, trace_excitation

HEIGHT = 618
KERNEL_CHOICES = {
    "me against my neighbours": "against",
    "average of the neighbourhood": "average",
    "only me": "alone",
    "seeded at random": "seeded",
}
GAIN = 6.0  # of the hand-made kernels, so that gates use the room between 0 and 1
WIDEST = 2 * photos.MOST_CHANNELS - 1  # what lies further out meets nothing but zeros

# Where things stand on the page, in CSS pixels.
CELLS, CELL = 18, 41
LEFT, WIDTH = 208, CELLS * CELL
PHOTO_BOX = (12, 30, 130)  # left, top, side
MAP_SIDE, MAP_TOPS = 92, (222, 350)
Z_TOP, Z_HEIGHT = 30, 54
ZOOM = (118, 308)  # top and bottom of the window that slides
ROWS = {"z": (142, 34), "w": (196, 36), "w · z": (252, 36)}  # top and height of their bars
TITLE_Y, SENTENCE_Y = 334, 355
GATE_TOPS, GATE_HEIGHT = {"ECA": 394, "SE": 486}, 58
AREAS = (39, 560, 76)  # left, bottom, side of the larger square
MOST_DASHES = 256  # channels whose gates before the shuffle can be told apart
SHUFFLE_Y = 602


class ECAState(NamedTuple):
    """Both blocks on one photograph, before and after a shuffle of the channels."""

    eca: ECAExcitation  # in the order shown, as is `se`
    se: SEExcitation
    eca_before: np.ndarray  # (C,) gates before the shuffle, in the order shown
    se_before: np.ndarray
    kernel: np.ndarray
    order: np.ndarray  # (C,) the channel that stands at each place
    shuffled: bool
    photo: str
    channel: int
    by_hand: bool  # whether k is
    reduction: int
    hand_made: bool  # whether SE's weights are
    parameters: dict[str, int]
    maps: np.ndarray  # (H, W, 2), the chosen channel before and after scale

    @property
    def channels(self) -> int:
        return len(self.order)

    @property
    def kernel_size(self) -> int:
        return len(self.kernel)

    @property
    def place(self) -> int:
        """Where the chosen channel stands."""
        return int(np.flatnonzero(self.order == self.channel)[0])

    @property
    def moved(self) -> dict[str, float]:
        """How far the shuffle has moved a gate at most."""
        return {
            "ECA": float(np.abs(self.eca.gates - self.eca_before).max()),
            "SE": float(np.abs(self.se.gates - self.se_before).max()),
        }


def compute(
    photo: str,
    channels: int,
    channel: int,
    kernel: str,
    gamma: float,
    b: float,
    by_hand: bool,
    kernel_size: int,
    reduction: int,
    seed: int,
    shuffled: bool,
) -> ECAState:
    """Run ECA and SE on a photograph's summary; `show_eca` has the arguments."""
    z = sources.summary(photo, channels)
    sources.require_channel(channel, channels)
    k = kernel_size if by_hand else adaptive_kernel_size(channels, gamma, b)
    parameters = {
        "ECA": costs.eca_cost(channels, kernel_size=k).parameters,
        "SE": costs.se_cost(channels, reduction).parameters,
    }
    if k > WIDEST:
        raise ValueError(
            f"`kernel_size` must not exceed {WIDEST}, beyond which a kernel meets only zeros. "
            f"Received: kernel_size={k}. Choose a larger gamma, or a smaller k by hand."
        )
    weights = make_kernel(kernel, k, seed)
    order = shuffle(channels) if shuffled else np.arange(channels)
    eca = trace_interaction(z[order], weights)
    se, hand_made = _se(photo, channels, reduction, seed, shuffled)
    # a channel's map is the same for every C
    chosen = sources.feature_maps(photo, 1 << channel.bit_length())[..., [channel]]
    scaled = scale(chosen, eca.gates[order == channel])
    return ECAState(
        eca=eca,
        se=se,
        eca_before=trace_interaction(z, weights).gates[order],
        se_before=_se(photo, channels, reduction, seed, False)[0].gates[order],
        kernel=weights,
        order=order,
        shuffled=shuffled,
        photo=photo,
        channel=channel,
        by_hand=by_hand,
        reduction=reduction,
        hand_made=hand_made,
        parameters=parameters,
        maps=np.concatenate([chosen, scaled], axis=-1),
    )


def make_kernel(kind: str, kernel_size: int, seed: int) -> np.ndarray:
    """The (k,) weights of a kernel one can read, or of a seeded one."""
    if kind == "seeded":
        return random_kernel(kernel_size, spread=4, seed=seed)
    kernel = np.zeros(kernel_size)
    if kind == "average":
        kernel[:] = GAIN / kernel_size
    if kind == "against" and kernel_size > 1:
        kernel[:] = -GAIN / (kernel_size - 1)
    if kind != "average":
        kernel[kernel_size // 2] = GAIN
    return kernel


def shuffle(channels: int) -> np.ndarray:
    """An order of the channels in which none stands where it stood, if there are two."""
    ring = np.random.default_rng(channels).permutation(channels)
    order = np.empty(channels, int)
    order[ring] = np.roll(ring, 1)
    return order


@lru_cache(maxsize=8)
def _se(
    photo: str, channels: int, reduction: int, seed: int, shuffled: bool
) -> tuple[SEExcitation, bool]:
    """SE on the channels as they stand, each with its weights; and whether those are hand-made."""
    made, asked = sources.excitation_weights("hand-made", channels, reduction, seed=seed)
    z = sources.summary(photo, channels)
    if shuffled:
        order = shuffle(channels)
        z = z[order]
        made = SEWeights(
            made.reduce[order], made.reduce_bias, made.expand[:, order], made.expand_bias[order]
        )
    return trace_excitation(z, made), bool(asked)


def explain(state: ECAState) -> str:
    """The sum of the chosen channel: products, logit, gate."""
    place, k = state.place, state.kernel_size
    heard = state.eca.padded[place : place + k]
    shown = largest(state.kernel * heard, 5)
    terms = [f"{number(state.kernel[j])}·{number(heard[j])}" for j in shown]
    if k > len(shown):
        terms.append(f"{k - len(shown)} smaller terms")
    logit, gate = number(state.eca.logits[place]), state.eca.gates[place]
    return f"{total(terms)} = {logit},   s = σ({logit}) = {gate:.2f}"


def tell_shuffle(state: ECAState) -> str:
    """What the shuffle did to each block, or the question what it will do."""
    if not state.shuffled:
        return (
            "Shuffle the channels: each takes along the weights that are its own. "
            "Whose gates will change, ECA’s or SE’s?"
        )
    moved = state.moved
    why = "new neighbours" if moved["ECA"] >= 5e-4 else "neighbours do not count here"
    dashes = ". Dashes: before" if state.channels <= MOST_DASHES else ""
    return (
        f"Shuffled. Gates moved by at most: ECA {moved['ECA']:.3f} ({why}), "
        f"SE {moved['SE']:.3f} (each channel kept its weights){dashes}."
    )


class ECAScene(Scene):
    """Draws an ECAState; channels run from left to right in every row."""

    def layout(self, state: ECAState) -> tuple:
        return state.channels, state.photo, state.shuffled

    def build(self, figure: Figure, look: Look, state: ECAState) -> list[Artist]:
        self._look, self._channels = look, state.channels
        paper = page(figure, look)
        most = float(state.eca.squeezed.max())
        self._z_top = sources.Z_TOP if most <= sources.Z_TOP else np.ceil(10 * most) / 10
        moving = self._pictures(figure, paper, state) + self._descriptor(figure, paper)
        moving += self._zoom(figure, paper) + self._gates(figure, paper, state)
        moving += self._areas(paper)
        accent = {"fontsize": TEXT, "weight": "bold", "color": look.accent}
        self.title = letter(paper, LEFT, TITLE_Y, **accent)
        self.sentence = letter(paper, LEFT, SENTENCE_Y, fontsize=TEXT + 0.5, color=look.ink)
        self.shuffle = letter(paper, 12, SHUFFLE_Y, fontsize=TEXT, color=look.ink)
        return [*moving, self.title, self.sentence, self.shuffle]

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose bar stands at (x, y) on the page, if there is one."""
        if not LEFT <= x < LEFT + WIDTH:
            return None
        if ZOOM[0] <= y < ZOOM[1]:
            at = self._first + int((x - LEFT) // CELL)
        elif y < ZOOM[0] or GATE_TOPS["ECA"] - 20 <= y < SHUFFLE_Y - 16:
            at = int((x - LEFT) / WIDTH * self._channels)
        else:
            return None
        return int(self._order[at]) if 0 <= at < self._channels else None

    def update(self, state: ECAState) -> str:
        self._order = state.order
        self._update_pictures(state)
        self._update_descriptor(state)
        self._update_zoom(state)
        self._update_gates(state)
        self._update_areas(state.parameters)
        name = photos.channel_names(state.channel + 1)[-1]
        title = f"channel {state.channel}, {name}"
        self.title.set_text(title)
        self.sentence.set_text(explain(state))
        self.shuffle.set_text(tell_shuffle(state))
        gates = "; ".join(
            f"{block}: {_many(state.parameters[block], 'parameter')}, gates from "
            f"{trace.gates.min():.2f} to {trace.gates.max():.2f}"
            for block, trace in (("ECA", state.eca), ("SE", state.se))
        )
        return (
            f"ECA and SE on {photos.PHOTOS[state.photo].title}, "
            f"{_many(state.channels, 'channel')}, k = {state.kernel_size}, r = {state.reduction}. "
            f"ECA, {title}: {explain(state)}. "
            f"{gates}. {tell_shuffle(state)}"
        )

    # -- photograph and maps ----------------------------------------------------------------------

    def _pictures(self, figure: Figure, paper: Axes, state: ECAState) -> list[Artist]:
        look = self._look
        left, top, side = PHOTO_BOX
        picture = place(figure, left, top, side, side)
        picture.imshow(photos.load_photo(state.photo, 224))
        picture.set_axis_off()
        middle = left + side / 2
        quiet = {"fontsize": SMALL, "color": look.quiet, "ha": "center"}
        paper.text(middle, top + side + 18, photos.PHOTOS[state.photo].title, **quiet)
        x = middle - MAP_SIDE / 2
        self.before, self.after = (
            marks.Pictures(paper, x, y, MAP_SIDE, border=border, smooth=True)
            for y, border in zip(MAP_TOPS, (1.5, 4), strict=True)
        )
        self._map_names = [letter(paper, middle, y - 9, **quiet) for y in MAP_TOPS]
        return [self.before.artist, self.after.artist, *self._map_names]

    def _update_pictures(self, state: ECAState) -> None:
        look, gate = self._look, state.eca.gates[state.place]
        before, after = marks.shades(state.maps, look.maps)
        self.before.set(before[None], np.array([to_rgba(look.accent)]))
        self.after.set(after[None], np.array([look.gates(gate)]))
        self._map_names[0].set_text(f"map of channel {state.channel}")
        self._map_names[1].set_text(f"× {gate:.2f}")

    # -- the descriptor ---------------------------------------------------------------------------

    def _row(self, figure: Figure, top: float, height: float, most: float) -> Axes:
        ax = dress(place(figure, LEFT, top, WIDTH, height), self._look)
        ax.set(xlim=(-0.5, self._channels - 0.5), ylim=(0, most), xticks=[], yticks=[0, most])
        return ax

    def _descriptor(self, figure: Figure, paper: Axes) -> list[Artist]:
        look = self._look
        heading = {"fontsize": TEXT, "weight": "bold", "color": look.ink}
        paper.text(LEFT, Z_TOP - 9, "squeeze z: what is there", **heading)
        quiet = {"fontsize": SMALL, "color": look.quiet, "ha": "right"}
        paper.text(LEFT + WIDTH, Z_TOP - 9, _many(self._channels, "number"), **quiet)
        row = self._row(figure, Z_TOP, Z_HEIGHT, self._z_top)
        self.z = marks.Bars(row, look, high=self._z_top)
        self._under = Line2D([], [], color=look.accent, linewidth=3, solid_capstyle="butt")
        paper.add_line(self._under)
        self._leads = LineCollection([], colors=look.accent, linewidths=1, alpha=0.6)
        paper.add_collection(self._leads, autolim=False)
        return [self.z.artist, self._under, self._leads]

    def _update_descriptor(self, state: ECAState) -> None:
        look, channels, place = self._look, state.channels, state.place
        colours = np.tile(to_rgba(look.bar), (channels, 1))
        colours[place] = to_rgba(look.accent)
        self.z.set(state.eca.squeezed, colours)
        reach = state.kernel_size // 2
        low, high = max(place - reach, 0), min(place + reach, channels - 1) + 1
        low, high = (LEFT + at * WIDTH / channels for at in (low, high))
        if high - low < 3:
            low, high = (low + high) / 2 - 1.5, (low + high) / 2 + 1.5
        y = Z_TOP + Z_HEIGHT + 2.5
        self._under.set_data([low, high], [y, y])
        self._first = first_shown(place, channels, reach, CELLS)
        inside = np.clip([place - reach, place + reach + 1], self._first, self._first + CELLS)
        left, right = LEFT + (inside - self._first) * CELL
        ends = (low, left), (high, right)
        self._leads.set_segments([[(above, y + 1), (below, ZOOM[0])] for above, below in ends])
        self._window.set(x=left, width=right - left)

    # -- the kernel, seen closely -----------------------------------------------------------------

    def _zoom(self, figure: Figure, paper: Axes) -> list[Artist]:
        look = self._look
        self._window = Rectangle((0, ZOOM[0]), 0, ZOOM[1] - ZOOM[0], zorder=0)
        self._window.set(facecolor=look.accent_wash, edgecolor=look.accent, linewidth=1)
        paper.add_patch(self._window)
        self.closely, self.numbers = {}, {}
        style = {"fontsize": SMALL, "ha": "center"}
        middles = [LEFT + (i + 0.5) * CELL for i in range(CELLS)]
        for name, (top, height) in ROWS.items():
            ax = place(figure, LEFT, top, WIDTH, height)
            ax.set_axis_off()
            signed = name != "z"
            ax.set(xlim=(0, 1), ylim=(-1 if signed else 0, 1))
            ax.axhline(0, color=look.faint, linewidth=1, clip_on=False)
            self.closely[name] = marks.Bars(ax, look, low=-1 if signed else 0)
            self.numbers[name] = [letter(paper, x, top + height + 13, **style) for x in middles]
            middle = top + height / 2
            label = {"fontsize": TEXT, "weight": "bold", "va": "center_baseline", "ha": "right"}
            paper.text(LEFT - 12, middle, name, color=look.ink, **label)
        self.indices = [letter(paper, x, ZOOM[0] + 15, **style) for x in middles]
        quiet = {"fontsize": SMALL, "color": look.quiet, "ha": "right"}
        paper.text(LEFT - 12, ZOOM[0] + 15, "channel", **quiet)
        bars = [bars.artist for bars in self.closely.values()]
        numbers = [words for row in self.numbers.values() for words in row]
        return [self._window, *bars, *self.indices, *numbers]

    def _update_zoom(self, state: ECAState) -> None:
        look, place, reach = self._look, state.place, state.kernel_size // 2
        shown = self._first + np.arange(CELLS)
        real = (shown >= 0) & (shown < state.channels)
        padding = ~real & (shown >= -reach) & (shown < state.channels + reach)
        inside = np.abs(shown - place) <= reach
        z = np.where(real, state.eca.squeezed[np.clip(shown, 0, state.channels - 1)], 0.0)
        w = np.where(inside, state.kernel[np.clip(shown - place + reach, 0, 2 * reach)], 0.0)
        self.closeup = {"z": z, "w": w, "w · z": w * z}
        most = max(float(np.abs(state.kernel).max()), 1e-9)
        tops = {"z": self._z_top, "w": most, "w · z": most * max(float(z.max()), 1e-9)}
        colours = {
            "z": np.where(inside[:, None], to_rgba(look.bar), to_rgba(look.faint)),
            "w": look.weights(np.where(w > 0, 0.85, 0.15)),
            "w · z": look.weights(np.where(w > 0, 0.85, 0.15)),
        }
        colours["z"][shown == place] = to_rgba(look.accent)
        for name, values in self.closeup.items():
            self.closely[name].set(values / tops[name], colours[name])
            for i, words in enumerate(self.numbers[name]):
                told = inside[i] if name != "z" else real[i] or padding[i]
                words.set(text=number(values[i]) if told else "")
                words.set_color(look.ink if inside[i] else look.quiet)
        for i, words in enumerate(self.indices):
            index = str(state.order[shown[i]]) if real[i] else "zero" if padding[i] else ""
            chosen = shown[i] == place
            words.set(text=index, color=look.accent if chosen else look.quiet)

    # -- gates of both ----------------------------------------------------------------------------

    def _gates(self, figure: Figure, paper: Axes, state: ECAState) -> list[Artist]:
        look, channels = self._look, state.channels
        heading = {"fontsize": TEXT, "weight": "bold", "color": look.ink}
        self.gates, self._dashes, self._here, self._says, self._costs = {}, {}, {}, {}, {}
        for block, top in GATE_TOPS.items():
            paper.text(LEFT, top - 9, f"{block} gates", **heading)
            says = {"fontsize": TEXT, "color": look.accent}
            self._says[block] = letter(paper, LEFT + 92, top - 9, **says)
            right = {"fontsize": TEXT, "color": look.ink, "ha": "right"}
            self._costs[block] = letter(paper, LEFT + WIDTH, top - 9, **right)
            ax = self._row(figure, top, GATE_HEIGHT, 1)
            self.gates[block] = marks.Bars(ax, look, track=True)
            width = max(0.76 * WIDTH / channels, 1.5)
            (self._dashes[block],) = ax.plot([], [], linestyle="", marker="_", color=look.ink)
            self._dashes[block].set(markersize=width, markeredgewidth=1.6, zorder=3)
            (self._here[block],) = ax.plot([], [], "^", color=look.accent, markersize=7)
            self._here[block].set(clip_on=False, zorder=4)
        style = {"fontsize": SMALL, "color": look.quiet, "ha": "center"}
        y = GATE_TOPS["SE"] + GATE_HEIGHT + 23
        spread = range(channels) if channels <= CELLS else np.linspace(0, channels - 1, 5).round()
        told = not state.shuffled or channels <= CELLS
        for at in spread if told else ():
            x = LEFT + (at + 0.5) * WIDTH / channels
            paper.text(x, y, str(state.order[int(at)]), **style)
        if not told:
            paper.text(LEFT + WIDTH / 2, y, "channels, shuffled", **style)
        rows = zip(self.gates.values(), self._dashes.values(), self._here.values(), strict=True)
        moving = [artist for bars, dashes, here in rows for artist in (bars.artist, dashes, here)]
        return [*moving, *self._says.values(), *self._costs.values()]

    def _update_gates(self, state: ECAState) -> None:
        look, place = self._look, state.place
        traces = {"ECA": (state.eca, state.eca_before), "SE": (state.se, state.se_before)}
        for block, (trace, before) in traces.items():
            self.gates[block].set(trace.gates, look.gates(trace.gates))
            self._dashes[block].set_data(np.arange(state.channels), before)
            self._dashes[block].set_visible(state.shuffled and state.channels <= MOST_DASHES)
            self._here[block].set_data([place], [-0.1])
            self._says[block].set_text(f"channel {state.channel}: {trace.gates[place]:.2f}")
        k_from = "set by hand" if state.by_hand else "from γ and b"
        weights = "hand-made questions" if state.hand_made else "seeded weights"
        count = {block: _many(n, "parameter") for block, n in state.parameters.items()}
        self._costs["ECA"].set_text(f"k = {state.kernel_size}, {k_from}: {count['ECA']}")
        self._costs["SE"].set_text(f"r = {state.reduction}, {weights}: {count['SE']}")

    # -- parameters as areas ----------------------------------------------------------------------

    def _areas(self, paper: Axes) -> list[Artist]:
        look = self._look
        left, bottom, side = AREAS
        quiet = {"fontsize": SMALL, "color": look.quiet, "ha": "center"}
        paper.text(left + side / 2, bottom - side - 12, "parameters, as areas", **quiet)
        self.areas = {
            block: paper.add_patch(Rectangle((left, bottom), 0, 0, facecolor=colour, zorder=order))
            for block, colour, order in (("SE", look.faint, 1), ("ECA", look.ink, 2))
        }
        self._sizes = letter(paper, left + side / 2, bottom + 16, **quiet)
        return [*self.areas.values(), self._sizes]

    def _update_areas(self, parameters: dict[str, int]) -> None:
        largest_side = AREAS[2] / max(parameters.values()) ** 0.5
        for block, square in self.areas.items():
            side = max(largest_side * parameters[block] ** 0.5, 1)
            square.set(width=side, height=-side)
        self._sizes.set_text(f"ECA {parameters['ECA']:,}  SE {parameters['SE']:,}")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def show_eca(
    photo: str = "cat",
    channels: int = 16,
    channel: int = 4,
    kernel: str = "against",
    gamma: float = 2,
    b: float = 1,
    by_hand: bool = False,
    kernel_size: int = 5,
    reduction: int = 4,
    seed: int = 0,
    shuffled: bool = False,
) -> Panel:
    """Slide ECA's kernel over a photograph's channels, beside what SE does with them.

    Args:
        photo: a key of `photos.PHOTOS`.
        channels: C, from 1 to 2048.
        channel: the chosen channel, over which the kernel stands; a click on a bar chooses too.
        kernel: "against", "average" or "alone", kernels one can read; or "seeded".
        gamma: of the kernel size formula, above 0.
        b: of the kernel size formula.
        by_hand: whether `kernel_size` replaces the formula.
        kernel_size: k, odd.
        reduction: SE's r, from 1 to C.
        seed: of seeded kernels and weights.
        shuffled: whether the channels change places, each with the weights that are its own.

    Returns:
        The panel.

    Raises:
        ValueError: if a value cannot be.
    """
    controls = {
        "photo": choice("photo", sources.PHOTO_CHOICES, photo),
        "kernel": choice("kernel", KERNEL_CHOICES, kernel),
        "channels": Number("C, channels", channels, 1, photos.MOST_CHANNELS, powers_of_two=True),
        "channel": Number("channel", channel, 0, channels - 1),
        "gamma": Number("γ", gamma, 0.5, 6, step=0.1, width=170),
        "b": Number("b", b, -4, 8, step=0.5, width=170),
        "by_hand": tick("set k by hand", by_hand),
        "kernel_size": Number("k", kernel_size, 1, 15, step=2, width=150),
        "reduction": Number("r of SE", reduction, 1, 256, powers_of_two=True, width=250),
        "seed": Number("seed", seed, 0, 20, width=250),
        "shuffled": tick("shuffle the channels", shuffled),
    }
    photo_, kernel_, c, follow, gamma_, b_, by_hand_, k, r, seed_, shuffled_ = controls.values()
    follow.keep_within(c)
    scene = ECAScene()
    rows = [[photo_, kernel_, shuffled_], [c, follow], [gamma_, b_, by_hand_, k], [r, seed_]]
    panel = Panel(scene, compute, controls, rows, height=HEIGHT)

    def grey_out(_change=None) -> None:
        for control in (gamma_, b_):
            control.slider.disabled = control.box.disabled = by_hand_.value
        k.slider.disabled = k.box.disabled = not by_hand_.value

    def choose(x: float, y: float) -> None:
        chosen = scene.channel_at(x, y)
        if chosen is not None:
            follow.value = chosen

    grey_out()
    by_hand_.observe(grey_out, "value")
    panel.figure.on_click(choose)
    return panel
