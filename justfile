# exif-ripper: photos go into bucket A, and clean copies of them come out of bucket B.

set positional-arguments
set shell := ["bash", "-euo", "pipefail", "-c"]

# The project's own tools come last: what is installed on this machine is preferred.
export PATH := env("PATH") + ":" + justfile_directory() / "target/tools/venv/bin"
python := justfile_directory() / "target/tools/venv/bin/python"
zip := "target/lambda" / (if arch() == "aarch64" { "arm64" } else { "x86_64" }) / "bootstrap.zip"
exiftool := justfile_directory() / "target/tools/npm/exiftool/node_modules/.bin/exiftool"

# For C: memory errors, leaks and undefined behaviour. rustc's own runtime writes the messages.
sanitizers := "-fsanitize=address,undefined -fno-sanitize-recover=undefined"

_list:
    @just --list --unsorted

# Build the function's zip for a stack: target/lambda/x86_64/bootstrap.zip, or arm64/
[group('use')]
build STACK="dev": _tools
    @{{ python }} -m tools.build_zip "$1"

# Show it working on this machine: start a local AWS, deploy the dev stack, clean photos, check them, stop everything
[group('use')]
[parallel]
demo *PHOTO: build _ripper _pulumi
    @{{ python }} -m local demo "$@"

# Make a bucket for Pulumi's state and a key for its secrets, and say how to log in: just state-bootstrap --region eu-central-1
[group('deploy')]
state-bootstrap *ARGS: _tools
    @{{ python }} -m deploy state-bootstrap "$@"

# Make a stack: its region, its account and its state; just init dev
[group('deploy')]
init STACK *ARGS: _tools
    @{{ python }} -m deploy init "$@"

# Deploy a stack to the account that its file names; --any-account deploys to the one that the shell has
[group('deploy')]
up STACK *ARGS: _tools
    @{{ python }} -m deploy check "$@"
    @{{ just_executable() }} build "$1"
    @{{ python }} -m deploy up "$@"

# Show what a deployment would change
[group('deploy')]
preview STACK *ARGS: _tools
    @{{ python }} -m deploy check "$@"
    @{{ just_executable() }} build "$1"
    @{{ python }} -m deploy preview "$@"

# Delete a stack, after showing what is in it; one whose photos may not be deleted refuses before anything goes
[group('deploy')]
destroy STACK *ARGS: _tools
    @{{ python }} -m deploy destroy "$@"

# Tell an address of a stack's alarms: just subscribe prod operator@example.org
[group('deploy')]
subscribe STACK ADDRESS: _tools
    @{{ python }} -m deploy subscribe "$@"

# Set an alarm of a stack off, to see that it reaches somebody
[group('deploy')]
test-alert STACK: _tools
    @{{ python }} -m deploy test-alert "$@"

# Give a stack's state a new passphrase where the old one is lost; then make new keys with rotate-keys
[group('deploy')]
forget-secrets STACK *ARGS: _tools
    @{{ python }} -m deploy forget-secrets "$@"

# Show a stack's outputs, without its secrets
[group('operate')]
outputs STACK:
    @pulumi stack output --stack "$1"

# Show how a stack is on one screen; --json for scripts
[group('operate')]
status STACK *ARGS: _tools
    @{{ python }} -m deploy status "$@"

# Show a stack's log, one line for each photo: just logs prod --since 15m --follow
[group('operate')]
logs STACK *ARGS: _tools
    @{{ python }} -m deploy logs "$@"

# Print the access key of user a or b as an AWS profile, or write it: just creds dev a --write
[group('operate')]
creds STACK USER *ARGS: _tools
    @{{ python }} -m deploy creds "$@"

