"""A panel's answers: what was asked, what became of it, and the picture, tile by tile."""

import io

import numpy as np
import pytest
from PIL import Image

from attention_lib import panels
from attention_lib.panels.kit.presets import EVERY, Grid
from pages.record import Recording, grids_of
from pages.tiles import ACROSS, SHEET, SIDE, Tiles
from tests.panels.every import every_panel


@every_panel
def test_every_panel_declares_grids_of_controls_that_it_has(name):
    panel = panels.open_panel(name)

    grids = grids_of(name)

    assert grids[0].start == ""  # the panel as it opens
    for grid in grids:
        assert grid.crossed.keys() | grid.alone.keys() <= panel.controls.keys()
        panel.restore(grid.start or name)


def test_controls_are_crossed_or_moved_alone():
    grid = Grid({"gamma": (1, 2), "b": (0, 1)}, {"channels": (64, 128)})

    recording = Recording(panels.show_kernel_size(), [grid])

    lines = {answer.line for answer in recording.answers.values()}
    assert lines == {
        *(f"kernel_size C=512 gamma={gamma} b={b} channel=3" for gamma in (1, 2) for b in (0, 1)),
        *(f"kernel_size C={count} gamma=2 b=1 channel=3" for count in (64, 128)),
    }


def test_what_follows_a_move_is_the_panels_own_word():
    recording = Recording(panels.show_kernel_size(), [Grid({}, {"channels": (2,)})])

    answer = recording.answers["kernel_size C=2 gamma=2 b=1 channel=3"]

    assert answer.line == "kernel_size C=2 gamma=2 b=1 channel=1"


def test_what_cannot_be_has_no_answer():
    recording = Recording(panels.show_kernel_size(), [Grid({}, {"gamma": (-1, 1)})])

    assert [answer.line.split()[2] for answer in recording.answers.values()] == [
        "gamma=2",
        "gamma=1",
    ]


def test_every_option_of_a_list_is_asked_for():
    recording = Recording(panels.show_cost(), [Grid({"mechanism": EVERY})])

    found = {answer.line.split()[2] for answer in recording.answers.values()}
    assert found == {"mechanism=SE", "mechanism=ECA", "mechanism=CBAM"}


def test_a_level_of_gates_is_a_move_of_each_fader():
    recording = Recording(panels.show_scale(channels=2, channel=0), [Grid({}, {"gates": (0.0,)})])

    opening, first, second = recording.answers.values()
    assert first.faders == [0.0, opening.faders[1]]
    assert second.faders == [opening.faders[0], 0.0]


def test_a_button_is_known_by_what_it_sets():
    grid = Grid({}, presses=("SE's own", "closed"))

    recording = Recording(panels.show_scale(), [grid])

    assert recording.presses["SE's own"] == {"gates": "rule"}
    assert set(recording.presses["closed"]["gates"].split(",")) == {"0.0"}


def test_the_states_that_a_page_opens_are_asked_for_too():
    line = "kernel_size C=64"

    recording = Recording(panels.show_kernel_size(), [Grid({}, {"b": (0,)})], [line])

    answer = recording.answers[recording.lines[line]]
    assert answer.line == "kernel_size C=64 gamma=2 b=1 channel=3"
    assert "kernel_size C=64 gamma=2 b=0 channel=3" in recording.answers


@pytest.mark.parametrize(("look", "density"), [("light", 1), ("dark", 2)])
def test_tiles_put_together_are_the_panels_own_pixels(tmp_path, look, density):
    recording = Recording(panels.show_kernel_size(), [Grid({}, {"b": (0, 3)})])

    tiles = recording.pictures(look, density)
    tiles.write(tmp_path)

    wanted = panels.open_panel("kernel_size b=3").figure
    wanted.appear(density, 1, look == "dark")
    assert np.array_equal(put_together(tiles, tmp_path, len(tiles.rows) - 1), wanted.pixels)


def put_together(tiles, folder, number):
    """A picture from its tiles, as the page does it."""
    width, height = tiles.size
    index = np.frombuffer(tiles.index(), "<i4").reshape(-1, len(tiles.rows)).cumsum(axis=1)
    sheets = [
        np.asarray(Image.open(io.BytesIO((folder / f"{sheet}.webp").read_bytes())).convert("RGB"))
        for sheet in range(tiles.sheets_for[number])
    ]
    across = -(-width // SIDE)
    page = np.zeros((height + SIDE, width + SIDE, 3), np.uint8)
    for place, tile in enumerate(index[:, number]):
        row, column = divmod(int(tile) % SHEET, ACROSS)
        down, right = (SIDE * part for part in divmod(place, across))
        page[down : down + SIDE, right : right + SIDE] = sheets[tile // SHEET][
            SIDE * row : SIDE * (row + 1), SIDE * column : SIDE * (column + 1)
        ]
    return page[:height, :width]


def test_a_tile_that_was_met_before_is_kept_once():
    picture = np.zeros((2 * SIDE, 3 * SIDE, 3), np.uint8)
    other = picture.copy()
    other[0, 0] = 255
    tiles = Tiles()

    tiles.add(picture)
    tiles.add(other)

    assert [sorted(set(row)) for row in tiles.rows] == [[0], [0, 1]]


def test_pictures_of_two_sizes_are_refused():
    tiles = Tiles()
    tiles.add(np.zeros((SIDE, SIDE, 3), np.uint8))

    with pytest.raises(ValueError, match="must be of one size"):
        tiles.add(np.zeros((SIDE, 2 * SIDE, 3), np.uint8))
