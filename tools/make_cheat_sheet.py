"""Write the cheat sheet, one page for the screen and for paper, with every number computed.

    python tools/make_cheat_sheet.py

`cheat_sheet.html` beside this file is the page with names in place of numbers, and
`zh/cheat_sheet.html` the Chinese one.
"""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from string import Template

import numpy as np

from attention_lib import costs, steps
from attention_lib.experiments import runs

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
TEMPLATES = Path(__file__).parent
FILES = {"en": "cheat_sheet.html", "zh": "zh/cheat_sheet.html"}
WORDS = {
    "en": {"to": " to ", "more": " and more", "comma": ", "},
    "zh": {"to": " 到 ", "more": " 及以上", "comma": "、"},
}


def _of_se(place: str, row: str, quantity: str = "top-1 error, %") -> str:
    return costs.printed("SE", place, row, quantity)


def _costs() -> dict[str, str]:
    """Parameters of blocks, and of SE in ResNet-50."""
    block = partial(costs.se_cost, reduction=16, use_bias=False)
    network = costs.NETWORKS["ResNet-50"]
    whole = costs.added(network, block)
    without_last = costs.added(network, block, stages=(2, 3, 4))
    share = whole.stages[5].parameters / whole.total.parameters
    mlp, kernel = costs.se_cost(256, 16, use_bias=False).weights, 7 * 7 * 2
    return {
        "se_article": f"{costs.se_cost(24, 4).parameters}",
        "eca_512": f"{costs.eca_cost(512).parameters}",
        "cbam_256": f"{mlp + kernel:,}",
        "se_resnet": f"{whole.total.parameters:,}",
        "se_share": f"{100 * whole.share:.1f}",
        "last_share": f"{100 * share:.1f}",
        "without_last": f"{100 * without_last.share:.1f}",
        "zero": f"{steps.sigmoid(0):g}",
    }


def _kernels(to: str, more: str) -> Iterator[tuple[str, str]]:
    """The channels from and to which a kernel size holds, and the size."""
    for size, group in groupby(range(1, 4097), steps.adaptive_kernel_size):
        channels = list(group)
        last = f"{to}{channels[-1]}" if channels[-1] < 4096 else more
        yield f"{channels[0]}{last}", f"{size}"


def _runs_near_no_attention(comma: str) -> str:
    cued = runs.load_runs("cued")
    low = cued.accuracies("no attention").max() + 0.01
    found = [int(np.sum(cued.accuracies(f"SE, r = {r}") < low)) for r in (2, 4, 8, 16)]
    return comma.join(map(str, found))


def cheat_sheet(language: str = "en") -> str:
    """The page in a language, "en" or "zh"."""
    words = WORDS[language]
    channels, sizes = zip(*_kernels(words["to"], words["more"]), strict=True)
    by_r = [_of_se("Table 10", f"r = {r}") for r in (2, 4, 8, 16)]
    numbers = {
        **_costs(),
        "kernel_ranges": "".join(f"<td>{each}</td>" for each in channels),
        "kernel_sizes": "".join(f"<td>{each}</td>" for each in sizes),
        "none": _of_se("Table 13", "ResNet-50"),
        "behind": _of_se("Table 14", "SE"),
        "before": _of_se("Table 14", "SE-PRE"),
        "skip": _of_se("Table 14", "SE-Identity"),
        "after": _of_se("Table 14", "SE-POST"),
        "r_errors": f"{min(by_r)}{words['to']}{max(by_r)}",
        "r_32": _of_se("Table 10", "r = 32"),
        "inner_m": _of_se("Table 15", "SE after the 3 x 3", "parameters, M"),
        "usual_m": _of_se("Table 15", "SE", "parameters, M"),
        "inner_e": _of_se("Table 15", "SE after the 3 x 3"),
        "dead": _runs_near_no_attention(words["comma"]),
    }
    return Template((TEMPLATES / FILES[language]).read_text("utf-8")).substitute(numbers)


if __name__ == "__main__":
    for language, file in FILES.items():
        (NOTEBOOKS / file).write_text(cheat_sheet(language), "utf-8", newline="\n")