# Give user a or b a new access key beside the old one; with --finish the old one becomes inactive
[group('operate')]
rotate-keys STACK USER *ARGS: _tools
    # Pulumi reads the zip, though only keys are changed: any will do.
    @ls target/lambda/*/bootstrap.zip > /dev/null 2>&1 || {{ just_executable() }} build "$1"
    @{{ python }} -m deploy rotate-keys "$@"

# Deploy the function's code of an earlier deployment again, without a build
[group('operate')]
rollback STACK *ARGS: _tools
    @{{ python }} -m deploy rollback "$@"

# Show a stack's SSM parameters
[group('operate')]
params STACK: _tools
    @{{ python }} -m deploy params "$1"

# List the events of a stack that failed three times
[group('operate')]
failures STACK *ARGS: _ripper
    @shift; target/debug/ripper failures --stack "{{ STACK }}" "$@"

# List the photos of a stack that cannot be cleaned
[group('operate')]
refusals STACK *ARGS: _ripper
    @shift; target/debug/ripper refusals --stack "{{ STACK }}" "$@"

# Run the function again for failed events, or for refused photos: just redrive prod --queue refusals
[group('operate')]
redrive STACK *ARGS: _ripper
    @shift; target/debug/ripper redrive --stack "{{ STACK }}" "$@"

# Delete messages from both queues, after showing them: just dismiss prod --key 'album/*'
[group('operate')]
dismiss STACK *ARGS: _ripper
    @shift; target/debug/ripper dismiss --stack "{{ STACK }}" "$@"

# Compare bucket A with bucket B: what is missing, older or extra; just audit prod --deep
[group('operate')]
audit STACK *ARGS: _ripper
    @shift; target/debug/ripper audit --stack "{{ STACK }}" "$@"

# Scrub photos that are in bucket A already, or all of them after an upgrade: just backfill prod --stale
[group('operate')]
backfill STACK *ARGS: _ripper
    @shift; target/debug/ripper backfill --stack "{{ STACK }}" "$@"

# Bring photos back that were overwritten or deleted: just restore prod 2026/a.jpg, or --prefix 2026/ --since 2h
[group('operate')]
restore STACK *ARGS: _ripper
    @shift; target/debug/ripper restore --stack "{{ STACK }}" "$@"

# Erase photos for good, with all versions and messages: just forget prod '2026/a.jpg'
[group('operate')]
forget STACK +KEYS: _ripper
    @shift; target/debug/ripper forget --stack "{{ STACK }}" "$@"

# Send photos through a deployed stack and check what comes out
[group('operate')]
smoke STACK *PHOTO: _ripper
    @shift; target/debug/ripper smoke --stack "{{ STACK }}" "$@"

# Send many photos through a deployed stack and measure: just load dev --photos 5000 --clients 16
[group('operate')]
load STACK *ARGS: _ripper
    @shift; {{ python }} -m local.load --stack "{{ STACK }}" "$@"

# Check what both users of a deployed stack may and may not do, by trying it
[group('operate')]
test-access STACK: _ripper
    @target/debug/ripper access --stack "$1"

# Start the local AWS, deploy dev and leave it running; then: source target/local/env
[group('local')]
local: build _ripper
    @{{ python }} -m local up

# Stop the local AWS
[group('local')]
local-stop: _tools
    @{{ python }} -m local down

# Play outages on a local AWS: alarms, the way back, and what was lost; just game-day s3-is-down
[group('local')]
game-day *OUTAGES: build _ripper
    @{{ python }} -m local game-day "$@"

# The fast checks, for while you work: formatting, lints and unit tests
[group('develop')]
check: lint
    cargo test --quiet --workspace --lib --bins --locked

# Everything CI runs
[group('develop')]
ci:
    .ci/run

# All tests: the crates, the tools, the text of the stack's program, the whole system on the local AWS
[group('develop')]
test: test-rust build test-python

# Tests of the crates; with a FILTER only those with it in their names: just test-rust icc
[group('develop')]
test-rust *FILTER: _exiftool
    EXIFTOOL="{{ exiftool }}" cargo test --workspace --locked -- "$@"

# Search all orders of steps of four uploads and their runs, beyond what the tests search; takes minutes
[group('develop')]
search:
    cargo test --package exif-ripper --test function --locked -- --ignored --nocapture interleavings

# Tests in Python, which need `just build`; with a FILTER only those that match: just test-python "access and not role"
[group('develop')]
test-python *FILTER: _tools
    {{ python }} -m pytest ${1:+-k "$*"}

# Check formatting and lints; warnings are errors
[group('develop')]
lint: _tools
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    {{ python }} -m ruff format --check .
    {{ python }} -m ruff check .
    {{ python }} -m tools.check_words
    # Complete the crates for all systems first, as cargo-deny does not download.
    cargo fetch --quiet --locked
    cargo deny --offline check licenses bans sources

# Check the GitHub workflows with actionlint, and with shellcheck if it is installed (needs Go, and once the network)
[group('develop')]
lint-workflows:
    go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

# List what is linked into a stack's zip (CycloneDX): target/lambda/x86_64/sbom.cdx.json
[group('develop')]
sbom STACK="dev": _tools
    @{{ python }} -m tools.sbom "$1"

# Collect the licences of what is linked into a stack's zip: target/lambda/x86_64/THIRD_PARTY_NOTICES.txt
[group('develop')]
notices STACK="dev": _tools
    @{{ python }} -m tools.notices "$1"

# Build the last commit in two folders and check that both zips are equal to the byte; takes two release builds
[group('develop')]
reproducible STACK="dev": _tools
    @{{ python }} -m tools.reproducible "$1"

# Format everything
[group('develop')]
fmt: _tools
    cargo fmt --all
    {{ python }} -m ruff format .
    {{ python }} -m ruff check --fix .

# Measure speed, memory and size of what is deployed; docs/benchmarks.md explains the rows
[group('develop')]
bench: build
    cargo build --quiet --release --locked --package ripper
    # As cargo-lambda builds the function.
    RUSTFLAGS="-C target-cpu={{ if arch() == "aarch64" { "neoverse-n1" } else { "haswell" } }}" \
        cargo build --quiet --release --locked --package bench --bin bench --target-dir target/bench
    {{ python }} -m zipfile -e {{ zip }} target/bench
    chmod +x target/bench/bootstrap
    # jpegtran of the same libjpeg-turbo, which its build leaves there.
    JPEGTRAN="$(ls -t target/bench/release/build/turbojpeg-sys-*/out/bin/jpegtran | head --lines=1)" \
        target/bench/release/bench {{ zip }} target/bench/bootstrap target/bench/release/bench \
        target/release/ripper {{ python }}

