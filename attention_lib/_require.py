"""Argument checks, for every room. A ValueError says what must hold, what came and what to do."""

import math
from collections.abc import Collection, Iterable, Sized
from numbers import Integral, Real
from typing import Any

import numpy as np


def plain(value: Any) -> str:
    """A value as Python writes it, but 0.5 for np.float32(0.5)."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def count(value: Any, name: str, *, least: int = 1, most: int | None = None) -> int:
    """Return `value` as an int if it is a whole number, from `least` to `most`."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):
        bounds, hint = f"of {least} or more", f"Give an integer such as {least}, 4 or 16."
        if most is not None:
            bounds, hint = f"from {least} to {most}", f"Choose {least}, for example."
        raise ValueError(
            f"`{name}` must be a whole number {bounds}. Received: {name}={plain(value)}. {hint}"
        )
    return int(value)


def quotient(whole: int, name: str, value: Any, divisor: str) -> int:
    """Return `whole / value` if `value` is a whole number of 1 or more that divides it."""
    parts = count(value, divisor)
    if whole % parts:
        smaller = range(1, min(parts, whole + 1))  # `parts` may be a typed 1,000,000,000
        raise ValueError(
            f"`{divisor}` must divide `{name}`, so that all {divisor} are of one size. "
            f"Received: {name}={whole}, {divisor}={parts}. "
            f"Choose {max(n for n in smaller if whole % n == 0)}, for example."
        )
    return whole // parts


def odd(value: Any, name: str) -> int:
    """Return `value` as an int if it is an odd whole number of 1 or more."""
    size = count(value, name)
    if size % 2 == 0:
        raise ValueError(
            f"`{name}` must be odd, so that every channel has as many neighbours on either side. "
            f"Received: {name}={size}. Choose {size - 1} or {size + 1}."
        )
    return size


def finite(
    value: Any,
    name: str,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    most: float = math.inf,
) -> float:
    """Return `value` as a float if it is a finite real number within its bounds."""
    try:
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool) else None
    except OverflowError:
        number = None
    if number is None or not math.isfinite(number) or not (least <= number <= most):
        number = None
    if number is None or number <= above:
        bounds = f" greater than {above}" if above > -math.inf else ""
        bounds = f" of {least} or more" if least > -math.inf else bounds
        bounds = f" from {least} to {most:,}" if most < math.inf else bounds
        raise ValueError(
            f"`{name}` must be a finite number{bounds}. Received: {name}={plain(value)}. "
            "Choose 1 or 2, for example."
        )
    return number


def choice(value: Any, name: str, options: Collection[str]) -> str:
    """Return `value` if it is one of the options."""
    if not isinstance(value, str) or value not in options:
        *most, last = map(repr, options)
        raise ValueError(
            f"`{name}` must be {', '.join(most)} or {last}. "
            f"Received: {name}={plain(value)}. Choose one of them."
        )
    return value


def one_each(values: Sized, name: str, number: int, each: str) -> None:
    """Check that there are as many values as there are of what each belongs to."""
    if len(values) != number:
        raise ValueError(
            f"`{name}` must have one entry for each {each}. "
            f"Received: {len(values)} for {number}. Give {number}."
        )


def function(value: Any, name: str) -> None:
    """Check that `value` can be called."""
    if not callable(value):
        raise ValueError(
            f"`{name}` must be a function of one array. Received: {name}={plain(value)}. "
            "Take one from `ACTIVATIONS` or `GATES` in `attention_lib.steps`."
        )


def array(value: Any, name: str, *axes: str) -> np.ndarray:
    """Return `value` as a floating-point array if it has the named axes, none of them empty."""
    wanted = f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
    try:
        found = np.asarray(value)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"`{name}` must be an array of shape {wanted}. Received: {type(value).__name__} that "
            f"NumPy cannot make into one ({error}). Give rows of equal length."
        ) from error
    if found.ndim != len(axes) or 0 in found.shape:
        batched = found.ndim == len(axes) + 1
        raise ValueError(
            f"`{name}` must have the shape {wanted}, no axis empty. "
            f"Received: {name} of shape {found.shape}. "
            + (f"Take one out of the batch: {name}[0]." if batched else "Reshape or fill it.")
        )
    if found.dtype.kind not in "fiub":
        raise ValueError(
            f"`{name}` must hold real numbers. Received: {name} of dtype {found.dtype}. "
            "Convert it with `.astype('float32')`."
        )
    return found if found.dtype.kind == "f" else found.astype(np.float64)


def feature_map(value: Any) -> np.ndarray:
    """Return `value` as a floating-point array if it is a feature map, (H, W, C)."""
    return array(value, "feature_map", "height", "width", "channels")


def shape(found: np.ndarray, name: str, wanted: Iterable[int], must: str) -> np.ndarray:
    """Return `found` if it has the shape `wanted`; `must` says in words which that is."""
    if found.shape != (wanted := tuple(wanted)):
        raise ValueError(
            f"`{name}` must {must}. Received: {name} of shape {found.shape}. "
            f"Give it the shape {wanted}."
        )
    return found


def vector(value: Any, name: str, length: int, each: str = "channel") -> np.ndarray:
    """Return `value` as a floating-point array if it holds one number for each channel or unit."""
    return shape(array(value, name, f"{each}s"), name, (length,), f"hold one number per {each}")
