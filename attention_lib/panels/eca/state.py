"""What the ECA panel shows, and how it is computed."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from attention_lib import _require, costs
from attention_lib._words import largest, many, number, total
from attention_lib.examples import filters, photos
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.parts import first_shown
from attention_lib.steps.eca import (
    ECAExcitation,
    adaptive_kernel_size,
    random_kernel,
    trace_interaction,
)
from attention_lib.steps.se import SEExcitation, SEWeights, scale, trace_excitation

KERNEL_CHOICES = {
    say("self − neighbours"): "against",
    say("average"): "average",
    say("self only"): "alone",
    say("seeded"): "seeded",
}

GAIN = 6.0  # of the hand-made kernels, so that gates use the room between 0 and 1
WIDEST = 2 * filters.MOST_CHANNELS - 1  # what lies further out meets nothing but zeros


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
    seeded: bool  # whether the seed sets any weights
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


class CloseUp(NamedTuple):
    """What stands in a row of columns around the chosen channel; padding is at either end."""

    places: np.ndarray  # (n,) which place of the order stands in each column; beyond the ends none
    real: np.ndarray  # (n,) whether a channel stands there
    padding: np.ndarray  # (n,) whether a zero does
    inside: np.ndarray  # (n,) whether the kernel covers it
    z: np.ndarray
    w: np.ndarray
    wz: np.ndarray
    tops: dict[str, float]  # where the axes of the three end
    names: list[str]  # what is written above each column
    chosen: int  # the column of the chosen channel


def close_up(state: ECAState, columns: int) -> CloseUp:
    """What the kernel meets around the chosen channel, in so many columns."""
    reach, channels = state.kernel_size // 2, state.channels
    first = first_shown(state.place, channels, min(reach, 1), columns)
    places = first + np.arange(columns)
    real = (places >= 0) & (places < channels)
    padding = ~real & (places >= -reach) & (places < channels + reach)
    inside = np.abs(places - state.place) <= reach
    z = np.where(real, state.eca.squeezed[np.clip(places, 0, channels - 1)], 0.0)
    w = np.where(inside, state.kernel[np.clip(places - state.place + reach, 0, 2 * reach)], 0.0)
    most = max(float(np.abs(state.kernel).max()), 1e-9)
    z_top = sources.z_top(state.eca.squeezed)
    tops = {"z": z_top, "w": most, "w · z": most * max(float(z.max()), 1e-9)}
    names = [
        str(state.order[place]) if there else say("zero") if zero else ""
        for place, there, zero in zip(places, real, padding, strict=True)
    ]
    chosen = int(np.flatnonzero(places == state.place)[0])
    return CloseUp(places, real, padding, inside, z, w, w * z, tops, names, chosen)


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
    _require.count(channel, "channel", least=0, most=channels - 1)
    k = kernel_size if by_hand else adaptive_kernel_size(channels, gamma, b)
    parameters = {
        "ECA": costs.eca_cost(channels, kernel_size=k).parameters,
        "SE": costs.se_cost(channels, reduction).parameters,
    }
    if k > WIDEST:
        raise ValueError(
            say(
                "`kernel_size` must not exceed {widest}, beyond which a kernel meets only "
                "zeros. Received: kernel_size={k}. Choose a larger gamma, or a smaller k by "
                "hand.",
                widest=WIDEST,
                k=k,
            )
        )
    weights = make_kernel(kernel, k, seed)
    order = shuffle(channels) if shuffled else np.arange(channels)
    eca = trace_interaction(z[order], weights)
    se, hand_made = _se(photo, channels, reduction, seed, shuffled)
    chosen = sources.some_maps(photo, (int(channel),))
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
        seeded=kernel == "seeded" or not hand_made,
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


def unused(state: ECAState) -> set[str]:
    """The controls that have no effect: of gamma and b or k, and of the seed."""
    without = {"gamma", "b"} if state.by_hand else {"kernel_size"}
    return without if state.seeded else without | {"seed"}


def explain(state: ECAState) -> str:
    """The sum of the chosen channel: products, logit, gate."""
    place, k = state.place, state.kernel_size
    heard = state.eca.padded[place : place + k]
    shown = largest(state.kernel * heard, 3)
    terms = [f"{number(state.kernel[j])}·{number(heard[j])}" for j in shown]
    if k > len(shown):
        terms.append(say("{k} smaller terms", k=k - len(shown)))
    logit, gate = number(state.eca.logits[place]), state.eca.gates[place]
    return f"{total(terms)} = {logit},   s = σ({logit}) = {gate:.2f}"


def tell_shuffle(state: ECAState) -> str:
    """What the shuffle did to each block, or the question what it will do."""
    if not state.shuffled:
        return say(
            "Shuffle the channels, each with its own weights. Whose gates will change, "
            "ECA’s or SE’s?"
        )
    moved = state.moved
    why = say("new neighbours") if moved["ECA"] >= 5e-4 else say("neighbours do not count here")
    return say(
        "Shuffled; dashes: before. Gates moved by at most: ECA {moved:.3f} ({why}), "
        "SE {moved_se:.3f}.",
        moved=moved["ECA"],
        why=why,
        moved_se=moved["SE"],
    )


def tell_costs(state: ECAState) -> dict[str, str]:
    """What stands beside each block's gates."""
    return {"ECA": f"k = {state.kernel_size}", "SE": f"r = {state.reduction}"}


def describe(state: ECAState) -> str:
    """The whole picture in words."""
    gates = say("; ").join(
        say(
            "{block}: {parameters}, gates from {low:.2f} to {high:.2f}",
            block=block,
            parameters=many(state.parameters[block], "parameter"),
            low=trace.gates.min(),
            high=trace.gates.max(),
        )
        for block, trace in (("ECA", state.eca), ("SE", state.se))
    )
    return say(
        "ECA and SE on {title}, {channels}, k = {kernel_size}, r = {reduction}. "
        "ECA, {name}: {explain}. {gates}. {shuffle}",
        title=photos.PHOTOS[state.photo].title,
        channels=many(state.channels, "channel"),
        kernel_size=state.kernel_size,
        reduction=state.reduction,
        name=name(state),
        explain=explain(state),
        gates=gates,
        shuffle=tell_shuffle(state),
    )


def name(state: ECAState) -> str:
    """The chosen channel by number and name."""
    return say(
        "channel {channel}, {name}",
        channel=state.channel,
        name=filters.channel_names(state.channel + 1)[-1],
    )
