"""Cut the photographs in attention_lib/data out of the images that two packages ship.

scikit-image and SciPy are no dependencies of this project. Nothing of them is imported; the script
reads the files inside their wheels, so fetch these and pass them:

    python -m pip download --no-deps --only-binary :all: --python-version 3.11 \\
        scikit-image==0.26.0 scipy==1.9.3
    python tools/make_photos.py scikit_image-*.whl scipy-*.whl

Each photograph is a square crop, resampled to 224 x 224 and saved as JPEG. Where they come from and
under which licence stands in attention_lib/data/SOURCES.md.
"""

import bz2
import io
import sys
import zipfile
from pathlib import Path

from PIL import Image

DATA = Path(__file__).parent.parent / "attention_lib" / "data"
SIDE = 224

# name: (file in the wheel, left, top, side of the square crop)
CROPS = {
    "cat": ("skimage/data/chelsea.png", 80, 0, 300),
    "brick": ("skimage/data/brick.png", 80, 80, 350),
    "leaves": ("scipy/misc/face.dat", 744, 420, 280),
    "rocket": ("skimage/data/rocket.jpg", 155, 87, 340),
    "grass": ("skimage/data/grass.png", 0, 0, 256),
    "coffee": ("skimage/data/coffee.png", 120, 0, 400),
}


def read_image(content: bytes, path: str) -> Image.Image:
    if path == "scipy/misc/face.dat":  # raw pixels, compressed
        return Image.frombytes("RGB", (1024, 768), bz2.decompress(content))
    return Image.open(io.BytesIO(content))


def main(wheels: list[str]) -> None:
    contents = {}
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            wanted = {path for path, *_ in CROPS.values()} & set(archive.namelist())
            contents |= {path: archive.read(path) for path in wanted}

    for name, (path, left, top, side) in CROPS.items():
        image = read_image(contents[path], path).crop((left, top, left + side, top + side))
        target = DATA / f"{name}.jpg"
        # A grey image is kept grey, so that its three colours are exactly equal when read back.
        image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(target, quality=92, optimize=True)
        print(f"{target.name}: {target.stat().st_size / 1024:.1f} KB")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1:])
