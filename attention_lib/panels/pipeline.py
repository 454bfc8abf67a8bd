"""The hero: a photograph walks through an SE block, one stage at a time.

A channel is one straight line from its map to its scaled map. Hidden units stand between the two
sets of lines that the layers draw. With more channels than rows fit, every so-many-th map is shown
and bars close up, on the same axis.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from attention_lib import marks, photos
from attention_lib.live import Scene
from attention_lib.look import SMALL, TEXT, Look, page, place
from attention_lib.panels import sources
from attention_lib.panels.base import Panel
from attention_lib.panels.controls import Number, button, choice
from attention_lib.steps.se import SETrace, SEWeights, se_forward

HEIGHT = 560
STAGES = ("photo", "feature maps", "squeeze", "FC1", "ReLU", "FC2", "sigmoid", "scale")
MOST_ROWS = 16
MOST_NODES = 8
SAMPLED_ROWS = 10

# Where things stand on the page, in CSS pixels.
TOP, BOTTOM = 78, 478
PHOTO = (14, 150)
MAPS = 200
Z_BAR, Z_NUMBER = (262, 312), 350
FC1_LINES = (356, 432)
FC1_NODE, RELU_NODE = 452, 520
FC2_LINES = (540, 616)
LOGIT = 650
GATE_BAR, GATE_NUMBER = (664, 724), 758
SCALED = 770
HEADINGS = (82, 224, 306, 452, 520, 634, 711, 794)


class PipelineState(NamedTuple):
    """What the hero shows: the trace, its weights, and where the learner stands."""

    trace: SETrace
    weights: SEWeights
    questions: tuple[str, ...]
    photo: str
    reduction: int
    channel: int
    stage: int

    @property
    def channels(self) -> int:
        return len(self.trace.gates)


def compute(
    photo: str, channels: int, reduction: int, weights: str, channel: int, stage: int
) -> PipelineState:
    """Run the whole block on a photograph's feature maps."""
    made, asked = sources.excitation_weights(weights, channels, reduction)
    if channel not in range(channels):
        raise ValueError(
            f"`channel` must be one of the {channels} channels, 0 to {channels - 1}. "
            f"Received: channel={channel}. Choose a smaller one, or raise C."
        )
    if stage not in range(1, len(STAGES) + 1):
        raise ValueError(
            f"`stage` must be one of the {len(STAGES)} stages, 1 to {len(STAGES)}. "
            f"Received: stage={stage}. Press Back or Next."
        )
    trace = se_forward(sources.feature_maps(photo, channels), made)
    return PipelineState(trace, made, asked, photo, reduction, channel, stage - 1)


