# Everything starts here: `make run`, `make test`. What each target and variable does: docs/operate.md.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .uv/$(UV_VERSION)/bin/uv
VENV := .venv/bin
APT := DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends
AS_ROOT := test "$$(id -u)" = 0

export UV_PYTHON_DOWNLOADS := never
# An organisation's own certificate authority stands in the system's store, where there is one.
export UV_SYSTEM_CERTS := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),true,false)

.PHONY: run test check fix bench vendor bundle clean browser pages

run: .venv/.for-running
	@exec $(VENV)/python -m lianxin.cli.main up --demo --with-parent

test: check browser
	$(VENV)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Every page as every role that sees it, at three widths and in large type, and where its links lead.
pages: .venv/.for-working browser
	EVERY_ROLE=1 $(VENV)/python -m pytest -n 0 tests/browser/test_every_page.py

check: .venv/.for-working
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

fix: .venv/.for-working
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

# One with NAME=loop, otherwise every file of bench/ that can be run.
bench: .venv/.for-working
	@for file in $(if $(NAME),bench/$(NAME).py,$$(grep -l __main__ bench/*.py)); do \
		$(VENV)/python -m bench.$$(basename $$file .py) || exit 1; \
	done

vendor:
	$(PYTHON) scripts/vendor.py

# For machines without internet: wheels for x86-64 and aarch64, hashes, SBOM, the source.
bundle: .venv/.for-running | .uv/pip/bin/pip
	$(VENV)/python scripts/bundle.py $(UV) .uv/pip/bin/pip

clean:
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/.for-running: uv.lock pyproject.toml | $(UV)
	$(UV) sync --quiet --frozen --no-dev --inexact --python "$$(command -v $(PYTHON))"
	@touch $@

.venv/.for-working: uv.lock pyproject.toml | $(UV)
	$(UV) sync --quiet --frozen --python "$$(command -v $(PYTHON))"
	@touch $@ .venv/.for-running

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Lianxin needs Python 3.11 or later; say where with: make PYTHON=/path/to/python3.11'; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(PYTHON) -c 'import pip' 2>/dev/null || \
		{ $(AS_ROOT) && apt-get update --quiet && $(APT) python3-venv; } || \
		{ echo 'Please install the package python3-venv first: sudo apt-get install python3-venv'; exit 1; }
	$(PYTHON) scripts/get_uv.py $(UV_VERSION) .uv/$(UV_VERSION)

.uv/pip/bin/pip:
	$(PYTHON) -m venv --clear .uv/pip

# The browser tests use Debian's Chromium and a Chinese font.
browser:
	@{ command -v chromium && dpkg-query --show fonts-noto-cjk; } >/dev/null 2>&1 || \
		{ $(AS_ROOT) && apt-get update --quiet && $(APT) chromium fonts-noto-cjk; } || \
		{ echo 'Please install what the browser tests need: sudo apt-get install chromium fonts-noto-cjk'; exit 1; }
