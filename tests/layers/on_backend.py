"""Run every layer on the backend of the moment, and write what came out.

`KERAS_BACKEND=jax python -m tests.layers.on_backend outputs.npz`
"""

import sys

import numpy as np

from tests.layers.tools import MAKERS, in_format_of, random_maps, randomise, to_numpy, whole_gates


def outputs() -> dict[str, np.ndarray]:
    """What the layers make of the same maps with the same weights."""
    found = {}
    for name, make in MAKERS.items():
        for data_format in ("channels_last", "channels_first"):
            layer = make(data_format=data_format)
            maps = in_format_of(layer, random_maps(3, 5, 6, 8))
            layer.build(maps.shape)
            randomise(layer)
            found[f"{name} {data_format} gates"] = whole_gates(layer.gates(maps))
            found[f"{name} {data_format} outputs"] = to_numpy(layer(maps))
            found[f"{name} {data_format} training"] = to_numpy(layer(maps, training=True))
    return found


if __name__ == "__main__":
    np.savez(sys.argv[1], **outputs())
