"""The mistakes themselves, each a block that runs. The code is ours.

Some of them assign what nobody reads: a linter would have found those, and is switched off here.
"""

import numpy as np

from attention_lib.course.museum.blocks import (
    ECA,
    SE,
    AtLeastOne,
    ChannelHalf,
    SpatialHalf,
    convolve,
    slide,
)
from attention_lib.steps import relu, sigmoid


class WidthIsR(SE):
    def gates(self, x):
        z = x.mean((1, 2), keepdims=True)
        h = relu(self.dense("reduce", z, self.reduction))
        return sigmoid(self.dense("expand", h, self.channels))


class Overwritten(SE):
    def gates(self, x):
        z = x.mean((1, 2), keepdims=True)
        h = relu(self.dense("reduce", x, self.channels // self.reduction))
        return sigmoid(self.dense("expand", x, self.channels))


class NeverCalled(SE):
    def gates(self, x):
        z = x
        h = relu(self.dense("reduce", z, self.channels // self.reduction))
        return sigmoid(self.dense("expand", h, self.channels))


class Reshaped(SE):
    def gates(self, x):
        z = x.reshape(len(x), 1, 1, self.channels, -1).mean(-1)
        h = relu(self.dense("reduce", z, self.channels // self.reduction))
        return sigmoid(self.dense("expand", h, self.channels))


class OnColumns(SE):
    def gates(self, x):
        z = x.mean((1, 2))
        h = relu(self.dense("reduce", z, self.channels // self.reduction))
        return sigmoid(self.dense("expand", h, self.channels))


class NoUnits(AtLeastOne):
    def gates(self, x):
        z = x.mean((1, 2), keepdims=True)
        h = relu(self.dense("reduce", z, self.channels // self.reduction))
        return sigmoid(self.dense("expand", h, self.channels))


class EvenKernel(ECA):
    def gates(self, x):
        z = x.mean((1, 2), keepdims=True)
        t = int((np.log2(self.channels) + 1) / 2)
        k = t
        kernel = self.weight("kernel", k)
        return sigmoid(slide(z, kernel))


class UnreadKernel(ECA):
    def gates(self, x):
        z = x.mean((1, 2), keepdims=True)
        t = int((np.log2(self.channels) + 1) / 2)
        k = t if t % 2 else t + 1
        kernel = self.weight("kernel", 3)
        return sigmoid(slide(z, kernel))


class MadeAnew(ECA):
    def gates(self, x):
        z = x.mean((1, 2), keepdims=True)
        t = int((np.log2(self.channels) + 1) / 2)
        k = t if t % 2 else t + 1
        kernel = self.rng.normal(size=k)
        return sigmoid(slide(z, kernel))


class TwoMLPs(ChannelHalf):
    def gates(self, x):
        mean = self.mlp("mlp", x.mean((1, 2), keepdims=True))
        largest = self.mlp("mlp2", x.max((1, 2), keepdims=True))
        return sigmoid(mean + largest)


class MeanTwice(ChannelHalf):
    def gates(self, x):
        mean = self.mlp("mlp", x.mean((1, 2), keepdims=True))
        largest = self.mlp("mlp", x.max((1, 2), keepdims=True))
        return sigmoid(mean + mean)


class SigmoidTwice(ChannelHalf):
    def gates(self, x):
        mean = self.mlp("mlp", x.mean((1, 2), keepdims=True))
        largest = self.mlp("mlp", x.max((1, 2), keepdims=True))
        return sigmoid(sigmoid(mean + largest))


class NoSigmoid(SpatialHalf):
    def gates(self, x):
        two = np.stack([x.max(-1), x.mean(-1)], -1)
        kernel = self.weight("kernel", 7, 7, 2)
        return convolve(two, kernel)[..., None]


class Kernel49(SpatialHalf):
    def gates(self, x):
        two = np.stack([x.max(-1), x.mean(-1)], -1)
        kernel = self.weight("kernel", 49, 49, 2)
        return sigmoid(convolve(two, kernel))[..., None]
