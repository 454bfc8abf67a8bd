"""Checks shared by the steps. A ValueError says what must hold, what came and what to do."""

import math
from numbers import Integral, Real

import numpy as np


def count(value, name: str, *, least: int = 1) -> int:
    """Return `value` as an int if it is a whole number, not below `least`."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(
            f"`{name}` must be a whole number of {least} or more. Received: {name}={value!r}. "
            f"Give an integer such as {least}, 4 or 16."
        )
    return int(value)


def quotient(whole: int, name: str, value, divisor: str) -> int:
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


def odd(value, name: str) -> int:
    """Return `value` as an int if it is an odd whole number of 1 or more."""
    size = count(value, name)
    if size % 2 == 0:
        raise ValueError(
            f"`{name}` must be odd, so that every channel has as many neighbours on either side. "
            f"Received: {name}={size}. Choose {size - 1} or {size + 1}."
        )
    return size


def finite(value, name: str, *, least: float = -math.inf, above: float = -math.inf) -> float:
    """Return `value` as a float if it is a finite real number within its bound."""
    bound = f" greater than {above}" if above > -math.inf else ""
    bound = f" of {least} or more" if least > -math.inf else bound
    try:
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool) else None
    except OverflowError:
        number = None
    if number is None or not math.isfinite(number) or number < least or number <= above:
        raise ValueError(
            f"`{name}` must be a finite number{bound}. Received: {name}={value!r}. "
            "Choose 1 or 2, for example."
        )
    return number


def choice(value, name: str, options: tuple[str, ...]) -> str:
    """Return `value` if it is one of the options."""
    if value not in [*options]:  # a list, as a set cannot look up what has no hash
        raise ValueError(
            f"`{name}` must be {', '.join(map(repr, options[:-1]))} or {options[-1]!r}. "
            f"Received: {name}={value!r}. Choose one of them."
        )
    return value


def function(value, name: str) -> None:
    """Check that `value` can be called."""
    if not callable(value):
        raise ValueError(
            f"`{name}` must be a function of one array. Received: {name}={value!r}. "
            "Take one from `ACTIVATIONS` or `GATES` in `attention_lib.steps`."
        )


def array(value, name: str, *axes: str) -> np.ndarray:
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


def vector(value, name: str, length: int, each: str = "channel") -> np.ndarray:
    """Return `value` as a floating-point array if it holds one number for each channel or unit."""
    found = array(value, name, f"{each}s")
    if found.size != length:
        raise ValueError(
            f"`{name}` must hold one number per {each}. Received: {name} of shape {found.shape} "
            f"for {length} {each}s. Give it the shape ({length},)."
        )
    return found
