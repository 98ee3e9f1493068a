# Everything one does with the messenger. A bare `just` lists it.

[private]
default:
    @just --list --unsorted

# Start the server; on another database with `DATABASE_URL=example.db just start`
start *arguments:
    cargo run -- serve {{ arguments }}

# Make example.db: three users and their messages of the last weeks
example-setup *arguments:
    cargo run -- example-setup {{ arguments }}

# Bring the database up to date, as `start` does
migrate *arguments:
    cargo run -- migrate {{ arguments }}

# Write schema.graphql anew from the code
schema:
    mkdir -p target
    cargo run --quiet -- schema > target/schema.graphql
    mv target/schema.graphql schema.graphql

# Build the pages that the binary carries, GraphiQL and the example chat; what is built is committed
web:
    node web/bundles.mjs

# See that the committed pages are what their sources build to
check-pages:
    node web/bundles.mjs --check

# Run the tests
test *arguments:
    cargo test {{ arguments }}

# Play many rounds of the story in which everything breaks; `CHAOS_SEED` names the first round's seed
chaos rounds="100":
    CHAOS_ROUNDS={{ rounds }} cargo test --test stories chaos -- --nocapture

# Send many more requests and bytes that nobody would, to each entrance, and try the rules of ids, cursors and texts as often
fuzz cases="20000":
    PROPTEST_CASES={{ cases }} cargo test --lib
    PROPTEST_CASES={{ cases }} cargo test --test stories -- fuzz untrusted_json

# Check format, lints and documentation
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

# Make the schema of today the released one, with which later ones are compared
release-schema: schema
    node web/client/schema/release.mjs

# Call the server as clients do: the GraphQL-over-HTTP audits, Apollo Client, graphql-ws, graphql-sse, the guide's recipes, GraphiQL and the example chat in a headless Chromium, typed clients
test-web:
    cargo build --bin messenger --example validate
    [ -d web/graphiql/node_modules ] || npm ci --prefix web/graphiql --ignore-scripts --no-audit --no-fund
    npm run check --prefix web/graphiql
    [ -d web/chat/node_modules ] || npm ci --prefix web/chat --ignore-scripts --no-audit --no-fund --loglevel error
    npm test --prefix web/chat
    npm ci --prefix web/tests --no-audit --no-fund
    node web/tests/check.mjs target/debug/messenger target/graphiql.png
    npm ci --prefix web/client --no-audit --no-fund --loglevel error
    node web/client/check.mjs target/debug/messenger

# Check all that CI checks, installing what it needs
check:
    bash .ci/run

# Measure the server beside one that answers the same by hand (needs wrk); `just bench --help` has the options
bench *arguments:
    cargo bench --bench paired -- {{ arguments }}

# Measure also what one would write first, as it is, and built as one would build it first (needs wrk)
bench-idiomatic *arguments:
    LIBSQLITE3_FLAGS= CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        cargo build --release --target-dir target/plain --example idiomatic
    cargo bench --bench paired -- --connections 64 --operations recent,send \
        --idiomatic --idiomatic-program target/plain/release/examples/idiomatic {{ arguments }}

# Measure ids, cursors, pages as JSON, and the store
bench-micro *arguments:
    cargo bench --bench micro -- {{ arguments }}

# Measure how ids are stored; the figures are in docs/performance.md
bench-ids *arguments:
    cargo bench --bench id_storage -- {{ arguments }}

# Measure what stays flat with a million messages; the figures are in docs/performance.md
bench-flat *arguments:
    cargo bench --bench flat -- {{ arguments }}

# Measure how events reach 1,000 and 5,000 subscribers of one room
bench-fan-out *arguments:
    cargo bench --bench fan_out -- {{ arguments }}

# Attack a release build at full strength, and print what others notice; `just hostile --only C2a,C14` runs some
hostile *arguments:
    cargo build --release
    cargo bench --profile dev --bench hostile -- --server target/release/messenger {{ arguments }}

# Write which lines the tests run to target/coverage/tarpaulin-report.html
coverage:
    cargo tarpaulin --version || cargo install --locked cargo-tarpaulin
    cargo tarpaulin --engine llvm --skip-clean --out Html --output-dir target/coverage --target-dir target/tarpaulin
