"""What an exhibit is made of: a block that keeps its weights, and the four right blocks."""

import inspect
import textwrap
from collections.abc import Mapping
from typing import ClassVar, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from attention_lib import steps
from attention_lib.steps import relu, sigmoid

Maps = np.ndarray  # (batch, H, W, C)


class Block:
    """Maps in, maps times gates out. A subclass says in `gates` how the gates are made.

    As in Keras, a layer inside makes its weights when it is first called, to fit what comes in.

    Args:
        channels: C.
        reduction: r, where the block has a bottleneck.
        seed: which draw of the weights.

    `weights` are the block's own, by name; `formula` says how many there should be.
    """

    depends_on: ClassVar[str]  # "means", "means and maxima" or "places"
    formula: ClassVar[str]
    in_order: ClassVar[bool] = False  # whether the order of the channels matters

    def __init__(self, channels: int = 24, reduction: int = 4, seed: int = 0):
        self.channels, self.reduction, self.seed = channels, reduction, seed
        self.rng = np.random.default_rng([seed, channels])
        self.weights: dict[str, np.ndarray] = {}

    def gates(self, x: Maps) -> np.ndarray:
        """From maps to what they are multiplied by."""
        raise NotImplementedError

    def __call__(self, x: Maps) -> Maps:
        return x * self.gates(x)

    def expected(self) -> int:
        """How many weights the block should have."""
        raise NotImplementedError

    @classmethod
    def code(cls) -> str:
        """How the gates are made: the source as it runs."""
        return textwrap.dedent(inspect.getsource(cls.gates)).rstrip()

    def again(self, **changes: int) -> Self:
        """Another block like this one, its weights drawn anew."""
        settings = {"channels": self.channels, "reduction": self.reduction, "seed": self.seed}
        return type(self)(**{**settings, **changes}).built()

    def built(self) -> Self:
        """Let every layer inside make its weights."""
        self.gates(np.ones((1, 4, 4, self.channels)))
        return self

    def load(self, weights: Mapping[str, np.ndarray]) -> Self:
        """Take over weights of another block."""
        self.weights = dict(weights)
        return self

    def reloaded(self) -> "Block":
        """What comes back when the block is saved and loaded."""
        return self.again(seed=self.seed + 1).load(self.weights)

    def weight(self, name: str, *shape: int) -> np.ndarray:
        """The weight of that name, drawn when it is first asked for."""
        if name not in self.weights:
            fan_in = int(np.prod(shape[:-1])) if len(shape) > 1 else shape[0]
            # Maps are above zero here. Where a layer narrows, so are most of its sums, and ReLU
            # keeps them.
            mean = 0.5 if len(shape) == 2 and shape[1] < shape[0] else 0.0
            self.weights[name] = self.rng.normal(mean, 1, shape) / max(fan_in, 1) ** 0.5
        return self.weights[name]

    def dense(self, name: str, x: np.ndarray, units: int) -> np.ndarray:
        """A fully connected layer over the last axis, without bias."""
        return x @ self.weight(name, x.shape[-1], units)

    def mlp(self, name: str, x: np.ndarray) -> np.ndarray:
        """Two layers with a ReLU between, through C // r units."""
        hidden = relu(self.dense(f"{name}.reduce", x, self.channels // self.reduction))
        return self.dense(f"{name}.expand", hidden, self.channels)


def slide(z: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Slide a kernel along the last axis, with (k - 1) // 2 zeros at both ends."""
    reach = (len(kernel) - 1) // 2
    padded = np.pad(z, [(0, 0)] * (z.ndim - 1) + [(reach, reach)])
    return sliding_window_view(padded, len(kernel), -1) @ kernel


def convolve(planes: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Slide a kernel (k, k, P) over the places of (batch, H, W, P), zeros around."""
    reach = len(kernel) // 2
    padded = np.pad(planes, [(0, 0), (reach, reach), (reach, reach), (0, 0)])
    windows = sliding_window_view(padded, kernel.shape[:2], (1, 2))  # (batch, H, W, P, k, k)
    return np.tensordot(windows, kernel.transpose(2, 0, 1), 3)


class SE(Block):
    """Squeeze-and-Excitation."""

    depends_on = "means"
    formula = "2 · C · (C // r)"

    def gates(self, x):
        z = x.mean((1, 2), keepdims=True)
        h = relu(self.dense("reduce", z, self.channels // self.reduction))
        return sigmoid(self.dense("expand", h, self.channels))

    def expected(self):
        return 2 * self.channels * (self.channels // self.reduction)


class AtLeastOne(SE):
    """SE as networks with few channels build it; r is 16 also where C is less."""

    formula = "2 · C · max(1, C // r)"

    def gates(self, x):
        z = x.mean((1, 2), keepdims=True)
        h = relu(self.dense("reduce", z, max(1, self.channels // self.reduction)))
        return sigmoid(self.dense("expand", h, self.channels))

    def expected(self):
        return 2 * self.channels * max(1, self.channels // self.reduction)


class ECA(Block):
    """Efficient Channel Attention."""

    depends_on = "means"
    formula = "k(C)"
    in_order = True

    def gates(self, x):
        z = x.mean((1, 2), keepdims=True)
        t = int((np.log2(self.channels) + 1) / 2)
        k = t if t % 2 else t + 1
        kernel = self.weight("kernel", k)
        return sigmoid(slide(z, kernel))

    def expected(self):
        return steps.adaptive_kernel_size(self.channels)


class ChannelHalf(Block):
    """The channel half of CBAM."""

    depends_on = "means and maxima"
    formula = "2 · C · (C // r)"

    def gates(self, x):
        mean = self.mlp("mlp", x.mean((1, 2), keepdims=True))
        largest = self.mlp("mlp", x.max((1, 2), keepdims=True))
        return sigmoid(mean + largest)

    def expected(self):
        return 2 * self.channels * (self.channels // self.reduction)


class SpatialHalf(Block):
    """The spatial half of CBAM."""

    depends_on = "places"
    formula = "7 · 7 · 2"

    def gates(self, x):
        two = np.stack([x.max(-1), x.mean(-1)], -1)
        kernel = self.weight("kernel", 7, 7, 2)
        return sigmoid(convolve(two, kernel))[..., None]

    def expected(self):
        return 98
