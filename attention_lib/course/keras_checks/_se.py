"""Checks for notebook 04: an SE block out of Keras' layers, and a residual unit around one."""

from collections.abc import Callable
from typing import Any

import numpy as np

from attention_lib import costs, steps
from attention_lib._keras import keras
from attention_lib.course.checks import Verdict
from attention_lib.course.checks._attempt import not_a_function
from attention_lib.course.checks._examine import Mistake, exercise, not_yet, number
from attention_lib.course.keras_checks._block import call, compare, model_of, not_maps, run
from attention_lib.language import say
from attention_lib.steps import SEWeights

# Sizes at which C // r is neither r nor what another fixed reduction gives, and as many pictures
# as columns: gates on the wrong axes then pass in silence.
BLOCKS = ((24, 4), (6, 3), (16, 2), (10, 4))
BATCH = np.random.default_rng(0).normal(0.5, 1, (4, 5, 4, 24)).astype("float32")
ONE_SIZE = say(
    "With {} channels and a reduction of {} your block is right. Which number in it holds "
    "there alone? C is `inputs.shape[-1]`."
).format(*BLOCKS[0])


def _block(
    *,
    squeeze: Callable = steps.squeeze,
    activation: Callable = steps.relu,
    gate: Callable = steps.sigmoid,
    join: Callable = np.multiply,
) -> Callable[[np.ndarray, SEWeights], np.ndarray]:
    """An SE block in NumPy, of a batch and weights; right unless an argument says otherwise."""

    def block(batch: np.ndarray, weights: SEWeights) -> np.ndarray:
        curves = {"activation": activation, "gate": gate}
        traces = [steps.trace_excitation(squeeze(maps), weights, **curves) for maps in batch]
        return join(batch, np.stack([trace.gates for trace in traces])[:, None, None])

    return block


BLOCK_MISTAKES = (
    Mistake(
        _block(activation=lambda x: x, gate=lambda x: x),
        say(
            "Neither Dense layer has a curve. Give the first `activation='relu'` and the second "
            "`activation='sigmoid'`: without, a gate is any number."
        ),
    ),
    Mistake(
        _block(activation=lambda x: x),
        say(
            "There is no ReLU between the two Dense layers. Without it they are one matrix: give "
            "the first one `activation='relu'`."
        ),
    ),
    Mistake(
        _block(activation=steps.swish),
        say(
            "Between the two Dense layers stands swish, which is EfficientNet's choice. The "
            "article's block has ReLU."
        ),
    ),
    Mistake(
        _block(activation=steps.sigmoid, gate=steps.relu),
        say(
            "The two curves stand the wrong way round. ReLU follows the first Dense layer, sigmoid "
            "the second."
        ),
    ),
    Mistake(
        _block(activation=steps.sigmoid),
        say(
            "A sigmoid follows the first Dense layer too. There stands ReLU; only the second gives "
            "gates, and needs numbers between 0 and 1."
        ),
    ),
    Mistake(
        _block(gate=lambda x: x),
        say(
            "The sigmoid after the second Dense layer is missing, so that a gate can be any "
            "number, below zero too. Give that layer `activation='sigmoid'`."
        ),
    ),
    Mistake(
        _block(gate=steps.relu),
        say(
            "After the second Dense layer stands ReLU, so that a gate can be as large as it likes. "
            "Sigmoid keeps it between 0 and 1."
        ),
    ),
    Mistake(
        _block(gate=np.tanh),
        say(
            "After the second Dense layer stands tanh, so that a gate can be negative and turn its "
            "map over. Sigmoid keeps it between 0 and 1."
        ),
    ),
    Mistake(
        _block(gate=steps.hard_sigmoid),
        say(
            "The gate is a hard sigmoid, which is MobileNetV3's choice. The article's block has "
            "the smooth one."
        ),
    ),
    Mistake(
        _block(gate=steps.softmax),
        say(
            "These gates sum to one: that is softmax, and channels would compete. Sigmoid lets all "
            "of them be open."
        ),
    ),
    Mistake(_block(join=np.add), say("You added the gates to the maps. A gate multiplies.")),
    Mistake(
        _block(join=lambda batch, gates: batch + batch * gates),
        say(
            "You added the maps that came in, so that a closed gate changes nothing. That addition "
            "belongs to a residual unit, around the block, not in it."
        ),
    ),
    Mistake(
        _block(join=lambda batch, gates: batch * gates[:, 0, 0]),
        say(
            "Your gates have the shape (batch, C) and the maps (batch, H, W, C). `*` lines up last "
            "axes, so each picture's gates landed on a *column* of every picture. The batch is as "
            "large as the maps are wide here, so nothing objected. Keep two axes of length one, by "
            "`keepdims=True`, or let `Multiply()` see to it."
        ),
    ),
    Mistake(
        _block(squeeze=steps.global_max_pool),
        say("You squeezed with the maximum. SE takes the mean: `GlobalAveragePooling2D`."),
    ),
)


