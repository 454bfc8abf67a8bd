"""Build the site: execute the notebooks, record the panels, and let Sphinx make the pages.

The site is made from the library, the notebooks and this folder; `made_from.txt` in it says which.
"""

import hashlib
import os
import shutil
import tomllib
import warnings
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from sphinx.cmd.build import build_main

from attention_lib.course import progress
from attention_lib.course.predict._ask import Card
from pages import hero, start
from pages.execute import ROOT, execute
from pages.hosts import card_host, panel_host, story_host
from pages.in_kernel import MIME
from pages.prepare import prepare
from pages.words import WORDS, speaker

HERE = Path(__file__).parent
NOTEBOOKS = ROOT / "notebooks"
SOURCES = ("attention_lib", "notebooks", "pages", "pictures", "constraints.txt", "pyproject.toml")
LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints", progress.FILE}  # no sources
AT_ONCE = 2


def fingerprint() -> str:
    """What the site is made from, in one line."""
    digest = hashlib.sha256()
    for path in sorted(file for source in SOURCES for file in _files(ROOT / source)):
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def problem(site: Path) -> str:
    """A sentence if the site is not there, or older than its sources; else ""."""
    made_from = site / "made_from.txt"
    if not made_from.exists():
        return f"There must be a site in {site}. Run `make pages`."
    if made_from.read_text("utf-8").strip() != fingerprint():
        return f"The site in {site} is older than its sources. Run `make pages`."
    return ""


def build(out: Path, only: Iterable[str] | None = None, states: int | None = None) -> None:
    """Write the site into `out/site`.

    Args:
        out: a folder; what is in its `source` and `site` is replaced.
        only: the notebooks to build; all if none are named.
        states: of each grid of a panel, at most, while somebody works on the site or tests it.

    Raises:
        SystemExit: with a sentence, if there is no such notebook, or a cell of one fails.
    """
    _require_known(only)
    made_from = fingerprint()
    site = out / "site"
    shutil.rmtree(site, ignore_errors=True)
    (site / "panels").mkdir(parents=True)
    editions = {language: paths for language in WORDS if (paths := notebooks(only, language))}
    paths = [path for edition in editions.values() for path in edition]
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        executed = dict(zip(paths, pool.map(execute, paths), strict=True))
        lines, walked = _opened(executed.values())
        record = partial(_record, folder=site / "panels", states=states)
        recorded = pool.map(record, lines, lines.values(), [walked[name] for name in lines])
        hosts = dict(zip(lines, recorded, strict=True))  # by panel, language and line
    for language, paths in editions.items():
        others = [path.name for each in editions.values() if each is not paths for path in each]
        pages = {path: executed[path] for path in paths}
        _write_edition(language, pages, hosts, set(others), out)
        for path in paths:
            shutil.copy(path, _site_of(language, out))
        shutil.copy(_notebooks_in(language) / "cheat_sheet.html", _site_of(language, out))
    (site / ".nojekyll").touch()
    (site / "made_from.txt").write_text(made_from + "\n")


def _write_edition(
    language: str,
    executed: dict[Path, nbformat.NotebookNode],
    hosts: dict[str, dict[str, dict[str, str]]],
    others: set[str],
    out: Path,
) -> None:
    """Write the pages of one language; all languages share the panels."""
    source, static = (out / f"{kind}-{language}" for kind in ("source", "static"))
    site, folder = _site_of(language, out), "" if language == "en" else f"{language}/"
    up = "../" * folder.count("/")
    owner, name = repository().split("/")
    home = f"https://{owner}.github.io/{name}/"
    hosts = {
        name: {
            line: text.replace("panels/", f"{up}panels/") for line, text in each[language].items()
        }
        for name, each in hosts.items()
    }
    shutil.rmtree(source, ignore_errors=True)
    (source / "pictures").mkdir(parents=True)
    live = f"https://mybinder.org/v2/gh/{repository()}/HEAD?urlpath="
    host = partial(_host, hosts, WORDS[language])
    for path, notebook in executed.items():
        name, both = path.relative_to(NOTEBOOKS).as_posix(), path.name in others
        prepare(notebook, name, source / "pictures", live, host, language, both)
        nbformat.write(notebook, source / path.name)
    pages = {path.name: notebook for path, notebook in executed.items()}
    start.write(source, pages, hosts, live, repository(), language, bool(others))
    _write_scripts(static, up, WORDS[language]["more"])
    shutil.copy(ROOT / "pictures" / WORDS[language]["picture"], static / "shared.png")
    _run_sphinx(source, site, static, WORDS[language], f"{home}{folder}")
    shutil.rmtree(site.parent / "jupyter_execute", ignore_errors=True)
    shutil.copytree(source / "pictures", site / "pictures", dirs_exist_ok=True)
    _lighten(site, WORDS[language]["theme"])


def _require_known(only: Iterable[str] | None) -> None:
    known = {path.stem for language in WORDS for path in notebooks(None, language)}
    unknown = sorted(set(only or ()) - known)
    if unknown:
        raise SystemExit(
            f"Every notebook must be one of the series. Received: {', '.join(unknown)}. "
            f"Choose from {', '.join(sorted(known))}."
        )


def _site_of(language: str, out: Path) -> Path:
    return out / "site" if language == "en" else out / "site" / language


def notebooks(only: Iterable[str] | None = None, language: str = "en") -> list[Path]:
    """The notebooks of the site in a language, in order; none if there are none."""
    folder = _notebooks_in(language)
    paths = sorted(folder.glob("*.ipynb")) + sorted(folder.glob("apps/kernel_size_lab.ipynb"))
    return [path for path in paths if not only or path.stem in only]


def _notebooks_in(language: str) -> Path:
    return NOTEBOOKS if language == "en" else NOTEBOOKS / language


