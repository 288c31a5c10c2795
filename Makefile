# Encours. `make` lists the targets.
#
# Everything is built with the tag that gives the DuckDB driver its Arrow results:
# it is set here and nowhere else.
TAGS     := duckdb_arrow
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO       ?= go
GOFLAGS_ := -tags $(TAGS)
LDFLAGS  := -s -w -X main.version=$(VERSION)
FUZZTIME ?= 30s
# packages are tested beside one another, each on one core: small data gain nothing from more
CORES    := $(shell nproc 2>/dev/null || echo 2)
INVOICES ?= 100000 1000000 2000000
UNITS    ?= 25000000
ARGS     ?=

.DEFAULT_GOAL := help
.PHONY: help build demo test test-race check fmt fuzz bench bench-register assets clean toolchain

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

toolchain: ## tell what is missing to build, and how to install it
	@command -v $(GO) >/dev/null || { echo "Go is missing. Install Go 1.26 or later: https://go.dev/dl/, or 'apt-get install golang' where that is recent enough." >&2; exit 1; }
	@command -v $${CC:-cc} >/dev/null || command -v gcc >/dev/null || { echo "A C compiler is missing: DuckDB is linked into the program. Debian, Ubuntu: 'apt-get install gcc g++'. Fedora: 'dnf install gcc gcc-c++'. macOS: 'xcode-select --install'." >&2; exit 1; }
	@command -v c++ >/dev/null || command -v g++ >/dev/null || { echo "A C++ compiler is missing: DuckDB is linked into the program. Debian, Ubuntu: 'apt-get install g++'. Fedora: 'dnf install gcc-c++'." >&2; exit 1; }

build: toolchain ## build bin/encours
	$(GO) build $(GOFLAGS_) -trimpath -ldflags '$(LDFLAGS)' -o bin/encours ./cmd/encours

demo: build ## build, load a realistic sample, serve the dashboards (ARGS="--no-serve" stops before)
	./bin/encours demo demo $(ARGS)

test: toolchain ## all tests
	$(GO) vet $(GOFLAGS_) ./...
	$(GO) build -o /dev/null ./cmd/encours
	GOMAXPROCS=1 $(GO) test $(GOFLAGS_) -ldflags '-s -w' -p $(CORES) -parallel 2 -timeout 85m ./...

test-race: toolchain ## all tests with the race detector
	$(GO) test $(GOFLAGS_) -race -timeout 30m ./...

check: toolchain ## format, vet, staticcheck, SQL lint, tidy modules
	@test -z "$$(gofmt -l .)" || { gofmt -l . ; echo "run: make fmt" >&2; exit 1; }
	$(GO) vet $(GOFLAGS_) ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -tags $(TAGS) ./...
	$(GO) test $(GOFLAGS_) -run 'TestEmbedded|TestImports|TestDocs' ./warehouse/graph ./cmd/encours
	$(GO) mod tidy -diff

fmt: ## format the Go files
	gofmt -w .

fuzz: toolchain ## run every fuzz target for FUZZTIME each
	@for package in $$($(GO) list $(GOFLAGS_) ./...); do \
	  for target in $$($(GO) test $(GOFLAGS_) -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "== $$package $$target"; \
	    $(GO) test $(GOFLAGS_) -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$package || exit 1; \
	  done; \
	done

bench: build ## measure ingest, build, pages and exports (INVOICES="100000 1000000 2000000")
	./bin/encours bench $(INVOICES)
	$(GO) test $(GOFLAGS_) ./warehouse/modeltest -run '^$$' -bench BenchmarkMatching -benchtime 1x -v

bench-register: build ## measure the reading of a stock file of companies (UNITS=25000000)
	./bin/encours bench --register $(UNITS)

assets: ## fetch the vendored JavaScript again, at its pinned version
	sh web/assets.sh

clean: ## remove what was built
	rm -rf bin demo bench
