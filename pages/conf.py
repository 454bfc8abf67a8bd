"""Sphinx: the theme, notebooks that have been executed already, and formulas as MathML."""

from docutils import nodes
from latex2mathml.converter import convert

project = "See channel attention work"
author = "its authors"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
templates_path = ["templates"]
exclude_patterns = ["**.ipynb_checkpoints"]

nb_execution_mode = "off"
nb_merge_streams = True  # what a training prints epoch by epoch
nb_ipywidgets_js = {}  # they would come from elsewhere
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing", "mystnb.unknown_mime_type"]

autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "sphinx_book_theme"
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "primary_sidebar_end": [],  # a place for advertisements
    "secondary_sidebar_items": [],
    "footer_content_items": [],
    "navigation_with_keys": False,
}
html_context = {"default_mode": "auto"}
html_sidebars = {"**": ["navbar-logo.html", "search-button-field.html", "sbt-sidebar-nav.html"]}
html_css_files = ["card.css", "pages.css"]
html_js_files = [
    (name, {"defer": "defer"}) for name in ("host.js", "card.js", "judge.js", "page.js")
]
html_copy_source = False
html_use_index = False
html_domain_indices = False
html_show_sphinx = False
html_show_copyright = False
html_last_updated_fmt = None
html_math_renderer = "mathml"
# Sphinx's search in Chinese wants a program that parts words, and its script stops with an error;
# with the English one a part of a sentence is found in both editions.
html_search_language = "en"


def _inline(translator, node: nodes.math) -> None:
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _block(translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="math">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


def _as_written(_app, _what, _name, _thing, _options, lines: list[str]) -> None:
    """Absolute values in docstrings are no substitutions of reStructuredText; and what Python says
    of a field by itself says nothing."""
    told = [line for line in lines if not line.startswith("Alias for field number")]
    lines[:] = [line.replace("|", r"\|") for line in told]


def _name_folds(_app, _page, _template, context: dict, _tree) -> None:
    """A fold is called what is written on it, such as "Show the code"."""
    body = context.get("body", "")
    context["body"] = body.replace(' aria-label="Toggle hidden content"', "")


def setup(app) -> None:
    """Let formulas be MathML, made now."""
    app.connect("html-page-context", _name_folds)
    app.connect("autodoc-process-docstring", _as_written, priority=900)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
