# What a newcomer types. `make` lists it.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# OpenSSL of the system where it is there: building one's own is more than half of a release build.
# Asked when a recipe runs, and not before: the recipe may just have installed it.
OPENSSL = OPENSSL_NO_VENDOR=$$(pkg-config --exists 'openssl >= 1.1.1' && echo 1 || echo 0)
CARGO = $(OPENSSL) cargo

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf 'make %-16s %s\n' "$$name" "$$what"; done

.PHONY: run
run: build-tools dashboard-if-possible ## build GAPIN and start it here, everything in one process (ARGS="--listen 127.0.0.1:9000")
	@$(CARGO) run --release -p cli --bin gapin -- dev $(ARGS)

.PHONY: build
build: build-tools dashboard-if-possible ## build target/release/gapin
	$(CARGO) build --release -p cli --bin gapin

# The page that gapin carries: a release embeds dashboard/dist, a debug build reads it there.
.PHONY: dashboard
dashboard: ## build the dashboard into dashboard/dist, for the next `make build`
	@scripts/dashboard.sh build

.PHONY: dashboard-if-possible
dashboard-if-possible:
	@scripts/dashboard.sh build-if-possible

# The binary that the end-to-end tests run is built first, together with the tests: the same
# selection of packages and targets has the same features, so nothing is compiled twice. The SDK
# for Rust has a TLS stack of its own, and is built apart: features of both would be of both.
BUT_SDK = --workspace --exclude gapin-sdk

.PHONY: test
test: services dashboard ## install what the tests need, then run every test, on the real services
	@scripts/check-deploy.sh
	@scripts/pitch.sh figures
	$(CARGO) build $(BUT_SDK) --bins --tests
	$(OPENSSL) scripts/test.sh $(BUT_SDK) --no-fail-fast
	$(CARGO) run --profile guard -p guard -- check
	scripts/fuzz.sh
	GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/debug/gapin} $(MAKE) test-sdks test-dashboard-first

# What runs after the tests: built while they wait, see scripts/test.sh.
.PHONY: build-ahead
build-ahead:
	$(CARGO) build --profile guard -p guard
	scripts/fuzz.sh build
	$(CARGO) test -p gapin-sdk --all-features --no-run
	$(CARGO) test $(SDK_BY_RUSTLS) --no-run

.PHONY: test-sdks
test-sdks: test-sdk-python test-sdk-js test-sdk-rust test-sdk-cross ## run the tests of the SDKs, on a real gateway

.PHONY: test-sdk-python
test-sdk-python: sdk-binary ## run the tests of the Python SDK
	@scripts/install-sdk-python.sh
	cd sdk-python && ../.tools/sdk-python/venv/bin/python -m pytest

.PHONY: test-sdk-js
test-sdk-js: services sdk-binary ## run the tests of the TypeScript SDK
	@scripts/install-sdk-js.sh
	cd sdk-js && ../.tools/sdk-js/node scripts/test.mjs

# With all features TLS is the system's own; https is tried once more by rustls, which is the default.
SDK_BY_RUSTLS = -p gapin-sdk --features async-openai,disk-queue,opentelemetry,reqwest-middleware,zstd --test https

.PHONY: test-sdk-rust
test-sdk-rust: sdk-binary ## run the tests of the Rust SDK
	$(CARGO) test -p gapin-sdk --all-features --no-fail-fast
	$(CARGO) test $(SDK_BY_RUSTLS)

.PHONY: test-sdk-cross
test-sdk-cross: sdk-binary ## sign 10,000 events in each SDK, and verify them in the others and at a real gateway
	@scripts/install-sdk-python.sh
	@scripts/install-sdk-js.sh
	$(CARGO) build -p gapin-sdk --all-features --example programs
	.tools/sdk-python/venv/bin/python scripts/cross_sdks.py

.PHONY: test-sdk-oldest
test-sdk-oldest: sdk-binary ## the SDKs on the oldest Python and Rust that they promise to run on (PYTHON_OLDEST=python3.10)
	@GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/debug/gapin} $(OPENSSL) scripts/test-sdk-oldest.sh

.PHONY: test-dashboard
test-dashboard: services dashboard sdk-binary ## run the tests of the dashboard: its rules, and every flow in Chromium
	@[[ -n "$${GAPIN_BIN:-}" ]] || $(CARGO) build -p testbed
	GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/debug/gapin} scripts/dashboard.sh test

