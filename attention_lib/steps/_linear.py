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
    if kernel.shape != wanted:
        raise ValueError(
            f"`{name}` must have a row for each input and a column for each output. "
            f"Received: {name} of shape {kernel.shape} for {wanted[0]} inputs and {wanted[1]} "
            f"outputs. Give it the shape {wanted}."
        )
    return add_bias(inputs @ kernel, bias, f"{name}_bias")


def add_bias(values: np.ndarray, bias: np.ndarray | None, name: str) -> np.ndarray:
    """Add one number per unit; None adds nothing."""
    if bias is None:
        return values
    bias = _require.array(bias, name, "units")
    units = values.shape[-1]
    if bias.size != units:
        raise ValueError(
            f"`{name}` must have one number per unit. Received: {name} of shape {bias.shape} "
            f"for {units} units. Give it the shape ({units},), or None for no bias."
        )
    return values + bias