# Search for the slowest file: just slowest MINUTES [SEED]; or measure in every size: just slowest known, or coding=2
[group('develop')]
slowest *ARGS="5":
    cargo build --quiet --release --locked --package bench --bin slowest
    target/release/slowest target/slowest "${@:-5}"

# Print docs/scale.md, what three sizes need and cost, from the measured figures
[group('develop')]
scale: _tools
    @{{ python }} -m tools.scale

# Print docs/reference.md: settings, outputs, metrics and alarms, as the program has them
[group('develop')]
reference: _tools
    @{{ python }} -m tools.reference

# Compare with other tools that remove metadata: what they leave and how long they take; PHOTOS are files or folders
[group('develop')]
peers *PHOTOS: _exiftool
    cargo build --quiet --release --locked --package peers
    target/release/peers {{ python }} "{{ exiftool }}" "$@"

# Draw photos in Chromium and Firefox before and after, and compare (needs both; Debian: chromium, firefox-esr, libjpeg-turbo-progs)
[group('develop')]
browsers *FOLDERS: _ripper
    @{{ python }} -m tests.browsers "$@"

# Look at the page of `ripper report` in Chromium; --screenshots makes those in docs/images/ again (Debian: chromium)
[group('develop')]
report-page *ARGS: _ripper
    @{{ python }} -m tests.browsers.report_page "$@"

# Rotate photos and code them again with sanitizers in Rust and in libjpeg-turbo (needs a nightly Rust and clang)
[group('develop')]
sanitize:
    # Without libjpeg-turbo's assembly code, which no sanitizer checks.
    CC=clang CFLAGS="{{ sanitizers }}" RUSTFLAGS="-Zsanitizer=address" JSIMD_FORCENONE=1 \
        cargo +nightly test --locked --package scrub --lib --test photo --target-dir target/sanitize \
        --target "$(rustc -vV | sed -n 's/host: //p')" -- rotat coded_data codes:: undrawn transform scan::
    # Cargo does not rebuild C when its flags change: an older build may not have the checks.
    @test "$(nm target/sanitize/*/*/build/turbojpeg-sys-*/out/lib/libturbojpeg.a 2> /dev/null \
        | grep --only-matching -E '__(asan_report|ubsan_handle)' | sort --unique | wc --lines)" = 2 \
        || { echo "libjpeg-turbo was built without sanitizers: delete target/sanitize and try again" >&2; exit 1; }

# Fuzz the photo core, SECONDS per target (needs cargo-fuzz, a nightly Rust and clang)
[group('develop')]
fuzz SECONDS="60": _tools
    cargo +nightly run --quiet --locked --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --bin seeds -- target/fuzz/seeds
    # So that the fuzzer follows the code of libjpeg-turbo as well.
    export CC=clang CFLAGS="{{ sanitizers }} -fsanitize=fuzzer-no-link" JSIMD_FORCENONE=1; \
    for target in scrub verify walk verify_walk orientation icc; do \
        mkdir -p target/fuzz/corpus/$target target/fuzz/found; \
        cargo +nightly fuzz run --target-dir target/fuzz $target target/fuzz/corpus/$target target/fuzz/seeds/$target -- \
            -max_total_time="$1" -max_len=200000 -timeout=10 -print_final_stats=1 -artifact_prefix=target/fuzz/found/$target-; \
    done

# Mutation testing of the photo core (needs cargo-mutants, cargo-nextest and an hour or two)
[group('develop')]
mutants *ARGS:
    @mkdir -p target
    cargo mutants --package scrub --timeout 60 "$@"

# Not without the Python tools: CMake is among them, for machines that have none.
_ripper: _tools
    @cargo build --quiet --locked --package ripper

# After the other builds of `demo`: the last steps of the function's build keep only one core busy.
_pulumi: _tools
    @nice {{ python }} -m tools.pulumi_cli

_exiftool: _tools
    @{{ python }} -m tools.npm tools/exiftool

_tools:
    @python3 tools/venv.py
