"""The two exhibits that need Keras, under the museum's checks."""

import pytest

from attention_lib.course import museum
from attention_lib.course.museum import CHECKS, keras_exhibits
from tests.layers.tools import saves


@saves
def test_the_right_layer_passes_every_check():
    exhibit = keras_exhibits.EXHIBITS["other key"]
    assert all(exhibit.examine_right(check).passed for check in CHECKS.values())


@saves
def test_only_saving_and_loading_finds_the_key_that_nobody_takes():
    exhibit = keras_exhibits.EXHIBITS["other key"]
    found = museum.matrix({"other key": exhibit})["other key"]
    assert [name for name in found if found[name]] == ["save"]
    words = exhibit.examine(CHECKS["save"]).words
    assert "missing 1 required positional argument: 'channels'" in words


@pytest.mark.parametrize("check", ["shape", "save"])
def test_keras_3_refuses_a_decimal_width(check):
    words = keras_exhibits.EXHIBITS["float width"].examine(CHECKS[check]).words
    assert words.startswith("It cannot be built: ValueError, Received an invalid value for `units`")


def test_the_code_shown_is_the_layers():
    code = keras_exhibits.EXHIBITS["other key"].code
    assert code.startswith("class OtherKey")
    assert '"filters": self.channels' in code
    assert "channels / reduction" in keras_exhibits.EXHIBITS["float width"].code