# The walks through every page take a quarter of an hour: `make test` has the two that everybody goes first.
.PHONY: test-dashboard-first
test-dashboard-first: services dashboard sdk-binary
	GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/debug/gapin} scripts/dashboard.sh test-first

.PHONY: check-deploy
check-deploy: services ## whether what is in deploy/ holds: rules on made-up series, units, and what each part's own check.sh asks
	@scripts/check-deploy.sh all
	@scripts/diagrams.sh check
	@$(MAKE) check-docs

.PHONY: check-examples
check-examples: services sdk-binary ## run each example as its README prints it, and ask the gateway what it kept (EXAMPLE=openai-agent)
	@GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/debug/gapin} examples/check.sh $(EXAMPLE)

.PHONY: bench-dashboard
bench-dashboard: services build ## frame times and memory of the live list under load (RATE=5000 SECONDS_OF_LOAD=30)
	RATE=$(or $(RATE),5000) SECONDS_OF_LOAD=$(or $(SECONDS_OF_LOAD),30) scripts/dashboard.sh bench

.PHONY: screenshots
screenshots: services build ## write docs/images anew: a picture of every page, with data, empty, and on a phone
	scripts/dashboard.sh pictures

.PHONY: pitch
pitch: ## render the pitch deck and the one-pager into target/pitch, and check them: their figures, their sources, their size
	@scripts/pitch.sh build

.PHONY: demo-video
demo-video: ## film the product in a browser, five minutes with captions: target/pitch/demo.mp4 (FILM_SECONDS=300)
	@[[ -n "$${GAPIN_BIN:-}" ]] || $(MAKE) build
	@scripts/pitch.sh film

# The gateway that the SDKs and the dashboard are tested with: GAPIN_BIN where it is set, else built here.
.PHONY: sdk-binary
sdk-binary: build-tools
	@[[ -n "$${GAPIN_BIN:-}" ]] || $(CARGO) build -p cli --bin gapin

.PHONY: bench-sdks
bench-sdks: bench-sdk-python bench-sdk-js bench-sdk-rust ## measure the SDKs: what recording costs the caller, and events a second into a local gateway

.PHONY: bench-sdk-python
bench-sdk-python: build-tools
	@scripts/install-sdk-python.sh
	@[[ -n "$${GAPIN_BIN:-}" ]] || $(CARGO) build --release -p cli --bin gapin
	$(CARGO) build -q -p load-tests --example answering
	ANSWERING_BIN=$$PWD/target/debug/examples/answering GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/release/gapin} .tools/sdk-python/venv/bin/python sdk-python/bench/bench.py

.PHONY: bench-sdk-js
bench-sdk-js: build-tools
	@scripts/install-sdk-js.sh
	@[[ -n "$${GAPIN_BIN:-}" ]] || $(CARGO) build --release -p cli --bin gapin
	$(CARGO) build -q -p load-tests --example answering
	cd sdk-js && ANSWERING_BIN=$$PWD/../target/debug/examples/answering GAPIN_BIN=$${GAPIN_BIN:-$$PWD/../target/release/gapin} ../.tools/sdk-js/node scripts/bench.mjs

.PHONY: bench-sdk-rust
bench-sdk-rust: build-tools
	@[[ -n "$${GAPIN_BIN:-}" ]] || $(CARGO) build --release -p cli --bin gapin
	$(CARGO) build -q -p load-tests --example answering
	ANSWERING_BIN=$$PWD/target/debug/examples/answering GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/release/gapin} $(CARGO) bench -p gapin-sdk --all-features --bench recorder

.PHONY: sdk-docs
sdk-docs: ## write the references of the SDKs to target/sdk-docs
	@scripts/install-sdk-python.sh
	cd sdk-python && PYTHONPATH=src ../.tools/sdk-python/venv/bin/python -m pdoc gapin gapin.openai gapin.anthropic gapin.langchain gapin.stream gapin.types -o ../target/sdk-docs/python
	@scripts/install-sdk-js.sh
	cd sdk-js && ../.tools/sdk-js/node node_modules/typedoc/bin/typedoc --out ../target/sdk-docs/js
	$(CARGO) doc -p gapin-sdk --all-features --no-deps --target-dir target/sdk-docs/cargo
	rm -rf target/sdk-docs/rust && mv target/sdk-docs/cargo/doc target/sdk-docs/rust