@exercise
def se_block(yours: Callable) -> Verdict:
    """Check an SE block written with Keras' layers, against the NumPy steps.

    Args:
        yours: a function of symbolic `inputs` (batch, H, W, C) and `reduction` that returns
            symbolic maps of the same shape.
    """
    if reply := not_a_function(yours, "keras_checks.se_block(my_se_block)"):
        return Verdict(False, reply)
    for size in BLOCKS:
        channels, reduction = size
        inputs = keras.Input((*BATCH.shape[1:3], channels))
        answer, reply, printed = call(yours, {"inputs": inputs, "reduction": reduction})
        reply = reply or not_maps(answer, inputs) or _differs(inputs, answer, reduction)
        if reply and size != BLOCKS[0]:
            reply += f"\n\n{ONE_SIZE}"
        if reply:
            return not_yet(reply, printed)
    return Verdict(
        True,
        say(
            "With the same weights your block computes what the NumPy steps compute, in {blocks} "
            "sizes, and with 24 channels and a reduction of 4 it has the article's 318 parameters.",
            blocks=len(BLOCKS),
        ),
    )


def _differs(inputs: keras.KerasTensor, answer: keras.KerasTensor, reduction: int) -> str:
    """Words for a block with other weights, or another result, than SE has, else ""."""
    model, reply = model_of(inputs, answer)
    if reply:
        return reply
    channels = inputs.shape[-1]
    hidden = steps.hidden_width(channels, reduction)
    shapes = (channels, hidden), (hidden,), (hidden, channels), (channels,)
    rng = np.random.default_rng(2)
    weights = SEWeights(*(rng.normal(size=shape).astype("float32") for shape in shapes))
    reply = _other_weights(model, weights, reduction)
    if reply:
        return reply
    model.set_weights([w.reshape(v.shape) for w, v in zip(weights, model.weights, strict=True)])
    batch = BATCH[..., :channels]
    got, reply = run(model, batch)
    if reply:
        return reply

    def example(index: tuple[int, ...]) -> str:
        picture, row, column, channel = index
        gate = steps.se_forward(batch[picture], weights).gates[channel]
        return say(
            "With {channels} channels and {hidden} hidden units, picture {picture}, row {row}, "
            "column {column}, channel {channel} holds {value}, and its gate is {gate}.",
            channels=channels,
            hidden=hidden,
            picture=picture,
            row=row,
            column=column,
            channel=channel,
            value=number(batch[index]),
            gate=number(gate),
        )

    return compare(got, _block()(batch, weights), BLOCK_MISTAKES, (batch, weights), example)


def _other_weights(model: keras.Model, wanted: SEWeights, reduction: int) -> str:
    """Words for weights that are not two Dense layers with a bottleneck of C // r, else ""."""
    sizes = [int(np.prod(weight.shape)) for weight in model.weights]
    if sizes == [weight.size for weight in wanted]:
        return ""
    kernels = [weight for weight in model.weights if len(weight.shape) > 1]
    if len(kernels) < 2:
        if not kernels:
            return say(
                "There is no layer with weights in your block. There are two: one asks the "
                "questions, one gives the answers."
            )
        return say(
            "There is one layer with weights in your block. There are two: one asks the questions, "
            "one gives the answers."
        )
    channels, hidden = wanted.reduce.shape
    here = say(
        "With {channels} channels and a reduction of {reduction}",
        channels=channels,
        reduction=reduction,
    )
    if sizes == [wanted.reduce.size, wanted.expand.size]:
        cost = costs.se_cost(channels, reduction)
        return say(
            "{here} your block has {weights} parameters. The article's has {weights} + {biases} = "
            "{parameters}: there the Dense layers keep their biases.",
            here=here,
            weights=cost.weights,
            biases=cost.biases,
            parameters=cost.parameters,
        )
    widths = [kernel.shape[-1] for kernel in kernels]
    if widths == [hidden, channels]:
        yours = say(" and ").join(str(kernel.shape) for kernel in kernels)
        return say(
            "{here} the weights of the two layers have the shapes {first} and {second}. Yours have "
            "{yours}. The first should read one number for each channel, which "
            "`GlobalAveragePooling2D` leaves; `Flatten` keeps every place.",
            here=here,
            first=wanted.reduce.shape,
            second=wanted.expand.shape,
            yours=yours,
        )
    yours = say(" and ").join(map(str, widths))
    widths_wanted = say(
        "{here} the first Dense layer has {channels} // {reduction} = {hidden} units, and the "
        "second {channels}. Yours have {yours}.",
        here=here,
        channels=channels,
        reduction=reduction,
        hidden=hidden,
        yours=yours,
    )
    known = _other_width(widths[0], channels, reduction)
    return f"{known}\n\n{widths_wanted}" if known else widths_wanted


