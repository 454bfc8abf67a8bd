"""Make the README's pictures from the real panels: `make pictures`.

The animation walks a photograph through the stages of the hero, then shows what other photographs
do to the gates. Every frame is what the panel draws.
"""

import io
from pathlib import Path

from PIL import Image

from attention_lib import panels
from attention_lib.panels.kit.panel import Panel

PICTURES = Path(__file__).parent.parent / "pictures"
SECOND = 1000


def frame(panel: Panel) -> Image.Image:
    return Image.open(io.BytesIO(panel.figure.png())).convert("RGB")


def walk() -> tuple[list[Image.Image], list[int]]:
    """The hero from the photograph to the scaled maps, and then with other photographs."""
    panel = panels.show_pipeline(stage=1)
    frames = []
    for stage in range(1, 9):
        panel.set(stage=stage)
        frames.append((frame(panel), 1.6 * SECOND))
    for photo, channel in (("brick", 0), ("leaves", 5), ("rocket", 7), ("cat", 4)):
        panel.set(photo=photo, channel=channel)
        frames.append((frame(panel), 2.2 * SECOND))
    pictures, durations = zip(*frames, strict=True)
    return list(pictures), [round(duration) for duration in durations]


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    pictures, durations = walk()
    pictures[0].save(
        PICTURES / "walk.png",  # an animated PNG: all colours, and less than half of a GIF
        save_all=True,
        append_images=pictures[1:],
        duration=durations,
        loop=0,
        optimize=True,
    )
    for name, panel in {
        "excitation": panels.show_excitation(),
        "kernel_size": panels.show_kernel_size(),
    }.items():
        frame(panel).quantize(256, dither=Image.Dither.NONE).save(
            PICTURES / f"{name}.png", optimize=True
        )
    for path in sorted(PICTURES.iterdir()):
        print(f"{path.name:20} {path.stat().st_size / 1024:6.0f} KB")


if __name__ == "__main__":
    main()