.PHONY: soak
soak: services ## the fault suite, longer and again and again, each time from another seed (SEEDS=50 FIRST_SEED=1 AWAY_SECONDS=30)
	$(CARGO) build $(BUT_SDK) --bins --tests
	@SEEDS=$(or $(SEEDS),10) FIRST_SEED=$(or $(FIRST_SEED),1) AWAY_SECONDS=$(or $(AWAY_SECONDS),30) scripts/soak.sh

.PHONY: lint
lint: build-tools lint-rust lint-sdk-rust lint-sdk-python lint-sdk-js lint-dashboard ## formatting, and what the linters say, with warnings as errors

.PHONY: lint-rust
lint-rust: build-tools
	$(CARGO) fmt --all --check
	$(CARGO) clippy $(BUT_SDK) --all-targets -- -D warnings

.PHONY: lint-sdk-rust
lint-sdk-rust: build-tools
	$(CARGO) clippy -p gapin-sdk --all-features --all-targets -- -D warnings
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc -q -p gapin-sdk --all-features --no-deps
	$(CARGO) check -p gapin-sdk -p aibbar --no-default-features

.PHONY: lint-sdk-python
lint-sdk-python:
	@scripts/install-sdk-python.sh
	cd sdk-python && ../.tools/sdk-python/venv/bin/ruff check -q . && ../.tools/sdk-python/venv/bin/ruff format -q --check .
	cd sdk-python && ../.tools/sdk-python/venv/bin/mypy
	cd sdk-python && ../.tools/sdk-python/venv/bin/pyright --pythonpath ../.tools/sdk-python/venv/bin/python

.PHONY: lint-sdk-js
lint-sdk-js:
	@scripts/install-sdk-js.sh
	cd sdk-js && ../.tools/sdk-js/node node_modules/@biomejs/biome/bin/biome ci . && ../.tools/sdk-js/node node_modules/typescript/bin/tsc -p . --noEmit
	cd sdk-js && ../.tools/sdk-js/node node_modules/typedoc/bin/typedoc --emit none --logLevel Warn

.PHONY: lint-dashboard
lint-dashboard:
	@scripts/dashboard.sh check

.PHONY: bench
bench: build-tools ## run the benchmarks
	$(CARGO) bench $(BUT_SDK)

.PHONY: bench-system
bench-system: services ## the load scenarios on the real system, in both shapes (SIZE=full SHAPE=at-scale SCENARIO=single-64,batch-100)
	@[[ -n "$${GAPIN_BIN:-}" ]] || $(CARGO) build --release -p cli --bin gapin
	SIZE=$(SIZE) SHAPE=$(SHAPE) SCENARIO=$(SCENARIO) GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/release/gapin} $(CARGO) run -q -p load-tests --example system

.PHONY: performance-page
performance-page: ## write docs/performance.md, its plots and what docs/scaling.md reckons with anew from load-tests/results
	python3 scripts/performance_page.py
	python3 scripts/docs/generated.py

.PHONY: k6
k6: build-tools ## the load scenarios for k6, against the gateway of the environment (GAPIN_URL, GAPIN_API_KEY, GAPIN_SIGNING_SECRET; SCRIPT=batches)
	@scripts/install-k6.sh
	.tools/k6/k6 run load-tests/k6/$(or $(SCRIPT),single).js

.PHONY: flamegraph
flamegraph: build-tools ## where the gateway's time goes, as target/flamegraph.svg, and step by step (SHAPE=at-scale SECONDS_RECORDED=20 BATCH=100 CORPUS=median RATE=500 READERS=10)
	@scripts/install-perf.sh
	@[[ -n "$${GAPIN_BIN:-}" ]] || $(CARGO) build --release -p cli --bin gapin
	SHAPE=$(SHAPE) SECONDS_RECORDED=$(SECONDS_RECORDED) BATCH=$(BATCH) CORPUS=$(CORPUS) RATE=$(RATE) READERS=$(READERS) GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/release/gapin} $(CARGO) run -q -p load-tests --example profile

.PHONY: bench-local
bench-local: build-tools ## fill a local log and see that it stays fast (RECORDS=100000000, some 130 bytes of disk each, in DIR)
	RECORDS=$(or $(RECORDS),10000000) DIR=$(or $(DIR),$${TMPDIR:-/tmp}) $(CARGO) bench -p bus --no-default-features --bench local

