#!/usr/bin/env bash
# How close a gradient store comes to exact scores, for every compression: on the example of the tests, all of whose
# documents are scored exactly. Prints what `search` says of each. Takes about two minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
example=cli/src/test/resources/dev/wellspring/cli/demo
model="$example/model"
documents="$example/documents.jsonl"
./wellspring fit --model "$model" --documents "$documents" --out "$out/factors" --progress off 2>/dev/null >&2
for kept in "full float32" "full bfloat16" "full int8" \
  "truncate:1024 int8" "truncate:256 float32" "truncate:256 bfloat16" "truncate:256 int8" "truncate:64 int8" \
  "truncate:16 int8" "project:1024 int8" "project:256 bfloat16" "project:256 int8" "project:64 int8" \
  "factor:4096:8 int8" "factor:4096:4 int8" "factor:1024:4 bfloat16" "factor:1024:4 int8" "factor:1024:1 int8"; do
  read -r compression precision <<<"$kept"
  store="$out/$compression-$precision"
  ./wellspring index --model "$model" --factors "$out/factors" --documents "$documents" --out "$store" \
    --compression "$compression" --precision "$precision" --progress off 2>/dev/null >&2
  ./wellspring search --store "$store" --model "$model" --queries "$example/queries.jsonl" --out "$store-run" \
    --factors "$out/factors" --sample 400 --progress off 2>"$out/err" >/dev/null
  bytes=$(./wellspring store describe "$store" | awk '$1 == "gradient_bytes_per_document" {print $2}')
  echo "$compression $precision: $bytes bytes a document; $(grep '^on ' "$out/err")"
done
