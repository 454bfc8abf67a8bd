# make lab    JupyterLab, opened at the start notebook
# make test   every check, the browser's too
# make check  in a minute: no browser, no TensorFlow, and of panels a part of their states
# make pages  the series as a site that needs no kernel
#
# Each makes what it needs first: an environment in .venv with the pinned packages.

# The first of these that runs and is new enough makes .venv. Say `make lab PYTHON=...` to choose.
PYTHON ?= python3.12 $(wildcard $(HOME)/.pyenv/versions/3.12.*/bin/python3.12) \
          python3.13 python3.11 python3 python

# `make test PINS=/dev/null` takes the newest releases instead.
PINS ?= constraints.txt

# `make lab START=notebooks/zh/00_start_here.ipynb` opens the Chinese edition.
START = notebooks/00_start_here.ipynb

fits = import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# The kernel's messages do not wait for each other: attention_lib/course/websocket.py says why.
prompt = --ServerApp.kernel_websocket_connection_class=attention_lib.course.websocket.PromptWebsocket
in_parallel = --numprocesses 2 --dist loadfile
as_root = $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: lab check test pages hub format links pictures glossary cheat-sheet slides instructor zh words font pins clean
.DELETE_ON_ERROR:

lab: .venv/lab
	.venv/bin/jupyter lab --ip=127.0.0.1 $(as_root) $(prompt) $(START)

check: .venv/test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/python -m pytest --quick --quiet $(in_parallel)

test: .venv/test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/python -m tests.browser.find_browser --install
	.venv/bin/python -m pytest $(in_parallel)

pages: .venv/pages  ## the site, in build/pages/site: open index.html there, or publish the folder
	.venv/bin/python -m pages

hub: .venv/test  ## README's links for teachers, on a JupyterHub with three learners; needs npm
	.venv/bin/python -m venv build/hub/venv
	PIP_CONSTRAINT=$(PINS) build/hub/venv/bin/python -m pip install --quiet \
	  --disable-pip-version-check -c $(PINS) '.[lab]' nbgitpuller jupyterhub
	npm install --prefix build/hub/npm --no-audit --no-fund --silent configurable-http-proxy
	.venv/bin/python -m tests.browser.find_browser --install
	.venv/bin/python -m tools.try_hub

format: .venv/test  ## lint, format, and strip the notebooks' outputs
	.venv/bin/jupyter nbconvert --clear-output --inplace notebooks/*.ipynb
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

links: | .venv/bin/python  ## make links REPOSITORY=owner/name: where this copy is on GitHub
	.venv/bin/python tools/make_links.py "$(REPOSITORY)"

pictures: .venv/lab  ## README's, from the panels as they are
	.venv/bin/python tools/make_pictures.py
	ATTENTION_LIB_LANGUAGE=zh .venv/bin/python tools/make_pictures.py

glossary: | .venv/bin/python  ## the word lists and their page, from tools/glossary.csv
	.venv/bin/python tools/make_glossary.py

cheat-sheet: | .venv/bin/python  ## the page to keep, its numbers computed
	.venv/bin/python tools/make_cheat_sheet.py

slides: .venv/lab  ## of every notebook, a page each
	.venv/bin/python tools/make_slides.py

instructor: | .venv/bin/python  ## the notebooks with solutions open and teaching notes
	.venv/bin/python tools/make_instructor.py

zh: | .venv/bin/python  ## notebooks/zh, from notebooks and tools/zh
	.venv/bin/python -m tools.make_zh

words: .venv/test  ## the Chinese catalogue of what the library says, with every text of today
	.venv/bin/python -m tools.words

font: .venv/test  ## of pictures in Chinese, from Debian's fonts-noto-cjk
	.venv/bin/python -m tools.make_font

pins: .pins/bin/uv  ## the newest releases that fit all of Python 3.11 to 3.13, one of each
	.pins/bin/uv pip compile pyproject.toml --output-file constraints.txt \
	  --upgrade --universal --python-version 3.11 --fork-strategy fewest --all-extras \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links

clean:
	rm -rf .venv .pins .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info build instructor slides

.venv/lab: extras = lab
.venv/test: extras = lab,pages,test
.venv/pages: extras = lab,pages

# As PIP_CONSTRAINT the pins also hold for setuptools while it builds the package.
.venv/lab .venv/pages .venv/test: pyproject.toml constraints.txt | .venv/bin/python
	PIP_CONSTRAINT=$(PINS) PIP_BUILD_CONSTRAINT=$(PINS) \
	  .venv/bin/python -m pip install --disable-pip-version-check \
	  -c $(PINS) -e '.[$(extras)]'
	@touch $@

.venv/bin/python:
	@for python in $(PYTHON); do \
	  if "$$python" -c '$(fits)' 2>/dev/null; then exec "$$python" -m venv .venv; fi; \
	done; \
	echo "No Python 3.11, 3.12 or 3.13 with venv was found. Install one (on Debian and Ubuntu:" \
	  "python3-venv too), or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; \
	exit 1

.pins/bin/uv: | .venv/bin/python
	.venv/bin/python -m venv .pins
	.pins/bin/python -m pip install --disable-pip-version-check uv
