"""The ECA panel in sentences, from the traces."""

from attention_lib import photos
from attention_lib.panels.eca.state import ECAState
from attention_lib.panels.words import largest, number, total

MOST_DASHES = 256  # channels whose gates before the shuffle can be told apart


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


def describe(state: ECAState) -> str:
    """The whole picture in words."""
    gates = "; ".join(
        f"{block}: {many(state.parameters[block], 'parameter')}, gates from "
        f"{trace.gates.min():.2f} to {trace.gates.max():.2f}"
        for block, trace in (("ECA", state.eca), ("SE", state.se))
    )
    return (
        f"ECA and SE on {photos.PHOTOS[state.photo].title}, "
        f"{many(state.channels, 'channel')}, k = {state.kernel_size}, r = {state.reduction}. "
        f"ECA, {name(state)}: {explain(state)}. {gates}. {tell_shuffle(state)}"
    )


def name(state: ECAState) -> str:
    """The chosen channel by number and name."""
    return f"channel {state.channel}, {photos.channel_names(state.channel + 1)[-1]}"


def many(count: int, what: str) -> str:
    """A count and what is counted: "1 channel", "2,048 channels"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
