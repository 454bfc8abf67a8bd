"""A check judges what its cell makes now, and not what an earlier run of the cell has left."""

import pytest
from jupyter_client.manager import start_new_kernel

RIGHT = "def my_squeeze(feature_map):\n    return feature_map.mean((0, 1))"
LEFT_OVER = "Not yet. `my_squeeze` is left from an earlier run of its cell."


@pytest.fixture(scope="module")
def run(jupyter_environment):
    """Run a cell of a given id, as an editor does, and return what it prints."""
    manager, client = start_new_kernel(kernel_name="python3", env=jupyter_environment)

    def run_cell(source, cell="a cell"):
        message = client.session.msg(
            "execute_request",
            {"code": source, "store_history": True, "allow_stdin": False, "silent": False},
            metadata={"cellId": cell} if cell else {},
        )
        client.shell_channel.send(message)
        printed = []
        while True:
            said = client.get_iopub_msg(timeout=60)
            if said["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if said["msg_type"] == "stream":
                printed.append(said["content"]["text"])
            if said["content"].get("execution_state") == "idle":
                return "".join(printed)

    run_cell("from attention_lib.course import checks", "imports")
    yield run_cell
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def check(run):
    return run("print(checks.squeeze(my_squeeze))", "the check")


@pytest.mark.parametrize(
    "broken",
    [
        RIGHT.replace("(0, 1)", "(0, 1"),
        RIGHT.replace("    return", "return"),
        RIGHT.replace("my_squeeze", "my_squeze"),
        "@missing\n" + RIGHT,
        "# " + RIGHT.replace("\n", "\n# "),
    ],
    ids=["a bracket", "an indent", "the name", "an error before it", "taken out"],
)
def test_what_an_earlier_run_has_left_is_not_judged(run, broken):
    run(RIGHT, "the exercise")
    assert check(run).startswith("Right.")
    run(broken, "the exercise")
    assert check(run).startswith(LEFT_OVER)
    run(RIGHT, "the exercise")
    assert check(run).startswith("Right.")


def test_what_was_moved_to_another_cell_is_judged(run):
    moved = RIGHT + "  # and moved"
    run(moved, "one")
    run(moved, "another")
    run("1", "one")
    assert check(run).startswith("Right.")
    run("1", "another")
    assert check(run).startswith(LEFT_OVER)


def test_a_class_is_seen_by_its_methods(run):
    made = "class MyECA:\n    def call(self, x):\n        return x"
    run(made, "a class")
    run("from attention_lib.course.checks._cells import left_over")
    assert run("print(left_over(MyECA))") == "\n"
    run(made + ")", "a class")
    assert run("print(left_over(MyECA))").startswith("`MyECA` is left from an earlier run")


def test_where_cells_have_no_id_everything_is_judged(run):
    run(RIGHT, None)
    run("1 +", None)
    assert check(run).startswith("Right.")
