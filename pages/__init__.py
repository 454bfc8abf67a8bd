"""How the pages without a kernel are made: `python -m pages` writes the site.

The notebooks are executed, the panels that they show are driven over their grids and their pictures
kept, the cards' replies asked for; Sphinx makes the pages, and `static/host.js` answers on them.
"""