def repository() -> str:
    """OWNER/NAME of this repository on GitHub, for links: where CI runs, or as the project says."""
    if told := os.environ.get("GITHUB_REPOSITORY"):
        return told
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project["urls"]["Repository"].removeprefix("https://github.com/")


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    found = [path for path in source.rglob("*") if path.is_file()]
    return [path for path in found if not LEFT_BEHIND & set(path.parts)]


def _opened(
    executed: Iterable[nbformat.NotebookNode],
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The lines at which pages open panels, and those that walks come by, by the panels' names."""
    lines: defaultdict[str, list[str]] = defaultdict(list, hero=[""], narrow_hero=[""])
    walked: defaultdict[str, list[str]] = defaultdict(list)
    for notebook in executed:
        for cell in notebook.cells:
            for output in cell.get("outputs", ()):
                note = output.get("data", {}).get(MIME, {})
                steps = [line for line, _ in note.get("story", ())]
                found = [note["panel"]] if "panel" in note else [line.split()[0] for line in steps]
                for line in found:
                    lines[line.split()[0]].append(line)
                for line in steps:
                    walked[line.split()[0]].append(line)
    return {name: list(dict.fromkeys(found)) for name, found in lines.items()}, walked


def _record(
    name: str, lines: list[str], walked: list[str], folder: Path, states: int | None
) -> dict[str, dict[str, str]]:
    """Record one panel, in a process of its own.

    Returns:
        The HTML of its hosts, by language and line.
    """
    from attention_lib import panels
    from attention_lib.course import museum
    from pages.record import Recording, grids_of

    del museum  # imported so that its panel can be opened
    heroes = {"hero": (hero.hero, hero.GRIDS), "narrow_hero": (hero.narrow_hero, hero.GRIDS_NARROW)}
    if name in heroes:
        show, grids = heroes[name]
        recording = Recording(show(), grids, lines)
    else:
        recording = Recording(panels.open_panel(name), grids_of(name), lines, walked, states)
    recording.write(folder)
    return {
        language: {line: panel_host(recording, line, speaker(language)) for line in lines}
        for language in WORDS
    }


def _host(hosts: dict[str, dict[str, str]], said: dict[str, str], note: dict[str, Any]) -> str:
    """The HTML for a note of `in_kernel`."""
    if "panel" in note:
        line = note["panel"]
        return hosts[line.split()[0]][line]
    if "card" in note:
        return card_host(note["card"])
    names = list(dict.fromkeys(line.split()[0] for line, _ in note["story"]))
    return story_host(note["story"], [hosts[name][name] for name in names], said)


def _write_scripts(folder: Path, up: str, words: dict[str, str]) -> None:
    """The card's script and style, as they are in the library, for a page without modules; and the
    site's own, `up` from which the panels are, with other words for its English ones."""
    cards = ROOT / "attention_lib" / "course" / "predict"
    folder.mkdir(parents=True, exist_ok=True)
    script = (cards / "card.js").read_text("utf-8").replace("export default", "return")
    session = (
        "const initialize = () => {};\n"
        "const watchSession = (model) => "
        "({ send: ({ commit }) => model.commit(commit), stop() {} });\n"
    )
    (folder / "card.js").write_text(f"attention.card = (() => {{\n{session}{script}}})();\n")
    (folder / "card.css").write_text(Card._css)
    for path in (HERE / "static").iterdir():
        shutil.copy(path, folder)
    script = (HERE / "static" / "host.js").read_text("utf-8")
    for text, other in {"../panels/": f"../{up}panels/", **words}.items():
        script = script.replace(f'"{text}"', f'"{other}"')
    (folder / "host.js").write_text(script, "utf-8")
    start.write_icon(folder / "icon.png")


def _lighten(site: Path, words: dict[str, str]) -> None:
    """Leave out what no page needs: 1.8 MB of icons (pages.css has the ten in use), and maps; the
    theme's word "auto", for which it has no colours where scripts are off; and a name that hides
    what stands on a fold. Other words take the place of those that the theme has in English."""
    unwanted = {' data-theme="auto"': "", ' aria-label="Toggle hidden content"': ""}
    (site / "_static" / "scripts" / "fontawesome.js").write_text("")
    shutil.rmtree(site / "_static" / "vendor" / "fontawesome")
    for path in (site / "_static").rglob("*.map"):
        path.unlink()
    search = site / "_static" / "searchtools.js"  # shows what is found: no words of the header
    text = search.read_text("utf-8").replace("'[role=\"main\"]'", "'.bd-article'")
    search.write_text(text, "utf-8")
    shutil.rmtree(site / "_static" / "locales", ignore_errors=True)
    shutil.rmtree(site / "_sources", ignore_errors=True)
    for path in site.glob("*.html"):
        text = path.read_text("utf-8")
        for word, other in {**unwanted, **words}.items():
            text = text.replace(word, other)
        path.write_text(text, "utf-8")


def _run_sphinx(source: Path, site: Path, static: Path, said: dict[str, str], address: str) -> None:
    settings = {
        "html_static_path": static,
        "html_favicon": static / "icon.png",
        "html_title": said["title"],
        "html_baseurl": address,
        "html_context.address": address,
        "html_context.about": said["about"],
        "language": said["language"],
        "nb_code_prompt_show": said["show"],
        "nb_code_prompt_hide": said["hide"],
    }
    arguments = [f"-D{name}={value}" for name, value in settings.items()]
    doctrees = f"{source}-doctrees"
    arguments += ["-E", "-q", "-b", "html", "-d", doctrees, "-c", str(HERE), str(source), str(site)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Sphinx's own parts say to each other, of Sphinx 11
        failed = build_main(arguments)
    if failed:
        raise SystemExit("Sphinx could not make the pages; what it said stands above.")
