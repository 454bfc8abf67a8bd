"""Right and wrong answers to the exercises of notebooks 00 to 05, and the words for each."""

import math

import numpy as np

from attention_lib import steps
from attention_lib.course import checks


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu(x):
    return np.maximum(x, 0)


def softmax(x):
    return np.exp(x) / np.exp(x).sum()


def swapped(feature_map):
    other = feature_map.copy()
    other[0, 0], other[-1, -1] = feature_map[-1, -1], feature_map[0, 0]
    return other


def shuffled(feature_map):
    places = feature_map.reshape(-1, feature_map.shape[-1])
    return np.random.default_rng(0).permutation(places).reshape(feature_map.shape)


def slid(squeezed, kernel):
    padded = np.pad(squeezed, len(kernel) // 2)
    return np.array([padded[i : i + len(kernel)] @ kernel for i in range(len(squeezed))])


def odd_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def raised_after_rounding(channels, gamma, b):
    t = round(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


RIGHT = [
    (checks.gates_by_hand, lambda: [1, 1, 1, 1, 0, 0, 0, 0]),
    (checks.gates_by_hand, lambda: np.array([0.8, 0.9, 1.0, 0.8, 0.2, 0.0, 0.1, 0.2])),
    (checks.rule, lambda levels: np.where(levels > levels.mean(), 0.9, 0.1)),
    (checks.rule, lambda levels: 0.1 + 0.8 * (levels > levels.mean())),
    (checks.squeeze, lambda feature_map: feature_map.mean(axis=(0, 1))),
    (checks.squeeze, lambda x: x.sum((0, 1)) / (x.shape[0] * x.shape[1])),
    (checks.squeeze, lambda x: np.array([x[..., c].mean() for c in range(x.shape[2])])),
    (
        checks.other_map,
        lambda x: x[::-1, ::-1] if not np.array_equal(x[::-1, ::-1], x) else shuffled(x),
    ),
    (checks.other_map, lambda x: 2 * x.mean((0, 1)) - x),
    (checks.other_map, lambda x: np.broadcast_to(x.mean((0, 1)), x.shape).copy()),
    (checks.excite, lambda z, w1, w2: sigmoid(relu(z @ w1) @ w2)),
    (checks.excite, lambda z, w1, w2: 0.5 + 0.5 * np.tanh(relu(w1.T @ z) @ w2 / 2)),
    (checks.parameters, lambda c, r: 2 * c * (c // r) + c // r + c),
    (checks.parameters, lambda c, r: np.int64((c + 1) * (c // r) + (c // r + 1) * c)),
    (checks.scale, lambda feature_map, gates: feature_map * gates),
    (checks.scale, lambda x, s: np.stack([x[..., c] * s[c] for c in range(len(s))], axis=-1)),
    (checks.scale_batch, lambda batch, gates: batch * gates[:, None, None, :]),
    (checks.scale_batch, lambda x, s: np.einsum("nhwc,nc->nhwc", x, s)),
    (checks.adaptive_kernel_size, odd_size),
    (checks.adaptive_kernel_size, steps.adaptive_kernel_size),
    (checks.interact, lambda z, w: sigmoid(slid(z, w))),
    (checks.interact, lambda z, w: sigmoid(np.correlate(np.pad(z, len(w) // 2), w, "valid"))),
]
WRONG = [
    (checks.gates_by_hand, lambda: [1, 1, 1, 1], "eight numbers are wanted"),
    (checks.gates_by_hand, lambda: [2, 1, 1, 1, 0, 0, 0, 0], "One of yours is 2."),
    (checks.gates_by_hand, lambda: [1, 1, 1, 1, -1, 0, 0, 0], "One of yours is −1."),
    (checks.gates_by_hand, lambda: [0.5] * 8, "All eight are about 0.5."),
    (checks.gates_by_hand, lambda: [0, 0, 0, 0, 1, 1, 1, 1], "other way round"),
    (checks.gates_by_hand, lambda: [1, 1, 0.5, 1, 0, 0, 0, 0], "Channel 2 answers to edges"),
    (checks.gates_by_hand, lambda: [1, 1, 1, 1, 0, 0, 0.6, 0], "Channel 6 answers to a colour"),
    (checks.gates_by_hand, lambda: "all of them", "an array of numbers is wanted"),
    (checks.gates_by_hand, lambda: [float("nan")] * 8, "There is nan, not a number"),
    (checks.gates_by_hand, lambda: [True] * 4 + [False] * 4, "numbers are wanted"),
    (checks.gates_by_hand, lambda: {0: 1}, "Return the numbers alone"),
    (checks.rule, lambda x: np.where(x > x.mean(), 0.1, 0.9), "the other way round"),
    (checks.rule, lambda x: np.where(x > x.mean()), "with a condition alone gives a tuple"),
    (checks.scale, lambda x, s: np.stack([*np.moveaxis(x * s, -1, 0)]), "your channels come first"),
    (checks.scale, lambda x, s: x * s[0], "the gate of channel 0. Each has its own"),
    (checks.interact, lambda z, w: sigmoid(np.convolve(z, w)), "more gates than channels"),
    (checks.interact, lambda z, w: sigmoid(np.correlate(z, w, "same")), "Nearly: NumPy's `same`"),
    (
        checks.adaptive_kernel_size,
        lambda c, g, b: round((math.log2(c) + b) / g),
        "the number before cutting is 3.5. The answer is 3, and yours is 4",
    ),
    (checks.rule, lambda x: np.full(x.shape, 0.9), "whatever the levels"),
    (checks.rule, lambda x: np.where(x > 0.5, 0.9, 0.1), "compare with 0.5"),
    (checks.rule, lambda x: np.where(x < x.mean(), 0.9, 0.1), "the other way round"),
    (checks.rule, lambda x: np.where(x >= x.mean(), 0.9, 0.1), "exactly at the mean"),
    (checks.rule, lambda x: np.where(x > np.median(x), 0.9, 0.1), "with the median"),
    (checks.rule, lambda x: np.where(x == x.max(), 0.9, 0.1), "Only the channel with the highest"),
    (checks.rule, lambda x: (x > x.mean()).astype(float), "These gates are 0 or 1"),
    (checks.rule, lambda x: x > x.mean(), "True and False"),
    (checks.rule, lambda x: x, "The levels come back"),
    (checks.rule, lambda x: np.where(x > 0.1, 0.9, 0.1), "have the mean 0.3"),
    (checks.squeeze, lambda x: x.sum((0, 1)), "These are sums"),
    (checks.squeeze, lambda x: x.max((0, 1)), "max pooling"),
    (checks.squeeze, lambda x: x.mean(-1), "averaged over the channels"),
    (checks.squeeze, lambda x: x.sum((0, 1)) / x.shape[-1], "number of channels, C"),
    (checks.squeeze, lambda x: x.sum((0, 1)) / x.shape[0], "height alone"),
    (checks.squeeze, lambda x: x.sum((0, 1)) / x.shape[1], "width alone"),
    (checks.squeeze, lambda x: x.sum((0, 1)) / x.size, "H × W × C"),
    (checks.squeeze, lambda x: x.mean((0, 1), keepdims=True), "two axes too many"),
    (checks.squeeze, lambda x: x.mean(0), "over the rows only"),
    (checks.squeeze, lambda x: x.mean(1), "over the columns only"),
    (checks.squeeze, lambda x: x.mean((1, 2)), "axes for a batch"),
    (checks.squeeze, lambda x: x.mean(), "one number is left"),
    (checks.squeeze, lambda x: relu(x).mean((0, 1)), "what is below zero"),
    (checks.squeeze, lambda x: abs(x).mean((0, 1)), "without their signs"),
    (checks.squeeze, lambda x: np.median(x, (0, 1)), "the median"),
    (checks.squeeze, lambda x: x.sum((0, 1)) // (x.shape[0] * x.shape[1]), "whole numbers"),
    (checks.squeeze, lambda x: x.mean((0, 1)) + 1, "take the mean of all 2 × 3"),
    (checks.squeeze, lambda x: x[::2, ::2], "(2, 3, 4) the answer has the shape (4,)"),
    (checks.other_map, lambda x: x, "(2, 3, 4) yours is the same map"),
    (checks.squeeze, lambda x: np.round(x.mean((0, 1))), "You rounded the means"),
    (checks.squeeze, lambda x: x.sum((0, 1)) / 3136, "right for the maps above and for no others"),
    (checks.squeeze, lambda x: x[..., 0].mean(), "does `return` stand inside it?"),
    (checks.squeeze, lambda x: x[..., -1].mean(), "the mean of the last channel alone"),
    (checks.squeeze, lambda x: 0.5, "returns one number, 0.5, and an array"),
    (checks.squeeze, lambda x: (x.mean((0, 1)), 0), "Is there a comma behind `return`?"),
    (checks.squeeze, lambda x: str(x), "Text cannot be calculated with"),
    (checks.squeeze, lambda x: np.arange(16), "the same answer whatever it is given"),
    (checks.squeeze, lambda x: x.mean((1, 2, 3)), "Which axis has the number of things"),
    (checks.parameters, lambda c, r: 318, "the same answer whatever it is given"),
    (checks.other_map, lambda x: x[::-1], "yours is the same map: it has one row only"),
    (checks.other_map, lambda x: x + 1, "The squeeze notices: the mean of channel 0"),
    (checks.other_map, lambda x: x[..., ::-1], "moved whole channels"),
    (checks.other_map, lambda x: x.mean((0, 1)), "has the shape of the map"),
    (checks.other_map, lambda x: 0.5 * x, "The squeeze notices"),
    (checks.other_map, lambda x: "a twin", "an array of numbers is wanted"),
    (checks.excite, lambda z, w1, w2: sigmoid(z @ w1 @ w2), "no ReLU between"),
    (checks.excite, lambda z, w1, w2: relu(z @ w1) @ w2, "These are the logits"),
    (checks.excite, lambda z, w1, w2: softmax(relu(z @ w1) @ w2), "that is softmax"),
    (checks.excite, lambda z, w1, w2: sigmoid(sigmoid(relu(z @ w1) @ w2)), "applied twice"),
    (checks.excite, lambda z, w1, w2: sigmoid(relu(z @ w1 @ w2)), "ReLU stands after"),
    (checks.excite, lambda z, w1, w2: sigmoid(relu(relu(z @ w1) @ w2)), "too. It lets no"),
    (checks.excite, lambda z, w1, w2: relu(relu(z @ w1) @ w2), "You end with ReLU"),
    (checks.excite, lambda z, w1, w2: sigmoid(sigmoid(z @ w1) @ w2), "where ReLU belongs"),
    (checks.excite, lambda z, w1, w2: z @ w1 @ w2, "Both curves are missing"),
    (checks.excite, lambda z, w1, w2: relu(sigmoid(z @ w1) @ w2), "have changed places"),
    (checks.excite, lambda z, w1, w2: sigmoid(-(relu(z @ w1) @ w2)), "one minus"),
    (checks.excite, lambda z, w1, w2: np.tanh(relu(z @ w1) @ w2), "This is tanh"),
    (checks.excite, lambda z, w1, w2: z * sigmoid(relu(z @ w1) @ w2), "by the summary"),
    (checks.excite, lambda z, w1, w2: sigmoid(z), "its own channel only"),
    (checks.excite, lambda z, w1, w2: relu(z @ w1), "stop at the hidden units"),
    (checks.excite, lambda z, w1, w2: sigmoid(relu(z @ w1)), "stop at the hidden units"),
    (checks.excite, lambda z, w1, w2: sigmoid(relu(z[None] @ w1) @ w2), "row of their own"),
    (checks.excite, lambda z, w1, w2: sigmoid(relu(z @ w1) @ w2) / 2, "follow gate 0"),
    (
        checks.excite,
        lambda z, w1, w2: np.exp(relu(z @ w1) @ w2) / (1 + np.exp(relu(z @ w1) @ w2)),
        "not a number",
    ),
    (checks.parameters, lambda c, r: 2 * c * (c // r), "The biases are missing"),
    (checks.parameters, lambda c, r: c * (c // r) + c // r, "the first layer alone"),
    (checks.parameters, lambda c, r: c * (c // r) + c, "the second layer alone"),
    (checks.parameters, lambda c, r: 2 * c * (c // r) + c, "of the hidden units are missing"),
    (checks.parameters, lambda c, r: 2 * c * (c // r) + c // r, "of the second layer are"),
    (checks.parameters, lambda c, r: 2 * (c + 1) * (c // r), "the biases of the first"),
    (checks.parameters, lambda c, r: 2 * c * (c // r + 1), "the biases of the second"),
    (checks.parameters, lambda c, r: 2 * c * r + r + c, "You took r"),
    (checks.parameters, lambda c, r: 2 * c * c + 2 * c, "two full layers"),
    (checks.parameters, lambda c, r: c * c + c, "one full layer"),
    (checks.parameters, lambda c, r: 2 * c * c / r + c / r + c, "decimal number"),
    (checks.parameters, lambda c, r: int(2 * c * c / r + c / r + c), "Cut first"),
    (checks.parameters, lambda c, r: (2 * c + 1) * round(c / r) + c, "to the nearest"),
    (checks.parameters, lambda c, r: (2 * c + 1) * math.ceil(c / r) + c, "round the width up"),
    (checks.parameters, lambda c, r: 318, "Take C = 30 and r = 4. Layer one leads from 30 to 7"),
    (checks.parameters, lambda c, r: 2 * c * (c // r) + 2, "one bias for each layer"),
    (checks.parameters, lambda c, r: 2 * c * (c % r) + c % r + c, "what is left over when C"),
    (checks.parameters, lambda c, r: (c, r), "Is there a comma behind `return`?"),
    (checks.excite, lambda z, w1, w2: 1 / 1 + np.exp(-relu(z @ w1) @ w2), "Brackets are missing"),
    (checks.excite, lambda z, w1, w2: np.round(sigmoid(relu(z @ w1) @ w2)), "rounded the gates"),
    (checks.excite, lambda z, w1, w2: sigmoid(relu(z @ w1) @ w1.T), "went back with `reduce`"),
    (checks.excite, lambda z, w1, w2: sigmoid(abs(z @ w1) @ w2), "counts as a clear yes"),
    (checks.excite, lambda z, w1, w2: w1 @ z, "the left one ends with 2, the right one begins"),
    (checks.excite, lambda z, w1, w2: max(0, z @ w1), "`np.maximum`, `np.where` and their like"),
    (checks.parameters, lambda c, r: True, "one whole number is wanted"),
    (checks.parameters, lambda c, r: "318", "one whole number is wanted"),
    (checks.scale, lambda x, s: x + s, "You added the gates"),
    (checks.scale, lambda x, s: x + x * s, "works as 1 + s"),
    (checks.scale, lambda x, s: x * s[:, None], "on the columns"),
    (checks.scale, lambda x, s: x * s[:, None, None], "on the rows"),
    (checks.scale, lambda x, s: x * (s > 0.5), "each channel is on or off"),
    (checks.scale, lambda x, s: x * (1 - s), "one minus the gate"),
    (checks.scale, lambda x, s: x * s.mean(), "by the same number"),
    (checks.scale, lambda x, s: x * softmax(s), "through softmax first"),
    (checks.scale, lambda x, s: x * sigmoid(s), "through a sigmoid"),
    (checks.scale, lambda x, s: x * s / s.sum(), "divided the gates by their sum"),
    (checks.scale, lambda x, s: x * s / s.max(), "by the largest gate"),
    (checks.scale, lambda x, s: x / s, "divided by the gates"),
    (checks.scale, lambda x, s: x, "as it went in"),
    (checks.scale, lambda x, s: x.mean((0, 1)) * s, "scaled the summary"),
    (checks.scale, lambda x, s: (x * s).sum(-1), "added the channels together"),
    (checks.scale, lambda x, s: x * s**2, "the gate of channel 0 is"),
    (checks.scale_batch, lambda x, s: x * s, "lines up last axes"),
    (checks.scale_batch, lambda x, s: x * s[:, None], "each row got"),
    (checks.scale_batch, lambda x, s: x * s[:, :, None, None], "channels first"),
    (checks.scale_batch, lambda x, s: x * s[0], "the gates of the first one"),
    (checks.scale_batch, lambda x, s: x * s.mean(0), "the mean of all gates"),
    (checks.scale_batch, lambda x, s: x * s.T[:, None, None], "on their side"),
    (checks.scale_batch, lambda x, s: x * s.mean(1)[:, None, None, None], "one gate for all"),
    (checks.scale_batch, lambda x, s: x + s[:, None, None], "A gate multiplies"),
    (checks.scale_batch, lambda x, s: x[0] * s[0], "Only the first picture"),
    (checks.scale_batch, lambda x, s: x, "the gate of channel 0 in picture 0"),
    (checks.adaptive_kernel_size, lambda c, g, b: int((math.log2(c) + b) / g), "be raised"),
    (checks.adaptive_kernel_size, raised_after_rounding, "You rounded t."),
    (
        checks.adaptive_kernel_size,
        lambda c, g, b: (t := int((math.log2(c) + b) / g)) - (t % 2 == 0),
        "You lowered",
    ),
    (
        checks.adaptive_kernel_size,
        lambda c, g, b: (t := int((math.log2(c) + b) / g)) + t % 2,
        "Odd and even have changed places",
    ),
    (
        checks.adaptive_kernel_size,
        lambda c, g, b: (t := math.ceil((math.log2(c) + b) / g)) + (t % 2 == 0),
        "rounded t up",
    ),
    (
        checks.adaptive_kernel_size,
        lambda c, g, b: (t := int((math.log(c) + b) / g)) + (t % 2 == 0),
        "natural logarithm",
    ),
    (
        checks.adaptive_kernel_size,
        lambda c, g, b: (t := int((math.log10(c) + b) / g)) + (t % 2 == 0),
        "to base 10",
    ),
    (
        checks.adaptive_kernel_size,
        lambda c, g, b: (t := int(math.log2(c) / g + b)) + (t % 2 == 0),
        "but not b",
    ),
    (checks.adaptive_kernel_size, lambda c, g, b: odd_size(c, b, g), "changed places"),
    (checks.adaptive_kernel_size, lambda c, g, b: odd_size(c, 1 / g, b), "multiplied by γ"),
    (checks.adaptive_kernel_size, lambda c, g, b: odd_size(2**c, g, b), "logarithm is missing"),
    (checks.adaptive_kernel_size, lambda c, g, b: odd_size(c, g, 0), "b is missing"),
    (checks.adaptive_kernel_size, lambda c, g, b: 3, "always 3"),
    (checks.adaptive_kernel_size, lambda c, g, b: odd_size(c, 2, 1), "fixed at 2 and 1"),
    (checks.adaptive_kernel_size, lambda c, g, b: float(odd_size(c, g, b)), "decimal number"),
    (
        checks.adaptive_kernel_size,
        lambda c, g, b: (t := int((math.log2(c) + b) / g)) + (t % 2 == 0),
        "absolute value",
    ),
    (checks.interact, slid, "they are logits"),
    (checks.interact, lambda z, w: sigmoid(slid(z, w[::-1])), "turned round"),
    (checks.interact, lambda z, w: sigmoid(np.correlate(z, w, "valid")), "fewer gates"),
    (
        checks.interact,
        lambda z, w: sigmoid(np.correlate(np.pad(z, len(w) // 2, "wrap"), w, "valid")),
        "meet each other",
    ),
    (
        checks.interact,
        lambda z, w: sigmoid(np.correlate(np.pad(z, len(w) // 2, "edge"), w, "valid")),
        "repeat the last value",
    ),
    (
        checks.interact,
        lambda z, w: sigmoid(np.correlate(np.pad(z, len(w) // 2, "reflect"), w, "valid")),
        "mirror the channels",
    ),
    (checks.interact, lambda z, w: sigmoid(z * w[len(w) // 2]), "depends on its own channel only"),
    (checks.interact, lambda z, w: sigmoid(z * w.sum()), "all the weights together"),
    (checks.interact, lambda z, w: z * sigmoid(slid(z, w)), "by the means"),
    (checks.interact, lambda z, w: sigmoid(slid(z, w) / len(w)), "divided by k"),
    (checks.interact, lambda z, w: sigmoid(relu(slid(z, w))), "no gate falls below 0.5"),
    (checks.interact, lambda z, w: softmax(slid(z, w)), "that is softmax"),
    (checks.interact, lambda z, w: sigmoid(slid(z, w) + 1), "the products add up to"),
]
