"""Arrays and traces as still pictures: each function draws on an axes and returns it."""

import numpy as np

from attention_lib.steps.eca import KernelChoice, choose_kernel

STEPS_AN_OCTAVE = 48  # fine enough that no step of a staircase is a pixel off


def staircase(gamma: float, b: float, most: int) -> list[KernelChoice]:
    """The choice of kernel for channels from 1 to `most`, closely spaced on a logarithmic axis.

    Args:
        gamma: of the kernel size formula.
        b: of the kernel size formula.
        most: the largest number of channels.

    Returns:
        The working for each, in rising order, every power of two among them.

    Raises:
        ValueError: if gamma or b cannot be.
    """
    octaves = np.arange(np.log2(most) * STEPS_AN_OCTAVE + 1) / STEPS_AN_OCTAVE
    channels = np.unique(np.append(np.exp2(octaves).round().astype(int), most))
    return [choose_kernel(int(count), gamma, b) for count in channels[channels <= most]]