# Everything by turns in one run: NATS JetStream, librdkafka's producer, Kafka's own load program, COPY and fdatasync.
.PHONY: bench-peers
bench-peers: services ## measure GAPIN beside NATS JetStream, and beside the limits of what it stands on (PEERS="embedded fdatasync scale" PEERS_ARGS="-rounds 5")
	@scripts/install-peers.sh
	@[[ -n "$${GAPIN_BIN:-}" ]] || $(CARGO) build --release -p cli --bin gapin
	$(CARGO) build --release -p bus --example producer_alone
	.tools/peers -gapin $${GAPIN_BIN:-target/release/gapin} $(PEERS_ARGS) $(or $(PEERS),embedded fdatasync scale)

# The path of an event is counted optimised; the gateway's requests and deliveries as its tests are built, from the same
# selection of packages as they are.
.PHONY: guard
guard: services ## count the instructions of an event's path, and fail past the budgets of load-tests/budgets.json
	$(CARGO) run --profile guard -p guard -- check
	$(CARGO) test $(BUT_SDK) --test instructions

.PHONY: budgets
budgets: services ## record the budgets of `make guard` anew
	$(CARGO) run --profile guard -p guard -- record
	$(CARGO) test $(BUT_SDK) --test instructions -- record

.PHONY: services
services: ## install PostgreSQL, Redis, valgrind, promtool, Kafka, k6, Python tools, an OpenID provider and an OpenTelemetry Collector for the tests
	@scripts/install-services.sh

.PHONY: build-tools
build-tools: ## install the C toolchain and OpenSSL's headers when they are missing
	@scripts/install-build-tools.sh

.PHONY: docs
docs: ## build the documentation as a site, with a search, into target/docs
	@scripts/docs.sh build

.PHONY: check-docs
check-docs: sdk-binary ## the same; and whether each link leads somewhere, each generated page is of its source, and each command that is shown works
	@GAPIN_BIN=$${GAPIN_BIN:-$$PWD/target/debug/gapin} scripts/docs.sh check

.PHONY: docs-generated
docs-generated: ## write the generated parts of docs/api.md and docs/scaling.md anew
	python3 scripts/docs/generated.py

.PHONY: cli-docs
cli-docs: sdk-binary ## write docs/cli.md anew from the help of each command
	python3 scripts/cli_page.py $${GAPIN_BIN:-$$PWD/target/debug/gapin}

.PHONY: diagrams
diagrams: services ## write docs/diagrams/*.svg anew from their sources, and the data model from the migrations
	@scripts/diagrams.sh write

.PHONY: check-diagrams
check-diagrams: services ## whether each diagram is of its source
	@scripts/diagrams.sh check

.PHONY: config-docs
config-docs: ## write docs/configuration.md anew from the settings in the code
	$(CARGO) run -q -p cli --bin gapin -- config-docs > docs/configuration.md

.PHONY: openapi
openapi: ## write contract/openapi.json anew from the handlers and the table of routes
	$(CARGO) run -q -p cli --bin gapin -- openapi > contract/openapi.json.new
	mv contract/openapi.json.new contract/openapi.json

.PHONY: fuzz-api
fuzz-api: services ## try the whole API by its own document (FUZZ_EXAMPLES=200 FUZZ_SEED=7)
	$(CARGO) build -p cli --bin gapin
	@.tools/python/bin/python scripts/python/fuzz_api.py

.PHONY: fuzz
fuzz: build-tools ## fuzz what reads bytes from outside, on and on (TARGET=redaction MINUTES=60)
	scripts/fuzz.sh $(or $(TARGET),all) $(or $(MINUTES),10)

.PHONY: audit
audit: ## licences, versions, sources and known holes of what GAPIN is built from; installs cargo-deny, which takes minutes
	scripts/install-audit-tools.sh
	.tools/cargo/bin/cargo-deny --all-features check

.PHONY: vectors
vectors: ## write contract/vectors anew
	$(CARGO) run -q -p aibbar --example make_vectors

.PHONY: redaction-score
redaction-score: ## how much redaction finds, and how often wrongly, on labelled texts
	$(CARGO) run -q --release -p aibbar --example redaction_score

.PHONY: clean
clean: ## remove what was built; keeps ./.gapin and the tests' services
	$(CARGO) clean
