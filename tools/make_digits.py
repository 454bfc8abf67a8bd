"""Take the handwritten digits in attention_lib/data out of the copy that scikit-learn ships.

scikit-learn is no dependency of this project: imported, it would cost 100 MB of memory for 45 kB of
digits. The script reads the file inside its wheel, so fetch that and pass it:

    python -m pip download --no-deps --only-binary :all: scikit-learn==1.9.1
    python tools/make_digits.py scikit_learn-*.whl

Where they come from and under which licence stands in attention_lib/data/SOURCES.md.
"""

import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent.parent / "attention_lib" / "data"


def main(wheel: str) -> None:
    with zipfile.ZipFile(wheel) as files:
        table = gzip.decompress(files.read("sklearn/datasets/data/digits.csv.gz"))
    rows = np.loadtxt(io.BytesIO(table), delimiter=",").astype(np.uint8)
    images, labels = rows[:, :-1].reshape(-1, 8, 8), rows[:, -1]
    np.savez_compressed(DATA / "digits.npz", images=images, labels=labels)
    print(f"{len(images)} digits, grey levels 0 to {images.max()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
