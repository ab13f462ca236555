# AlbertKit: `make demo` and `make test` install what is missing on Debian and do the rest.

PACKAGES = libhdf5-dev libaec-dev libjson-c-dev libopenblas-dev libxxhash-dev libssl-dev zlib1g-dev libutf8proc-dev libsqlite3-dev \
  pkg-config
PACKAGERS = dpkg-dev patchelf binutils xz-utils
# The tool that targets use: their own release build, or with ALBERT=FILE one that is there.
BINARY = $(or $(ALBERT),.build/release/albert)
BUILT = $(if $(ALBERT),,build)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: all deps build demo test manual hostile fuzz sanitize kernels interop consumer symbols docs pages onnx-conformance python lint drawings bench bench-peers install deb tarball packages-test clean

all: build

# Installs those of the packages $(1) that are missing.
define installed
@missing=""; \
for package in $(1); do \
  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
  echo "Installing$$missing"; \
  $(SUDO) apt-get update -qq && \
  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
fi
endef

deps:
	@command -v swift >/dev/null || { echo "Swift 6.3 is missing: see https://www.swift.org/install/linux/"; exit 1; }
	$(call installed,$(PACKAGES))

# Nothing looks symbols up in the tool, so that it need not list them.
build: deps
	swift build -c release --static-swift-stdlib --product albert -Xlinker --no-export-dynamic

demo: $(BUILT)
	@sh samples/demo.sh $(BINARY)

# A build of its own, in which only what takes time is optimised (Package.swift); FILTER names some of the suites.
TESTS = -c release --scratch-path .build/tests -Xswiftc -enable-testing
test: deps python
	ALBERTKIT_OPTIMIZED=1 swift build --build-tests $(TESTS)
	ALBERTKIT_OPTIMIZED=1 swift test --skip-build --parallel $(TESTS) $(FILTER:%=--filter %)

python:
	@command -v python3 >/dev/null || $(SUDO) apt-get install -qq -y --no-install-recommends python3 >/dev/null

# The pages of --html at three widths, light and dark, in headless Chromium; pictures in .build/pages.
pages: $(BUILT) python
	@command -v chromium >/dev/null || $(SUDO) apt-get install -qq -y --no-install-recommends chromium >/dev/null
	@python3 Tests/Pages/pages.py $(BINARY) .build/pages
	@python3 Tests/Pages/graphs.py $(BINARY)

# docs/commands.md anew, from the commands' definitions.
manual: python
	ALBERTKIT_OPTIMIZED=1 swift build --product albert $(TESTS)
	@python3 Scripts/manual.py write .build/tests/release/albert

# At least RUNS runs on failing machines and hostile files; EXTRA names further folders of models.
hostile: $(BUILT) python
	@python3 Tests/Hostile/hostile.py $(BINARY) --runs $(or $(RUNS),20000) \
	  --seconds $(or $(SECONDS),1800) --seed $(or $(SEED),1) $(if $(EXTRA),--extra $(EXTRA))

# libFuzzer with the address sanitizer, SECONDS for each reader (READERS, or all).
fuzz: deps
	@sh Tests/Fuzz/run.sh $(or $(SECONDS),60) $(READERS)

# All tests under the address and thread sanitizers, optimised, since else each takes hours. The tool itself
# stays plain: its HDF5 worker may not map the memory in which sanitizers keep their notes, so that tests of
# the tool say nothing new.
sanitize: deps $(BUILT)
	@mkdir -p .build
	clang -O1 -shared -fPIC -o .build/mutex.so Tests/Sanitizers/mutex.c
	for kind in $(or $(SANITIZERS),address thread); do \
	  swift build -c release --build-tests --sanitize $$kind --scratch-path .build-$$kind -Xswiftc -enable-testing && \
	  cp $(BINARY) .build-$$kind/release/albert && \
	  sh Tests/Sanitizers/run.sh $$kind $(FILTER) || exit 1; \
	done

# The C kernels against plain loops, with sanitizers here and emulated on 64-bit ARM.
kernels: deps
	$(call installed,gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)
	@sh Tests/Kernels/run.sh

