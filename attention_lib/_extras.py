"""A sentence for a package that is not there, as only some parts of the library need it."""

from importlib.util import find_spec


def need(extra: str, *packages: str) -> None:
    """Check that packages can be imported, without importing any.

    Args:
        extra: of `pyproject.toml`, which brings them.
        packages: the names by which they are imported.

    Raises:
        ModuleNotFoundError: if one cannot, with what to install.
    """
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise missing_package(missing[0], extra)


def missing_package(package: str, extra: str) -> ModuleNotFoundError:
    """The error for a package that is not there."""
    return ModuleNotFoundError(
        f"This part of attention_lib needs the package {package!r}, which is not installed. "
        f'Install the library with its extra "{extra}": pip install ".[{extra}]" in a clone, '
        "or as README says.",
        name=package,
    )
