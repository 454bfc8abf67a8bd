"""The CBAM panel: a gate for every channel, a gate for every place, and one map through both."""

import numpy as np

from attention_lib._words import number
from attention_lib.language import say
from attention_lib.panels.cbam.state import (
    CBAMState,
    describe,
    explain,
    headings,
    origin,
    places,
    product,
)
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.parts import (
    BarRow,
    ChannelNumbers,
    GateRow,
    GateScale,
    Image,
    Page,
    PageScene,
    Paragraph,
    Ring,
    Strip,
)

HEIGHT = 506
LEFT, WIDTH = 152, 548  # the columns of channels; what stands in each row is named on the left
STRIP, STRIP_SIDE = 27, 32
MEANS, MAXIMA, GATES = (80, 32), (132, 32), (178, 44)  # tops and heights
PLACES = 292  # where the lower half begins
PLANE, PLANE_TOPS = 88, (PLACES, PLACES + 94)
KERNEL, KERNEL_LEFT = 64, 256
GATED, GATED_LEFT = 182, 362
SAID = 558  # what is said beside the gates of places
CHOSEN, CHOSEN_LEFT, CHOSEN_TOPS = 206, 738, (26, 276)  # the chosen map, before and after
FAINT = 0.02  # what is less is rounding, and stays black