class PipelineScene(Scene):
    """Draws a PipelineState; `channel_at` says which channel a click means."""

    def layout(self, state: PipelineState) -> tuple:
        return state.channels, len(state.trace.hidden), state.photo, state.questions

    def build(self, figure: Figure, look: Look, state: PipelineState) -> list[Artist]:
        self._look = look
        self._channels, self._hidden = state.channels, len(state.trace.hidden)
        self._rows = self._channels if self._channels <= MOST_ROWS else SAMPLED_ROWS
        self._nodes = self._hidden <= MOST_NODES
        paper = page(figure, look)
        self._build_headings(paper, state)
        self._build_photo(paper, state)
        moving = [*self._headings, *self._shapes]
        moving += self._build_maps(paper)
        moving += self._build_bars(figure, paper)
        moving += self._build_excitation(figure, paper, state)
        moving += self._build_words(paper)
        return moving

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose line passes a place on the page, if there is one."""
        if x < PHOTO[1] or not TOP <= y < BOTTOM:
            return None
        return int((y - TOP) / (BOTTOM - TOP) * self._channels)

    # -- the static layer and the artists ---------------------------------------------------------

    def _build_headings(self, paper, state: PipelineState) -> None:
        side = photos.SIDE
        height, width, channels = state.trace.feature_map.shape
        hidden = len(state.trace.hidden)
        shapes = (
            f"{side} × {side} × 3",
            f"{height} × {width} × {channels}",
            f"{channels}",
            f"{channels} / {state.reduction} = {hidden}",
            f"{hidden}",
            f"{channels}",
            f"{channels} gates",
            f"{height} × {width} × {channels}",
        )
        self._headings = [
            paper.text(x, 28, name, fontsize=TEXT, weight="bold", ha="center")
            for x, name in zip(HEADINGS, STAGES, strict=True)
        ]
        self._shapes = [
            paper.text(x, 48, shape, fontsize=SMALL, ha="center")
            for x, shape in zip(HEADINGS, shapes, strict=True)
        ]

    def _build_photo(self, paper, state: PipelineState) -> None:
        left, right = PHOTO
        half, middle = (right - left) / 2, (TOP + BOTTOM) / 2
        paper.imshow(
            photos.load_photo(state.photo, 224),
            extent=(left, right, middle + half, middle - half),
            interpolation="antialiased",
            zorder=2,
        )
        # imshow narrows the limits to its picture
        width, height = paper.figure.get_size_inches() * 72
        paper.set(xlim=(0, width), ylim=(height, 0), aspect="auto")

    def _y(self, channel: np.ndarray | float) -> np.ndarray | float:
        """The height on the page at which a channel's line runs."""
        return TOP + (np.asarray(channel) + 0.5) * (BOTTOM - TOP) / self._channels

    def _row_y(self, row: int) -> float:
        return TOP + (row + 0.5) * (BOTTOM - TOP) / self._rows

    def _build_maps(self, paper) -> list[Artist]:
        look = self._look
        pitch = (BOTTOM - TOP) / self._rows
        side = min(pitch - 6, 46)
        self._band = Rectangle((MAPS - 46, 0), 0, 0, facecolor=look.accent_wash, zorder=0)
        self._line = Rectangle((MAPS - 46, 0), 0, 1, facecolor=look.accent, zorder=0.5, alpha=0.5)
        paper.add_patch(self._band)
        paper.add_patch(self._line)
        self._maps, self._scaled, self._frames, self._gate_frames = [], [], [], []
        for row in range(self._rows):
            y = self._row_y(row)
            for left, images, frames in (
                (MAPS, self._maps, self._frames),
                (SCALED, self._scaled, self._gate_frames),
            ):
                extent = (left, left + side, y + side / 2, y - side / 2)
                images.append(
                    paper.imshow(
                        np.zeros((1, 1)), cmap=look.maps, vmin=0, vmax=1, extent=extent, zorder=3
                    )
                )
                frame = Rectangle(
                    (left - 1, y - side / 2 - 1),
                    side + 2,
                    side + 2,
                    fill=False,
                    linewidth=1,
                    zorder=4,
                )
                frames.append(paper.add_patch(frame))
        width, height = paper.figure.get_size_inches() * 72
        paper.set(xlim=(0, width), ylim=(height, 0), aspect="auto")
        small = SMALL if self._rows <= 10 else SMALL - 1
        self._indices = [
            paper.text(
                MAPS - 8, self._row_y(row), "", fontsize=small, ha="right", va="center_baseline"
            )
            for row in range(self._rows)
        ]
        self._names = [
            paper.text(
                SCALED + side + 12, self._row_y(row), "", fontsize=small, va="center_baseline"
            )
            for row in range(self._rows)
        ]
        return [
            self._band,
            self._line,
            *self._maps,
            *self._scaled,
            *self._frames,
            *self._gate_frames,
            *self._indices,
            *self._names,
        ]

    def _build_bars(self, figure: Figure, paper) -> list[Artist]:
        bars = []
        for (left, right), track in ((Z_BAR, False), (GATE_BAR, True)):
            ax = place(figure, left, TOP, right - left, BOTTOM - TOP)
            ax.set_axis_off()
            bars.append(marks.Bars(ax, self._look, high=1, track=track, sideways=True))
        self._z, self._gates = bars
        self._z_top = 0.6
        numbered = self._rows == self._channels
        small = SMALL if self._rows <= 10 else SMALL - 1
        self._numbers = [
            [
                paper.text(
                    x, self._row_y(row), "", fontsize=small, ha="right", va="center_baseline"
                )
                for row in range(self._rows if numbered else 0)
            ]
            for x in (Z_NUMBER, LOGIT, GATE_NUMBER)
        ]
        return [bar.artist for bar in bars] + [text for column in self._numbers for text in column]

    def _build_excitation(self, figure: Figure, paper, state: PipelineState) -> list[Artist]:
        look = self._look
        self._fc1 = LineCollection([], zorder=1, capstyle="butt")
        self._fc1_against = LineCollection([], zorder=1, linestyles=(0, (3, 2)))
        self._fc2 = LineCollection([], zorder=1, capstyle="butt")
        self._fc2_against = LineCollection([], zorder=1, linestyles=(0, (3, 2)))
        lines = [self._fc1, self._fc1_against, self._fc2, self._fc2_against]
        for collection in lines:
            paper.add_collection(collection, autolim=False)
        self._circles, self._values, self._asked = [], [], []
        self._hidden_bars = []
        if not self._nodes:
            for x in (FC1_NODE, RELU_NODE):
                ax = place(figure, x - 20, TOP, 40, BOTTOM - TOP)
                ax.set_axis_off()
                self._hidden_bars.append(marks.Bars(ax, look, low=-1, sideways=True))
            return [*lines, *(bars.artist for bars in self._hidden_bars)]
        radius = 20 if self._hidden <= 4 else 16
        for x in (FC1_NODE, RELU_NODE):
            for unit in range(self._hidden):
                y = self._unit_y(unit)
                circle = Circle((x, y), radius, facecolor=look.background, linewidth=1.4, zorder=3)
                self._circles.append(paper.add_patch(circle))
                self._values.append(
                    paper.text(
                        x, y, "", fontsize=SMALL, ha="center", va="center_baseline", zorder=4
                    )
                )
        for unit, question in enumerate(state.questions):
            words = paper.text(
                (FC1_NODE + RELU_NODE) / 2,
                self._unit_y(unit) - radius - 10,
                question,
                fontsize=SMALL,
                style="italic",
                ha="center",
                zorder=5,
                bbox={"facecolor": look.background, "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
            )
            self._asked.append(words)
        return [*lines, *self._circles, *self._values, *self._asked]

    def _unit_y(self, unit: np.ndarray | float) -> np.ndarray | float:
        return TOP + (np.asarray(unit) + 0.5) * (BOTTOM - TOP) / self._hidden

    def _build_words(self, paper) -> list[Artist]:
        self._title = paper.text(
            14, 516, "", fontsize=TEXT + 1, weight="bold", color=self._look.accent
        )
        self._sentence = paper.text(14, 542, "", fontsize=TEXT + 0.5, color=self._look.ink)
        return [self._title, self._sentence]

    # -- one picture ------------------------------------------------------------------------------

    def update(self, state: PipelineState) -> str:
        look, trace, stage = self._look, state.trace, state.stage
        for i, (heading, shape) in enumerate(zip(self._headings, self._shapes, strict=True)):
            now, seen = i == stage, i <= stage
            heading.set_color(look.accent if now else look.ink if seen else look.faint)
            shape.set_color(look.quiet if seen else look.faint)
        channels = self._shown_channels(state.channel)
        self._update_maps(state, channels)
        self._update_bars(state, channels)
        self._update_excitation(state)
        names = photos.channel_names(state.channels)
        title = f"channel {state.channel}, {names[state.channel]}"
        words = explain(state)
        self._title.set_text(f"{STAGES[stage]}:  {title}" if stage else "photo")
        self._sentence.set_text(words)
        return (
            f"Stage {stage + 1} of {len(STAGES)}, {STAGES[stage]}. {photos.PHOTOS[state.photo].title}, "
            f"{state.channels} channels, r = {state.reduction}; {title}: "
            f"z = {trace.squeezed[state.channel]:.3f}, gate = {trace.gates[state.channel]:.3f}. {words}"
        )

    def _shown_channels(self, chosen: int) -> list[int]:
        """One channel a row; where rows are a sample, the chosen one takes the nearest row."""
        if self._rows == self._channels:
            return list(range(self._channels))
        shown = [int((row + 0.5) * self._channels / self._rows) for row in range(self._rows)]
        shown[int(chosen * self._rows / self._channels)] = chosen
        return shown

    def _update_maps(self, state: PipelineState, channels: list[int]) -> None:
        look, trace, stage = self._look, state.trace, state.stage
        pitch = (BOTTOM - TOP) / self._rows
        chosen_row = channels.index(state.channel)
        exact = self._rows == self._channels
        y = float(self._y(state.channel))
        self._band.set(y=self._row_y(chosen_row) - pitch / 2, height=pitch, width=960 - MAPS + 46)
        self._line.set(y=y - 0.5, width=(SCALED - MAPS + 40) if not exact else 0)
        names = photos.channel_names(state.channels)
        for row, channel in enumerate(channels):
            chosen = channel == state.channel
            quiet = look.accent if chosen else look.quiet
            gate = trace.gates[channel]
            self._maps[row].set_data(trace.feature_map[..., channel])
            self._scaled[row].set_data(trace.scaled[..., channel])
            self._frames[row].set(
                edgecolor=look.accent if chosen else look.faint, linewidth=2 if chosen else 1
            )
            self._gate_frames[row].set(edgecolor=look.gates(gate), linewidth=3)
            self._indices[row].set(text=str(channel), color=quiet)
            self._names[row].set(text=names[channel], color=look.accent if chosen else look.ink)
            for artist in (self._maps[row], self._frames[row], self._indices[row]):
                artist.set_visible(stage >= 1)
            self._names[row].set_visible(stage >= 1)
            for artist in (self._scaled[row], self._gate_frames[row]):
                artist.set_visible(stage >= 7)
        self._band.set_visible(stage >= 1)
        self._line.set_visible(stage >= 1 and not exact)

    def _update_bars(self, state: PipelineState, channels: list[int]) -> None:
        look, trace, stage = self._look, state.trace, state.stage
        colours = np.tile(_rgba(look.bar), (state.channels, 1))
        colours[state.channel] = _rgba(look.accent)
        self._z.set(trace.squeezed / self._z_top, colours)
        self._gates.set(trace.gates, look.gates(trace.gates))
        self._z.artist.set_visible(stage >= 2)
        self._gates.artist.set_visible(stage >= 6)
        columns = (
            (trace.squeezed, 2, "{:.2f}"),
            (trace.logits, 5, "{:.1f}"),
            (trace.gates, 6, "{:.2f}"),
        )
        for texts, (values, from_stage, form) in zip(self._numbers, columns, strict=True):
            for channel, text in zip(channels, texts, strict=False):
                chosen = channel == state.channel
                text.set(
                    text=_minus(form.format(values[channel])),
                    color=look.accent if chosen else look.ink,
                    visible=stage >= from_stage,
                )

    def _update_excitation(self, state: PipelineState) -> None:
        look, trace, stage = self._look, state.trace, state.stage
        all_channels = self._rows == self._channels and self._nodes
        channels = np.arange(self._channels) if all_channels else np.array([state.channel])
        units = np.arange(self._hidden)
        if self._hidden > 64:
            units = (np.arange(64) + 0.5) * self._hidden / 64
            units = units.astype(int)
        pairs = np.stack(np.meshgrid(channels, units, indexing="ij"), axis=-1).reshape(-1, 2)
        channel, unit = pairs[:, 0], pairs[:, 1]
        heard = trace.squeezed[channel] * state.weights.reduce[channel, unit]
        answered = trace.hidden[unit] * state.weights.expand[unit, channel]
        strongest = max(np.abs(trace.hidden[:, None] * state.weights.expand).max(), 1e-9)
        loudest = max(np.abs(trace.squeezed[:, None] * state.weights.reduce).max(), 1e-9)
        chosen = channel == state.channel
        y_channel, y_unit = self._y(channel), self._unit_y(unit)
        edge = 20 if self._nodes else 22
        for flows, most, solid, dashed, x, ends, shown in (
            (
                heard,
                loudest,
                self._fc1,
                self._fc1_against,
                (FC1_LINES[0], FC1_NODE - edge),
                (y_channel, y_unit),
                stage >= 3,
            ),
            (
                answered,
                strongest,
                self._fc2,
                self._fc2_against,
                (RELU_NODE + edge, FC2_LINES[1]),
                (y_unit, y_channel),
                stage >= 5,
            ),
        ):
            segments = np.stack(
                [np.stack([np.full(len(flows), x[i]), ends[i]], axis=-1) for i in (0, 1)], axis=1
            )
            widths = 0.3 + 5 * np.abs(flows) / most
            colours = np.tile(_rgba(look.bar), (len(flows), 1))
            colours[:, 3] = 0.65
            colours[chosen] = _rgba(look.accent)
            order = np.argsort(chosen, kind="stable")
            for collection, those in ((solid, flows >= 0), (dashed, flows < 0)):
                index = order[those[order]]
                collection.set(
                    segments=segments[index],
                    linewidths=widths[index],
                    colors=colours[index],
                    visible=shown,
                )
        if self._nodes:
            for i, (circle, text) in enumerate(zip(self._circles, self._values, strict=True)):
                first, j = i < self._hidden, i % self._hidden
                value = trace.reduced[j] if first else trace.hidden[j]
                shown = stage >= (3 if first else 4)
                silent = not first and value <= 0
                circle.set(edgecolor=look.faint if silent else look.ink, visible=shown)
                text.set(
                    text=_minus(f"{value:.2f}"),
                    color=look.quiet if silent else look.ink,
                    visible=shown,
                )
            for words in self._asked:
                words.set(color=look.ink, visible=stage >= 3)
        else:
            most = max(float(np.abs(trace.reduced).max()), 1e-9)
            for bars, values, from_stage in zip(
                self._hidden_bars, (trace.reduced, trace.hidden), (3, 4), strict=True
            ):
                bars.set(values / most, look.bar)
                bars.artist.set_visible(stage >= from_stage)


def explain(state: PipelineState) -> str:
    """The arithmetic of the chosen channel at the present stage, from the trace."""
    trace, c = state.trace, state.channel
    height, width, channels = trace.feature_map.shape
    hidden = len(trace.hidden)
    z, logit, gate = trace.squeezed[c], trace.logits[c], trace.gates[c]
    if state.stage == 0:
        title = photos.PHOTOS[state.photo].title
        return f"{title[0].upper()}{title[1:]}: {photos.SIDE} × {photos.SIDE} pixels, red, green and blue."
    if state.stage == 1:
        return (
            f"one 7 × 7 filter slides over the photo in steps of 2; ReLU keeps what is above zero: "
            f"{height} × {width} answers"
        )
    if state.stage == 2:
        return f"z_{c} = mean of {height} × {width} = {height * width} values = {z:.3f}"
    if state.stage == 3:
        terms = z * state.weights.reduce[c]
        return f"z_{c} = {z:.3f} adds " + _listed(
            [
                f"{_minus(f'{w:.2f}')} · {z:.2f} = {_minus(f'{t:+.2f}')} to {_unit(state, j)}"
                for j, (w, t) in enumerate(zip(state.weights.reduce[c], terms, strict=True))
            ],
            np.abs(terms),
            2,
            "units",
        )
    if state.stage == 4:
        return _listed(
            [
                f"relu({_minus(f'{a:.2f}')}) = {h:.2f}"
                for a, h in zip(trace.reduced, trace.hidden, strict=True)
            ],
            np.abs(trace.reduced),
            4,
            "units",
        ) + ("; below zero a unit is silent" if (trace.reduced < 0).any() else "")
    if state.stage == 5:
        return f"logit_{c} = {_sum(state)} = {_minus(f'{logit:.2f}')}"
    if state.stage == 6:
        return f"s_{c} = σ({_minus(f'{logit:.2f}')}) = 1 / (1 + e^{_minus(f'{-logit:.2f}')}) = {gate:.3f}"
    peak = trace.feature_map[..., c].max()
    return (
        f"each of its {height * width} values × {gate:.3f}: the brightest, {peak:.2f}, becomes {peak * gate:.2f}; "
        f"the shape stays {height} × {width} × {channels}"
    )


def _unit(state: PipelineState, unit: int) -> str:
    return f"“{state.questions[unit]}”" if state.questions else f"unit {unit}"


def _sum(state: PipelineState) -> str:
    """w · h + w · h + bias of the chosen channel, the largest terms first where there are many."""
    weights, hidden = state.weights.expand[:, state.channel], state.trace.hidden
    order = np.argsort(-np.abs(weights * hidden), kind="stable")[:4]
    terms = [f"{_minus(f'{weights[j]:.2f}')} · {hidden[j]:.2f}" for j in np.sort(order)]
    if len(hidden) > len(terms):
        terms.append(f"{len(hidden) - len(terms)} smaller terms")
    bias = 0.0 if state.weights.expand_bias is None else state.weights.expand_bias[state.channel]
    total = " + ".join(terms).replace("+ −", "− ")
    return total + (f" {'−' if bias < 0 else '+'} {abs(bias):.2f}" if bias else "")


def _listed(parts: list[str], size: np.ndarray, most: int, what: str) -> str:
    """The `most` largest parts in their order, and how many more there are."""
    if len(parts) <= most:
        return ", ".join(parts)
    keep = np.sort(np.argsort(-size, kind="stable")[:most])
    return ", ".join(parts[i] for i in keep) + f", and {len(parts) - most} more {what}"


def _minus(text: str) -> str:
    """A number as print has it: a true minus sign, and no minus before zero."""
    return text.replace("-", "−") if float(text) else text.replace("-", "")


def _rgba(colour: str) -> np.ndarray:
    from matplotlib.colors import to_rgba

    return np.array(to_rgba(colour))


def show_pipeline(
    photo: str = "cat",
    channels: int = 8,
    reduction: int = 4,
    weights: str = "hand-made",
    channel: int = 4,
    stage: int = len(STAGES),
) -> Panel:
    """Walk a photograph through squeeze, excitation and scale.

    Args:
        photo: a key of `photos.PHOTOS`.
        channels, reduction: C and r.
        weights: "hand-made" (questions one can read) or "seeded".
        channel: the chosen channel, lit up through all stages.
        stage: 1 to 8, the stage to stand at.

    Returns:
        The panel; click a row to choose its channel.

    Raises:
        ValueError: if a value cannot be.
    """
    controls = {
        "photo": choice("photo", sources.PHOTO_CHOICES, photo),
        "channels": Number("C, channels", channels, 1, 2048, powers_of_two=True),
        "reduction": Number("r, reduction", reduction, 1, 64, powers_of_two=True),
        "weights": choice("weights", sources.WEIGHT_CHOICES, weights),
        "channel": Number("channel to follow", channel, 0, channels - 1),
        "stage": Number("stage", stage, 1, len(STAGES), width=220),
    }
    import ipywidgets

    play = ipywidgets.Play(value=stage, min=1, max=len(STAGES), interval=1600, show_repeat=False)
    back, forth = button("Back", "one stage back"), button("Next", "one stage on")
    panel = Panel(
        PipelineScene(),
        compute,
        controls,
        [
            [back, forth, play, controls["stage"], controls["channel"]],
            [controls["photo"], controls["weights"]],
            [controls["channels"], controls["reduction"]],
        ],
        height=HEIGHT,
    )
    at = controls["stage"]
    back.on_click(lambda _: setattr(at, "value", max(at.value - 1, 1)))
    forth.on_click(lambda _: setattr(at, "value", min(at.value + 1, len(STAGES))))
    play.observe(lambda change: setattr(at, "value", change.new), "value")
    return panel