# Every format, written and loaded by the library it is meant for; installs these (some GB).
interop: $(BUILT)
	@dpkg-query -W -f '$${Status}' python3-venv 2>/dev/null | grep -q 'ok installed' || \
	  python3 -c 'import ensurepip' 2>/dev/null || $(SUDO) apt-get install -qq -y python3-venv >/dev/null
	@sh Tests/Interop/run.sh $(BINARY)

# ONNX's own tests of its operators, as two versions of its package have them.
onnx-conformance: deps
	@python3 -c 'import ensurepip' 2>/dev/null || $(SUDO) apt-get install -qq -y python3-venv >/dev/null
	@sh Tests/Conformance/run.sh

# A package that depends on this one, and the README's library section in it, word for word.
consumer: deps
	@sh Tests/Consumer/run.sh

# The library's public surface is what Scripts/public-symbols.txt lists; after `make test`.
symbols: python
	@sh Scripts/public-symbols.sh

# One site of all pages and the library's reference, in .build/docs/site; after `make test`.
docs: python
	$(call installed,python3-markdown)
	@sh Scripts/docs.sh

# Formatting; no check that traps but those that Scripts/traps.txt gives a reason for; edges of
# Package.swift that are the imports; links in the documents that lead somewhere.
lint: python
	swift format lint --strict --recursive Sources Tests Package.swift
	@sh Scripts/lint-traps-test.sh
	@sh Scripts/lint-traps.sh
	@sh Scripts/modules-test.sh
	@python3 Scripts/modules.py check
	@sh Scripts/links-test.sh
	@sh Scripts/manual-test.sh
	@python3 -B Benchmarks/bench-test.py
	@python3 Scripts/links.py

# Draws the import graph of docs/design.md anew, and with a built tool the README's session.
drawings: python
	@python3 Scripts/modules.py draw
	$(if $(ALBERT),@python3 Scripts/session.py $(ALBERT))

# Conversions against copies of their files, forward passes against other libraries', by turns, with curves;
# Benchmarks/results keeps what came out on each machine. ONLY names rows (see Benchmarks/bench.py), MODELS a
# folder that keeps the models for another time (12 GB), PEERS further Pythons with other libraries. PAGES=1 puts the
# tables of README.md and docs/performance.md in the place of those that are there.
bench: $(BUILT) python
	ALBERTKIT_PROGRAMS=benchmarks swift build -c release --product forward --scratch-path .build/benchmarks
	@python3 -B Benchmarks/bench.py --albert $(BINARY) --forward .build/benchmarks/release/forward \
	  --rounds $(or $(ROUNDS),5) $(if $(MODELS),--folder $(MODELS)) $(addprefix --peers ,$(PEERS)) \
	  $(addprefix --only ,$(ONLY)) $(if $(PAGES),--pages) --json .build/bench.json

# The libraries that `make bench` measures against (some GB).
bench-peers: python
	@python3 -c 'import ensurepip' 2>/dev/null || $(SUDO) apt-get install -qq -y python3-venv >/dev/null
	python3 -m venv .build/bench-peers
	.build/bench-peers/bin/pip install --quiet numpy onnxruntime torch transformers
	python3 -m venv .build/bench-script
	.build/bench-script/bin/pip install --quiet 'transformers<5' torch tensorflow-cpu

# The stripped binary, manual pages, completions for bash, zsh and fish, schemas and samples, below PREFIX;
# a package's maker sets DESTDIR, and SYMBOLS=keep keeps the binary whole.
install: $(BUILT) python
	@sh Scripts/package/stage.sh $(BINARY) "$(DESTDIR)$(or $(PREFIX),/usr/local)"

# The Debian package, and the archive that can be unpacked anywhere, into .build/packages.
deb: $(BUILT) python
	$(call installed,$(PACKAGERS))
	@sh Scripts/package/deb.sh $(BINARY) .build/packages

tarball: $(BUILT) python
	$(call installed,$(PACKAGERS))
	@sh Scripts/package/tarball.sh $(BINARY) .build/packages

# Both packages in bare systems made with debootstrap, as root; SUITE names another one than Debian 12.
packages-test: deb tarball
	$(call installed,lintian debootstrap)
	@sh Tests/Packages/install.sh $(BINARY)
	@sh Tests/Packages/lint.sh .build/packages/*.deb
	@sh Tests/Packages/deb.sh .build/packages/*.deb
	@sh Tests/Packages/tarball.sh .build/packages/*.tar.xz

clean:
	rm -rf .build
