"""Train the small network whose weights are attention_lib/data/photo_network.npz.

    python tools/train_photo_network.py

It learns to tell from a crop which of the six shipped photographs it was cut out of. The right
quarter of every photograph is kept back: the accuracy that is printed is on crops of that part.
Half of the crops are grey, so that colour alone does not do. Two or three minutes on one core.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from attention_lib._keras import keras
from attention_lib.examples import photos
from attention_lib.models.pretrained import SIDE, build_photo_network

FILE = Path(__file__).parent.parent / "attention_lib" / "data" / "photo_network.npz"
BORDER = 168  # of 224 columns: training crops end left of it, test crops begin there
SEED = 0


def crops(count: int, low: int, high: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut squares of many sizes out of the columns from `low` to `high`.

    Returns:
        (count, SIDE, SIDE, 3) bytes and (count,) labels.
    """
    rng = np.random.default_rng(seed)
    stored = [(photos.load_photo(name, 224) * 255).round() for name in photos.PHOTOS]
    images = np.empty((count, SIDE, SIDE, 3), np.uint8)
    for i in range(count):
        side = rng.integers(48, high - low + 1)
        top, left = rng.integers(0, 224 - side + 1), rng.integers(low, high - side + 1)
        crop = stored[i % len(stored)][top : top + side, left : left + side]
        if rng.random() < 0.5:
            crop = np.repeat(crop.mean(-1, keepdims=True), 3, axis=-1)
        crop = (crop - 128) * rng.uniform(0.7, 1.2) + 128 + rng.uniform(-25, 25)
        if rng.random() < 0.5:
            crop = crop[:, ::-1]
        picture = Image.fromarray(crop.clip(0, 255).astype(np.uint8))
        images[i] = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return images, np.arange(count) % len(stored)


def main() -> None:
    keras.utils.set_random_seed(SEED)
    model = build_photo_network()
    schedule = keras.optimizers.schedules.CosineDecay(2e-3, 10 * 2400 // 32)
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=1e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(*crops(2400, 0, BORDER, seed=1), batch_size=32, epochs=10, verbose=2)
    images, labels = crops(600, BORDER, 224, seed=2)
    loss, accuracy = model.evaluate(images, labels, verbose=0)
    print(f"on {len(labels)} crops of the part kept back: loss {loss:.3f}, accuracy {accuracy:.3f}")
    weights = {f"weight_{i:02}": w.astype("float16") for i, w in enumerate(model.get_weights())}
    np.savez_compressed(FILE, **weights)
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes, {model.count_params():,} parameters")


if __name__ == "__main__":
    main()
