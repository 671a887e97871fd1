# The README's two commands are `make run` and `make test`.

RUNTIME_PACKAGES = libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "fonts-liberation2|fonts-liberation"
TEST_PACKAGES = chromium poppler-utils libreoffice-writer-nogui libreoffice-calc-nogui
PYTHON ?= python3
BIN = .venv/bin
# Building needs the settings, not the database.
BUILD = SECRET_KEY=build DATABASE_URL=postgresql:///unused POVERTYPLAN_MODE=demo $(BIN)/python manage.py
PYTEST_ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run setup test check bench lock dev

run: setup
	@exec $(BIN)/python manage.py serve

setup: .venv/base.stamp build/assets.stamp

.venv/base.stamp: requirements/base.txt tools/system-packages
	@tools/system-packages $(RUNTIME_PACKAGES)
	@$(PYTHON) -c 'import sys; sys.exit("povertyplan cần Python 3.11 trở lên.") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Cài thư viện Python …"
	@$(BIN)/pip install --quiet --require-hashes -r requirements/base.txt
	@touch $@

build/assets.stamp: .venv/base.stamp $(shell find static povertyplan/web/assets.py reports/static -type f -not -path 'static/fonts/*' 2>/dev/null)
	@$(BUILD) build_assets
	@mkdir -p build && touch $@

dev: setup .venv/dev.stamp

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	@tools/system-packages $(TEST_PACKAGES)
	@$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# A process per core, each with a test database and, where its modules ask for it, a running product of its own.
test: dev
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist loadfile $(PYTEST_ARGS)

check: dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet templates
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@POVERTYPLAN_MODE=production SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		ALLOWED_HOSTS=example.invalid $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: dev
	@$(BIN)/python -m tests.bench

# After a change of requirements/*.in
lock: dev
	@$(BIN)/pip install --quiet pip-tools
	@cd requirements && for name in base dev; do ../$(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
		--no-emit-index-url --no-emit-trusted-host --no-header --output-file=$$name.txt $$name.in; done
