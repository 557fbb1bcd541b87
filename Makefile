# The commands of this project; README.md tells what each is for.
PYTHON ?= python3
VENV := .venv/bin

.PHONY: run test test-all lint format check messages screenshots guide-pictures requirements

run: .venv/installed
	@$(VENV)/python -m config.run

test: .venv/installed node_modules/installed
	@$(VENV)/pytest $(ARGS)

# The same, with every page in every language, width and colour scheme.
test-all: .venv/installed node_modules/installed
	@$(VENV)/pytest --matrix $(ARGS)

# Of every public page in every state, into var/screenshots; ARGS="-k form" takes some.
screenshots: .venv/installed
	@$(VENV)/pytest --dist load tests/browser/screenshots.py $(ARGS)

# Of the guide for organisers, into static/guide; the sample people are the same each time.
guide-pictures: .venv/installed
	@$(VENV)/pytest -n 0 tests/browser/guide_pictures.py

lint: .venv/installed
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@find templates -name '*.html' | xargs $(VENV)/djade --target-version 5.2 --check

format: .venv/installed
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .
	@find templates -name '*.html' | xargs $(VENV)/djade --target-version 5.2 || true

# As production would see it: the addresses and the key are examples, and nothing connects to them.
check: lint
	@DEBUG=on $(VENV)/python manage.py makemigrations --check --dry-run
	@DEBUG=off SECRET_KEY=$$(head -c 48 /dev/urandom | base64 | tr -d '\n') ALLOWED_HOSTS=example.org \
	SITE_URL=https://example.org DATABASE_URL=postgresql://nobody@localhost/none EMAIL_URL=smtp+tls://localhost \
	TRUSTED_PROXY_HOPS=1 $(VENV)/python manage.py check --deploy --fail-level WARNING

# Needs GNU gettext.
messages: .venv/installed
	@DEBUG=on $(VENV)/python manage.py makemessages --locale lv --extension html,md,py,txt --no-obsolete --no-location --ignore .venv --ignore node_modules --ignore var
	@DEBUG=on $(VENV)/python manage.py compilemessages --locale lv --ignore .venv --ignore node_modules

# The pinned versions of requirements.in and requirements-dev.in with what they need, and the hashes of all their files.
# ARGS="--upgrade" takes newer versions of what they need.
requirements: .venv/installed
	@for name in requirements requirements-dev; do $(VENV)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make requirements" $(ARGS) --output-file $$name.txt $$name.in || exit 1; done

.venv/installed: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; this is " + sys.version.split()[0] + ". Name another: make run PYTHON=python3.12")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing; on Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Installing into .venv ..."
	@$(PYTHON) -m venv --clear .venv
	@$(VENV)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	@touch $@

# axe, html-validate and Lighthouse, run by the Node that comes with the Python packages.
node_modules/installed: .venv/installed package.json package-lock.json
	@echo "Installing what tries the pages into node_modules ..."
	@PATH="$(CURDIR)/$(VENV):$$PATH" npm ci --silent --no-audit --no-fund
	@touch $@
