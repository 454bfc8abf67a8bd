"""`python -m pages [--out FOLDER] [--only NOTEBOOK ...]` builds the site, `--check` looks at it."""

import argparse
import sys
from pathlib import Path

from pages.build import build, problem
from pages.execute import ROOT


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m pages", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pages")
    parser.add_argument("--only", nargs="*", help="names of notebooks, such as 00_start_here")
    parser.add_argument(
        "--states", type=int, help="of each grid of a panel, at most, for a quick look"
    )
    parser.add_argument("--check", action="store_true", help="say whether the site is up to date")
    asked = parser.parse_args()
    if asked.check:
        sys.exit(problem(asked.out / "site"))
    build(asked.out, asked.only, asked.states)


if __name__ == "__main__":
    main()
