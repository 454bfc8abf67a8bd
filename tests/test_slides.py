"""Slides are made of what a notebook has: its questions, its pictures and its bold lines."""

import nbformat
from ipywidgets import Button

from attention_lib.figures import output
from tools.make_slides import PAGE, slides

PIXEL = "iVBORw0KGgo="


def text(source):
    return nbformat.v4.new_markdown_cell(source)


def code(source, **data):
    shown = nbformat.v4.new_output(
        "display_data", {k.replace("_", "/"): v for k, v in data.items()}
    )
    return nbformat.v4.new_code_cell(source, outputs=[shown])


def made(*cells):
    title = text("# 1 · Squeeze\n\n**How many?**\n\nAfter this you can")
    return list(slides(nbformat.v4.new_notebook(cells=[title, *cells])))


def test_a_section_is_its_question_its_pictures_and_its_line():
    title, question, picture, line = made(
        text("## What is left?\n\nHere is a cat."),
        code("predict.numbers_left()", text_plain="How many *numbers*?\n  - 1\n  - 16"),
        code("plots.plot_maps(x < 2);\nx.shape", image_png=PIXEL, text_plain='a "cat"'),
        text("<details>\n\n16.\n\n**One for each channel.**\n\n</details>"),
    )
    assert "1 · Squeeze" in title
    assert "How many?" in title
    assert "<h1>What is left?</h1>" in question
    assert "How many <em>numbers</em>?" in question
    assert "<li>16</li>" in question
    assert 'alt="a &quot;cat&quot;"' in picture
    assert "<code>plots.plot_maps(x &lt; 2)</code>" in picture
    assert "<strong>One for each channel.</strong>" in line


def test_a_card_is_its_question_and_not_the_line_for_its_widget():
    shown = output.outputs(Button(), "How many?", "<p>How many?</p>")
    card = code("predict.numbers_left()")
    card.outputs = [nbformat.v4.new_output("display_data", data) for data in shown]
    (slide,) = made(text("## What is left?"), card, text("## Your turn"))[1:]
    assert "How many?" in slide
    assert output.HOW not in slide


def test_a_panel_has_below_it_the_whole_statement_that_opens_it_so():
    call = "panels.show_excitation(\n    photo='cat', channels=96\n)"
    (slide,) = made(code(call, image_png=PIXEL, text_plain="gates"))[1:]
    assert "<code>panels.show_excitation(photo=&#x27;cat&#x27;, channels=96)</code>" in slide


def test_a_section_of_text_alone_is_no_slide_and_exercises_are_none():
    assert len(made(text("## Is everything here?\n\nRun this."))) == 1
    assert len(made(text("## Your turn"), text("**Bold.**"))) == 1


def test_a_second_question_has_a_slide_below_the_same_heading():
    first, second = made(
        text("## What is left?"),
        code("predict.a()", text_plain="First?"),
        text("**So.**"),
        code("predict.b()", text_plain="Second?"),
        text("## Your turn"),
    )[1::2]
    assert "<h1>What is left?</h1>" in first
    assert "First?" in first
    assert "<h1>What is left?</h1>" in second
    assert "Second?" in second


def test_a_page_needs_nothing_from_elsewhere():
    page = PAGE.format(title="t", slides="")
    assert "http" not in page
    assert "src=" not in page
