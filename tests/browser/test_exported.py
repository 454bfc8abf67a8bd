"""What nbconvert makes of a notebook that was executed without a page: whole, and each once."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter, LatexExporter, SlidesExporter

from tests.browser.test_ways import CELLS, HOW

OWN = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
TABLE = "from attention_lib.course import progress_table, story\nprogress_table.show_progress()"
WALK = "story.show_story('width')"
PICTURES = 7  # four panels, one of them twice, a chart, a figure of one's own, a walk
STILLS = 7  # four panels, a sketch, a table, a walk
# Of what is shown: pictures, those without words, lines that say how to make it live.
LOOK = """() => {
  const all = selector => [...document.querySelectorAll(selector)]
    .filter(element => element.checkVisibility({ visibilityProperty: true }));
  const pictures = all('.jp-OutputArea-output img');
  return [
    pictures.length, pictures.filter(picture => !picture.alt).length,
    all('.attention-still')
      .filter(still => getComputedStyle(still, '::after').content.includes('make it live')).length,
    document.body.innerText,
  ];
}"""


@pytest.fixture(scope="module")
def executed(jupyter_environment, tmp_path_factory):
    """The notebook, as nbclient executes it."""
    sources = (*CELLS, OWN, TABLE, WALK)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    folder = tmp_path_factory.mktemp("executed")
    client = NotebookClient(notebook, resources={"metadata": {"path": str(folder)}})
    return client.execute(env=jupyter_environment)


@pytest.mark.parametrize("exporter", [HTMLExporter, SlidesExporter])
def test_a_page_shows_every_picture_question_and_table_once(executed, exporter, browser, tmp_path):
    body, _ = exporter().from_notebook_node(executed)
    path = tmp_path / "page.html"
    path.write_text(body, "utf-8")
    page = browser.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto(path.as_uri())
    page.emulate_media(media="print" if exporter is SlidesExporter else "screen")
    page.wait_for_timeout(1000)  # the pictures wait for widgets that do not come
    pictures, mute, lines, text = page.evaluate(LOOK)
    page.close()
    assert (pictures, mute, lines) == (PICTURES, 0, STILLS)
    assert text.count("Sketch the four gates") == 1
    assert text.count("Bug museum") == 1
    assert "children=" not in text


def test_latex_has_every_picture_once_and_says_how_to_make_it_live(executed):
    body, resources = LatexExporter().from_notebook_node(executed)
    assert body.count(r"\adjustimage{max") == PICTURES
    assert len([name for name in resources["outputs"] if name.endswith(".png")]) == PICTURES
    assert body.count(HOW) == STILLS
    assert "Sketch the four gates" in body
    assert "Bug museum" in body
    assert "children=" not in body