class CBAMScene(PageScene):
    """Above: a column for each channel. Below: places. On the right: a map through both."""

    def draw(self, page: Page, state: CBAMState) -> None:
        self._draw_channels(page)
        self._draw_places(page)
        self._draw_chosen(page)
        self._sentence = page.words(14, HEIGHT - 6)

    def update(self, state: CBAMState) -> str:
        what, where = headings(state)
        self._what.set_text(what)
        self._where.set_text(where)
        self._origin.set_text(origin(state))
        self._update_channels(state)
        self._update_places(state)
        self._update_chosen(state)
        self._sentence.set_text(explain(state))
        return describe(state)

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose column stands at (x, y), if there is one."""
        if y >= GATES[0]:
            return self.gates.channel_at(x, y, below=34)
        return self.maxima.channel_at(x, y, above=MAXIMA[0] - STRIP, below=GATES[0])

    # -- what: a gate for every channel -----------------------------------------------------------

    def _draw_channels(self, page: Page) -> None:
        self._what = page.words(14, 16, style="heading")
        self._origin = page.words(LEFT + WIDTH, 16, style="note", ha="right")
        self._band = page.block((0, STRIP - 4, 0, 236), page.look.accent_wash, zorder=-1)
        page.heading(14, STRIP + 21, say("feature maps"))
        page.heading(14, sum(MEANS) - 14, say("means"), say("average values"))
        page.heading(14, sum(MAXIMA) - 14, say("maxima"), say("largest values"))
        self._order = page.heading(14, GATES[0] + 14, say("gates"))
        self._strip = Strip(page, STRIP, STRIP_SIDE)
        self.means = BarRow(page, (LEFT, MEANS[0], WIDTH, MEANS[1]))
        self.maxima = BarRow(page, (LEFT, MAXIMA[0], WIDTH, MAXIMA[1]), pale=True)
        self.gates = GateRow(page, (LEFT, GATES[0], WIDTH, GATES[1]), axis=False, by_size=True)
        self._channels = ChannelNumbers(page, sum(GATES) + 32)

    def _update_channels(self, state: CBAMState) -> None:
        channel, channels = state.trace.channel, state.channels
        sample = state.trace.feature_map[..., sources.sample(channels)]
        self._strip.place(LEFT, WIDTH / sample.shape[-1], sample.shape[-1])
        self._strip.set(sample)
        for row, values in zip((self.means, self.maxima), channel.squeezed, strict=True):
            row.set(values, high=max(float(values.max()), 0.01), chosen=state.channel)
        dashes = state.by_mean_alone if state.hand_made else None
        self.gates.set(channel.gates, chosen=state.channel, dashes=dashes)
        dashed = "" if dashes is None else say("dash: mean alone")
        self._order.set_text(say("from closed to open") if self.gates.sorted else dashed)
        self._channels.set(LEFT, WIDTH, 0 if self.gates.sorted else channels, state.channel)
        pitch = WIDTH / channels
        self._band.set(x=LEFT + state.channel * pitch, width=pitch, visible=pitch >= 8)

    # -- where: a gate for every place ------------------------------------------------------------

    def _draw_places(self, page: Page) -> None:
        self._where = page.words(14, PLACES - 12, style="heading")
        GateScale(page, LEFT + WIDTH - 104, PLACES - 22)
        self.planes = [Image(page, LEFT, top, PLANE) for top in PLANE_TOPS]
        self.kernels = [
            Image(page, KERNEL_LEFT, top + (PLANE - KERNEL) / 2, KERNEL) for top in PLANE_TOPS
        ]
        self._brightest = [
            page.heading(14, top + 36, word)
            for top, word in zip(PLANE_TOPS, (say("maximum"), say("mean")), strict=True)
        ]
        middle = PLACES + GATED / 2
        self._size = page.words(
            KERNEL_LEFT + KERNEL / 2, middle, style="note", ha="center", va="center_baseline"
        )
        page.arrow(KERNEL_LEFT + KERNEL + 10, GATED_LEFT - 8, middle)
        self.places = Image(page, GATED_LEFT, PLACES, GATED)
        self._said = Paragraph(page, SAID, PLACES + 24, 150, 8, style="label")
        self.ring = Ring(page)

    def _update_places(self, state: CBAMState) -> None:
        spatial, kernel = state.trace.spatial, state.weights.spatial.kernel
        strongest = float(np.abs(kernel).max())
        signed = {"colours": self.look.weights, "low": -strongest, "high": strongest}
        for i, (plane, weights) in enumerate(zip(self.planes, self.kernels, strict=True)):
            brightest = float(spatial.squeezed[..., i].max())
            plane.set_map(spatial.squeezed[..., i], high=max(brightest, FAINT))
            weights.set_map(kernel[..., i], **signed)
            self._brightest[i].set_text(
                say("of all maps, to {brightest}", brightest=number(brightest))
            )
        self._size.set_text("{} × {}".format(*kernel.shape))
        self.places.set_map(spatial.gates, colours=self.look.gates)
        self._said.set(*places(state))
        self.ring.set(*ring_at(state, GATED_LEFT, PLACES, GATED))

    # -- one map through both ---------------------------------------------------------------------

    def _draw_chosen(self, page: Page) -> None:
        before, after = CHOSEN_TOPS
        self.before = Image(page, CHOSEN_LEFT, before, CHOSEN, style="chosen")
        self.after = Image(page, CHOSEN_LEFT, after, CHOSEN, style="chosen", border=3)
        right = CHOSEN_LEFT + CHOSEN
        self.after.title.set(x=right, ha="right")
        page.words(right, after - 27, say("value × channel × place"), "note", ha="right")
        self.rings = [Ring(page) for _ in CHOSEN_TOPS]

    def _update_chosen(self, state: CBAMState) -> None:
        trace, channel = state.trace, state.channel
        high = max(float(maps[..., channel].max()) for maps in (trace.feature_map, trace.scaled))
        self.before.set_map(trace.feature_map[..., channel], high=max(high, FAINT))
        self.after.set_map(trace.scaled[..., channel], state.gate, high=max(high, FAINT))
        self.before.title.set_text(say("map {channel}", channel=channel))
        self.after.title.set_text(product(state))
        for ring, top in zip(self.rings, CHOSEN_TOPS, strict=True):
            ring.set(*ring_at(state, CHOSEN_LEFT, top, CHOSEN))


def ring_at(state: CBAMState, left: float, top: float, side: float) -> tuple[float, float]:
    """Where the most open place stands in a picture."""
    row, column = state.most_open
    height, width = state.trace.spatial.gates.shape
    return left + side * (column + 0.5) / width, top + side * (row + 0.5) / height
