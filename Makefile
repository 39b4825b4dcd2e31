# Everything runs from .venv, which is made from requirements.lock (hashes checked) when it is missing or older than its inputs.
PYTHON ?= python3
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE # the tests start many programs, each of which would otherwise compile everything

.PHONY: demo test proofs test-live lint format sandbox chaos bench lock clean

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("forcesync needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.proofs: requirements-proofs.lock .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-proofs.lock
	@touch $@

# `make demo SCENARIO=cases` works a ticket for every cause; SAVE=FOLDER keeps the files, PORT=8080 names the ports.
SCENARIO ?= tour
demo: .venv/.installed
	$(BIN)/forcesync demo --scenario $(SCENARIO) $(if $(PORT),--port $(PORT)) $(if $(SAVE),--save $(SAVE))

# Three at a time on two cores: many tests wait for a process or a server.
test: .venv/.installed
	$(BIN)/pytest -n 3 --dist worksteal -q -m "not long"

# What takes longer: the other cases of long lists, hostile texts, workers struck at every step or frozen, failing stores,
# brokers restarted and wiped, processes, every fault at every operation, every part of every answer made odd, every output
# searched for planted values. Okta's SDK, which works the simulated org, is installed for them alone.
proofs: .venv/.proofs
	$(BIN)/pytest -n 2 --dist worksteal -q -m long

# The contract tests on your own Okta and, with FORCESYNC_LIVE_TICKET, desk; see "Trying it on your own tenant" in connectors/README.md.
test-live: .venv/.installed
	@test -n "$$FORCESYNC_LIVE_CONFIG" && test -n "$$FORCESYNC_LIVE_USER" || { echo "set FORCESYNC_LIVE_CONFIG (a settings file) and FORCESYNC_LIVE_USER (the login of a disposable directory user)" >&2; exit 2; }
	FORCESYNC_LIVE=yes $(BIN)/pytest -n 0 -v tests/contract/test_okta_org.py tests/contract/test_sync_driver.py tests/contract/test_desk_walk.py

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

sandbox: .venv/.installed
	$(BIN)/forcesync sandbox --scenario tour

# Kills real worker processes at random while the far sides misbehave, then compares the world with the expected one.
# KEEP=yes keeps the folder of a run that fails: logs, the far sides' last state, the cases with their events.
SEED ?= 1
TICKETS ?= 200
WORKERS ?= 2
STORE ?= sqlite
BROKER ?= embedded
KEEP ?=
chaos: .venv/.installed
	$(BIN)/python -m tests.recovery.chaos --seed $(SEED) --tickets $(TICKETS) --workers $(WORKERS) --store $(STORE) --broker $(BROKER) $(if $(KEEP),--keep)

# Every timed claim in one table; fails on its bars. GROUP=recovery measures one group of them.
GROUP ?=
bench: .venv/.installed
	$(BIN)/python -m tests.bench --store $(STORE) --broker $(BROKER) $(GROUP)

# Writes both locks again from pyproject.toml; needs uv (https://docs.astral.sh/uv/) on the PATH. The second goes on top of the
# first, so it has no other version of anything.
COMPILE := uv pip compile --universal --generate-hashes --python-version 3.11 --no-header
lock:
	$(COMPILE) pyproject.toml --all-extras --group dev -o requirements.lock
	$(COMPILE) --group proofs --constraint requirements.lock -o requirements-proofs.lock

clean:
	rm -rf .venv build *.egg-info