def _other_width(width: int, channels: int, reduction: int) -> str:
    if width == channels:
        return say("There is no bottleneck: the first Dense layer is as wide as the second.")
    if width == reduction:
        return say(
            "The bottleneck has r units. r says how many times fewer than C there are: C // r."
        )
    if width == channels // 4:
        return say("You divided by 4 whatever `reduction` is. It comes as an argument: use it.")
    return ""


# Layers whose order shows in the result: a branch x -> 10 x + 1, and an attention that halves.
BRANCH = keras.layers.Rescaling(10, offset=1, name="branch")
ATTENTION = keras.layers.Rescaling(0.5, name="attention")
UNIT_INPUTS = np.random.default_rng(4).integers(1, 10, (2, 3, 3, 4)).astype("float32")

UNIT_MISTAKES = (
    Mistake(
        lambda x: (x + 10 * x + 1) / 2,
        say(
            "The attention also halves the skip: it stands after the addition, or on both ways. "
            "Only what the branch gives should pass through it."
        ),
    ),
    Mistake(
        lambda x: (10 * x + 1) / 2,
        say(
            "The skip is missing: whatever came in is gone unless the branch makes it again. Add "
            "`inputs`."
        ),
    ),
    Mistake(
        lambda x: x / 2 + 10 * x + 1,
        say("The attention stands on the skip. That way must stay free: gate the branch instead."),
    ),
    Mistake(
        lambda x: x + 10 * (x / 2) + 1,
        say(
            "The attention stands before the branch and gates what the branch will see. It belongs "
            "after it."
        ),
    ),
    Mistake(
        lambda x: x + 10 * x + 1,
        say("The branch is added without passing through the attention."),
    ),
    Mistake(
        lambda x: x + x / 2,
        say("The branch is missing. The attention gates what `branch(inputs)` gives."),
    ),
    Mistake(
        lambda x: x * (10 * x + 1) / 2,
        say("You multiplied the two ways. A residual unit adds them."),
    ),
    Mistake(
        lambda x: (10 * x + 1) + (10 * x + 1) / 2,
        say("You added the branch to its own gated copy. What is added is `inputs`."),
    ),
    Mistake(
        lambda x: x,
        say("The inputs come back as they went in. Nothing has passed through the branch."),
    ),
)


@exercise
def residual_unit(yours: Callable) -> Verdict:
    """Check a residual unit with attention where the SE paper has it: before the addition.

    Args:
        yours: a function of `inputs`, `branch` and `attention`, the last two layers.
    """
    if reply := not_a_function(yours, "keras_checks.residual_unit(my_residual_unit)"):
        return Verdict(False, reply)
    inputs = keras.ops.convert_to_tensor(UNIT_INPUTS)
    given = {"inputs": inputs, "branch": BRANCH, "attention": ATTENTION}
    answer, reply, printed = call(yours, given)
    reply = reply or _not_like_the_inputs(answer)
    if not reply:
        got, wanted = keras.ops.convert_to_numpy(answer), UNIT_INPUTS + (10 * UNIT_INPUTS + 1) / 2
        reply = compare(got, wanted, UNIT_MISTAKES, (UNIT_INPUTS,), _half_of_the_branch)
    if reply:
        return not_yet(reply, printed)
    return Verdict(
        True,
        say(
            "The skip passes untouched, the branch passes through the attention, and the two are "
            "added."
        ),
    )


def _not_like_the_inputs(answer: Any) -> str:
    """Words for an answer that is no array of the inputs' shape, else ""."""
    shape = getattr(answer, "shape", None)
    if shape is None:
        return say(
            "Your function returns something of type {kind}, and numbers of the shape of `inputs` "
            "are wanted. Look at what stands behind `return`.",
            kind=type(answer).__name__,
        )
    if tuple(shape) != UNIT_INPUTS.shape:
        return say(
            "`inputs` has the shape {wanted}, and what is returned should have it too. Yours has "
            "{yours}.",
            wanted=UNIT_INPUTS.shape,
            yours=tuple(shape),
        )
    return ""


def _half_of_the_branch(index: tuple[int, ...]) -> str:
    value = UNIT_INPUTS[index]
    return say(
        "The check's branch gives 10 x + 1, and its attention halves. Where `inputs` holds "
        "{value}, the branch gives {branch}, and half of that is {half}.",
        value=number(value),
        branch=number(10 * value + 1),
        half=number((10 * value + 1) / 2),
    )
