#!/usr/bin/env bash
# How close a gradient store comes to exact scores, for every compression: correlation and how many of the first 100
# documents are found, all documents scored exactly. By itself it takes the example of the tests (two minutes); a model of your
# own is better, see compression.md:
#   docs/performance/compression.sh [MODEL DOCUMENTS.jsonl QUERIES.jsonl] > compression.csv
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
example=cli/src/test/resources/dev/wellspring/cli/demo
model=${1:-$example/model}
documents=${2:-$example/documents.jsonl}
queries=${3:-$example/queries.jsonl}
quiet() { ./wellspring "$@" --progress off 2>"$out/err" >/dev/null || { cat "$out/err" >&2; exit 1; }; }
quiet fit --model "$model" --documents "$documents" --out "$out/factors"
quiet score --model "$model" --factors "$out/factors" --documents "$documents" --queries "$queries" --rank full \
  --out "$out/exact"
echo "compression,precision,bytes,correlation,worst_correlation,rank_correlation,worst_rank_correlation,recall_100,worst_recall_100"
for kept in "factor:4096:4 int8" "factor:4096:2 int8" "factor:4096:8 int8" "factor:4096:16 int8" "factor:16384:4 int8" \
  "factor:16384:8 int8" "factor:16384:16 int8" "factor:65536:4 int8" "factor:65536:8 int8" "factor:1024:4 int8" \
  "factor:1024:4 bfloat16" "factor:1024:8 int8" "factor:1024:1 int8" "factor:256:4 int8" "truncate:4096 int8" \
  "truncate:1024 int8" "truncate:256 float32" "truncate:256 bfloat16" "truncate:256 int8" "truncate:64 int8" \
  "truncate:16 int8" "project:4096 int8" "project:1024 int8" "project:256 bfloat16" "project:256 int8" \
  "project:64 int8" "full int8" "full bfloat16" "full float32"; do
  read -r compression precision <<<"$kept"
  store="$out/store"
  rm -rf "$store" "$out/run"
  quiet index --model "$model" --factors "$out/factors" --documents "$documents" --out "$store" \
    --compression "$compression" --precision "$precision"
  quiet search --store "$store" --model "$model" --queries "$queries" --out "$out/run" --all-scores
  bytes=$(./wellspring store describe "$store" | awk '$1 == "gradient_bytes_per_document" {print $2}' | tr -d ,)
  ./wellspring compare "$out/exact" "$out/run" -k 100 |
    awk -v c="$compression" -v p="$precision" -v b="$bytes" '
      /correlation/ {m=$2; w=$3} /of ranks/ {rm=$3; rw=$4} /of the first/ {am=$5; aw=$6}
      END {print c "," p "," b "," m "," w "," rm "," rw "," am "," aw}'
done
