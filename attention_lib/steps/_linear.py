"""A fully connected layer along the last axis, with its shapes checked."""

import numpy as np

from attention_lib import _require


def linear(
    inputs: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray | None,
    name: str,
    *,
    outputs: int | None = None,
) -> np.ndarray:
    """Return inputs @ kernel + bias, or say how the kernel that is called `name` must look."""
    kernel = _require.array(kernel, name, "inputs", "outputs")
    wanted = inputs.shape[-1], outputs or kernel.shape[1]
    _require.shape(kernel, name, wanted, "have a row for each input and a column for each output")
    return add_bias(inputs @ kernel, bias, f"{name}_bias")


def add_bias(values: np.ndarray, bias: np.ndarray | None, name: str) -> np.ndarray:
    """Add one number per unit; None adds nothing."""
    if bias is None:
        return values
    return values + _require.vector(bias, name, values.shape[-1], "unit")
