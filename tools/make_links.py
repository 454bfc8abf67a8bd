"""Write where the repository is on GitHub into every link: `make links REPOSITORY=owner/name`.

`pyproject.toml` holds the place; every other link is made from it.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
FORMS = (
    "github.com/{owner}/{name}",
    "/gh/{owner}/{name}",
    "github.com%2F{owner}%2F{name}",
    "tree%2F{name}",
    "{owner}.github.io/{name}",
)


def place(root: Path = ROOT) -> tuple[str, str]:
    """Owner and name, as `pyproject.toml` has them."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    owner, name = project["urls"]["Repository"].removeprefix("https://github.com/").split("/")
    return owner, name


def write(repository: str, root: Path = ROOT) -> list[str]:
    """Write a place into every link of the files that git tracks, and name those that changed.

    Raises:
        ValueError: if it is no place on GitHub.
    """
    if not re.fullmatch(r"[\w-]+/[\w.-]+", repository):
        raise ValueError(
            f"REPOSITORY must be an owner and a name. Received: {repository!r}. "
            "Write make links REPOSITORY=owner/name."
        )
    before = dict(zip(("owner", "name"), place(root), strict=True))
    after = dict(zip(("owner", "name"), repository.split("/"), strict=True))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    changed = []
    for file in listed.stdout.decode().split("\0")[:-1]:
        path = root / file
        if not path.is_file() or path.suffix in (".png", ".jpg", ".npz"):
            continue
        text = new = path.read_bytes().decode("utf-8")
        for form in FORMS:
            old = re.escape(form.format(**before))
            new = re.sub(rf"{old}(?![\w-])", form.format(**after).replace("\\", r"\\"), new)
        if new != text:
            path.write_bytes(new.encode())
            changed.append(file)
    return changed


if __name__ == "__main__":
    try:
        print("\n".join(write(*sys.argv[1:2] or [""])) or "Every link is so already.")
    except ValueError as error:
        sys.exit(str(error))
