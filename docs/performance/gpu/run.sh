#!/bin/sh
# Checks and times the backend `cuda` on a machine with a GPU, from the pack beside this script: no network, no JDK.
# README.md says what comes out.
#   ./run.sh [--steps backends,contract,golden,operations,small,large,peers,sanitizer] [--out DIR] [--seconds N] ...
#   ./run.sh --help
set -eu

usage() {
  cat <<'END'
run.sh [options]
  --steps LIST       which steps, with commas (default: all, in this order: backends,contract,golden,operations,
                     small,large,peers,sanitizer)
  --out DIR          where results are kept, step by step (default: $OUT, or else gpu-results)
  --work DIR         where the pack, cases and factors lie meanwhile (default: a folder in the temporary folder)
  --seconds N        for all steps together (default: 570); what is not reached by then is said
  --limit STEP=N     seconds of one step, instead of its own limit; may be given again
  --backend NAME     what is timed (default: cuda)
  --tests PACKAGE    whose tests are run (default: dev.wellspring.linalg.cuda)
  --dtype TYPE       of models that are timed (default: bfloat16)
  --small SHAPE      of the step small: toy, tiny-10m, pythia-160m, llama-1b (default: pythia-160m)
  --large SHAPE      of the step large (default: llama-1b)
  --small-documents N (default: 4096)  --large-documents N (default: 1024)  --peer-documents N (default: 64)
  --tokens N         of a document (default: 512)
  --queries N        (default: 80)
  --rank N           of compressed query gradients (default: 32)
  --rows N           of the product that says what the machine can do (default: 8192)
  --copy MIB         of the copy that says what its memory can do (default: 1024)
  --memory SIZE      what fit and score are given with their option --memory (default: what they take by themselves)
  --threads N        (default: all processors)
  --python PROGRAM   for the peers (default: python3)
  --device NAME      of the peers: cuda or cpu (default: cuda)
  --peer-batch N     documents of a peer's batch (default: 32)
END
}

fail() {
  echo "run.sh: $1" >&2
  exit 2
}

here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd -P)
all=backends,contract,golden,operations,small,large,peers,sanitizer
steps=$all
out=${OUT:-gpu-results}
work=${TMPDIR:-/tmp}/wellspring-gpu
seconds=570
limit_backends=60
limit_contract=120
limit_golden=120
limit_operations=60
limit_small=150
limit_large=330
limit_peers=240
limit_sanitizer=240
backend=cuda
tests=dev.wellspring.linalg.cuda
dtype=bfloat16
small=pythia-160m
large=llama-1b
small_documents=4096
large_documents=1024
peer_documents=64
tokens=512
queries=80
rank=32
rows=8192
copy=1024
memory=
threads=$(nproc 2>/dev/null || echo 1)
python=python3
device=cuda
peer_batch=32
while [ $# -gt 0 ]; do
  case $1 in -h | --help) usage && exit 0 ;; esac
  [ $# -ge 2 ] || fail "expected a value after $1; run.sh --help lists the options"
  case $1 in
    --limit)
      case $2 in
        backends=* | contract=* | golden=* | operations=* | small=* | large=* | peers=* | sanitizer=*) ;;
        *) fail "expected --limit to be STEP=SECONDS with a step out of $all, got $2" ;;
      esac
      case ${2#*=} in '' | *[!0-9]*) fail "expected --limit to end in a number of seconds, got $2" ;; esac
      eval "limit_$2"
      ;;
    --steps | --out | --work | --seconds | --backend | --tests | --dtype | --small | --large | --small-documents | \
      --large-documents | --peer-documents | --peer-batch | --tokens | --queries | --rank | --rows | --copy | --memory | \
      --threads | --python | --device)
      value=$2
      eval "$(echo "${1#--}" | tr - _)=\$value"
      ;;
    *) fail "expected an option that run.sh --help lists, got $1" ;;
  esac
  shift 2
done
for name in $(echo "$steps" | tr , ' '); do
  case ,$all, in *,"$name",*) ;; *) fail "expected --steps to be out of $all, got $name" ;; esac
done
case $seconds in '' | *[!0-9]*) fail "expected --seconds to be a number, got $seconds" ;; esac
command -v timeout >/dev/null || fail "expected the program timeout (of coreutils) on PATH, found none"

# ---- time ----

now() { date +%s; }
end=$(($(now) + seconds))
step_end=$end

# Runs a program until the step's time is used up: status 124 then.
timed() {
  left=$((step_end - $(now)))
  [ "$left" -gt 0 ] || return 124
  timeout -k 10 "$left" "$@"
}

# ---- what runs ----

java() {
  timed "$pack/jre/bin/java" "@$pack/java.options" "@$pack/vector.options" -XX:+UseSerialGC "$@"
}

wellspring() {
  java -Xms64m -Xmx384m -cp "$pack/lib/*" dev.wellspring.cli.Wellspring "$@"
}

# A class of the tests, with its arguments.
packed() {
  java -Xmx1g -cp "$pack/lib/*:$pack/tests/*" "$@"
}

unpack() {
  pack=$work/pack
  rm -rf "$pack" && mkdir -p "$pack"
  if [ -f "$here/pack.tar.gz" ]; then
    tar -C "$pack" -xzf "$here/pack.tar.gz"
  elif [ ! -f "$here/pack.tar.xz" ]; then
    fail "expected pack.tar.xz or pack.tar.gz, which pack.sh makes, beside this script in $here"
  elif command -v xz >/dev/null; then
    xz -dc "$here/pack.tar.xz" | tar -C "$pack" -xf -
  elif ! "$python" -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' \
    "$here/pack.tar.xz" "$pack"; then
    fail "expected xz or $python to unpack $here/pack.tar.xz, found neither"
  fi
}

# Small decompositions are the host's, whose fast ones are OpenBLAS's.
warn_without_openblas() {
  set -- "$pack"/lib/openblas-*.jar
  [ ! -f "$1" ] || return 0
  without="OpenBLAS is not in this pack: small decompositions take plain loops, and what is timed here is slower for it"
  echo "== $without" >&2
}

# The folders with NVIDIA's libraries in the machine's own Python, which come with its torch: CUDA 13 in one, CUDA 12 each
# library in its own. Nothing where there are none.
libraries_of_python() {
  timeout -k 1 20 "$python" -c '
import glob, os
import nvidia
homes = [glob.escape(home) for home in nvidia.__path__]
found = [folder for home in homes for name in ("cu13", "*") for folder in sorted(glob.glob(os.path.join(home, name, "lib")))]
print(":".join(dict.fromkeys(found)))' 2>/dev/null || :
}

# ---- results ----

# The table of steps, then the tables of what was timed.
summary() {
  {
    echo "Wellspring $(cat "$pack/version"), $(date -u +%Y-%m-%dT%H:%MZ), $(uname -m), $threads threads, $(gpu)"
    echo
    [ -z "$without" ] || printf '%s.\n\n' "$without"
    echo "| step | came out | in words | seconds |"
    echo "|---|---|---|---|"
    cat "$work/steps"
    cat "$work/tables"
  } >"$out/summary.md.part"
  mv -f "$out/summary.md.part" "$out/summary.md"
}

gpu() {
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null | head -n 1 | grep . ||
    echo "no GPU that nvidia-smi knows"
}

# Runs a step unless it was not asked for. Its function leaves a word in came_out and a sentence in said.
step() {
  name=$1
  case ,$steps, in *,"$name",*) ;; *) return 0 ;; esac
  begin=$(now)
  came_out='not reached'
  said="the $seconds seconds were used up before it began"
  if [ "$begin" -lt "$end" ]; then
    eval "own=\$limit_$name"
    # shellcheck disable=SC2154 # set by eval
    step_end=$((begin + own < end ? begin + own : end))
    echo "== $name, at most $((step_end - begin)) s" >&2
    came_out=failed
    said="see the files"
    "step_$name" || :
  fi
  echo "| $name | $came_out | $(echo "$said" | tr '|\n' '/ ' | cut -c 1-300) | $(($(now) - begin)) |" >>"$work/steps"
  tail -n 1 "$work/steps" >&2
  summary
}

# What a command that failed said: its own sentence, the first line of an exception, or its last line.
complaint() { grep -m 1 -e '^wellspring: ' -e 'Exception' -e 'Error' "$1" || grep . "$1" | tail -n 1; }

# ---- steps ----

step_backends() {
  status=0
  wellspring backends --dtype "$dtype" >"$out/backends.txt" 2>&1 || status=$?
  cat "$out/backends.txt" >&2
  said=$(grep "^$backend " "$out/backends.txt" || echo "no backend $backend in this pack; see backends.txt")
  [ "$status" -ne 0 ] || came_out=done
}

# JUnit's console launcher says each test as it ends, so that a cut loses nothing.
junit() {
  status=0
  printf '\n== %s\n' "$name" >>"$out/tests.txt"
  "$@" org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors \
    --include-engine junit-jupiter --select-package "$tests" --details testfeed --fail-if-no-tests \
    "$only" "$classes" >"$work/junit.txt" 2>&1 || status=$?
  cat "$work/junit.txt" >>"$out/tests.txt"
  passed=$(counted 'tests successful')
  failed=$(counted 'tests failed')
  skipped=$(($(counted 'tests skipped') + $(counted 'tests aborted') + $(counted 'containers skipped')))
  said="$passed tests passed, $failed failed, $skipped skipped"
  case $status in
    0) if [ "$passed" -gt 0 ]; then came_out=passed; else came_out=skipped; fi ;;
    2) said="no tests in $tests" ;;
    124) came_out='not reached' said="cut by its time limit; $(grep -c ' :: SUCCESSFUL' "$work/junit.txt") tests had passed" ;;
    *) said="$said; first: $(grep -m 1 ' :: FAILED' "$work/junit.txt" || complaint "$work/junit.txt")" ;;
  esac
}

counted() {
  count=$(sed -n "s/^\[ *\([0-9]*\) $1 *\]$/\1/p" "$work/junit.txt")
  echo "${count:-0}"
}

# Whether the kernels compile is known without a GPU.
without_golden() {
  only=--exclude-classname
  classes='.*(GoldenTest|KernelsCompileTest|NvrtcTest)'
}

step_contract() {
  without_golden
  junit packed
}

step_golden() {
  only=--include-classname
  classes='.*GoldenTest'
  junit packed
}

# The command that a tool such as compute-sanitizer starts: no time limit inside it. Some tests ask the driver for what it
# refuses, on purpose.
sanitized() {
  timed compute-sanitizer --tool memcheck --report-api-errors no --error-exitcode 99 --target-processes all \
    "$pack/jre/bin/java" "@$pack/java.options" "@$pack/vector.options" -XX:+UseSerialGC -Xmx1g \
    -cp "$pack/lib/*:$pack/tests/*" "$@"
}

step_sanitizer() {
  if ! command -v compute-sanitizer >/dev/null; then
    came_out=skipped
    said="no compute-sanitizer on PATH"
    return
  fi
  without_golden
  junit sanitized
  said="$said; $(grep -m 1 'ERROR SUMMARY' "$work/junit.txt" || echo 'no summary of compute-sanitizer')"
}

# What every operation reaches at the sizes of Llama-1B.
step_operations() {
  status=0
  packed dev.wellspring.linalg.OperationRates "$backend" "$threads" 2048 8192 32 8 32000 32 "$tokens" "$queries" "$rank" \
    >"$out/operations.md" 2>"$work/err" || status=$?
  case $status in
    0) came_out=done said="$(grep -c ' % |$' "$out/operations.md") operations, see operations.md" ;;
    124) came_out='not reached' said="cut by its time limit" ;;
    *) came_out='not reached' said="$(complaint "$work/err")" ;;
  esac
}

# Makes a case unless it is there: its folder is left in $case.
make_case() {
  case=$work/cases/$1-$2x$tokens-${queries}q
  [ -f "$case/case.json" ] || packed dev.wellspring.benchmark.RandomCase "$1" "$2" "$tokens" "$queries" "$case"
}

# Fits and scores a case; both runs are left in $run.
fit_and_score() {
  run=$case/run
  rm -rf "$run" && mkdir -p "$run"
  wellspring fit --model "$case/model" --documents "$case/documents.jsonl" --max-tokens "$tokens" --labels own \
    --backend "$backend" --dtype "$dtype" --threads "$threads" ${memory:+--memory "$memory"} --progress off \
    --out "$run/factors" || return
  wellspring score --model "$case/model" --documents "$case/documents.jsonl" --max-tokens "$tokens" \
    --factors "$run/factors" --queries "$case/queries.jsonl" --rank "$rank" --no-bm25 \
    --backend "$backend" --dtype "$dtype" --threads "$threads" ${memory:+--memory "$memory"} --progress off \
    --out "$run/scores"
}

machine_rates() {
  packed dev.wellspring.linalg.MachineRates "$backend" "$threads" "$rows" "$copy" "$dtype" float64 >"$work/rates.json"
}

# The machine's own rates first: where the backend is not there, nothing is made in vain.
bench() {
  printf '\n== %s\n' "$1" >>"$out/bench.txt"
  for part in machine_rates "make_case $1 $2" fit_and_score; do
    status=0
    $part 2>"$work/err" >>"$out/bench.txt" || status=$?
    cat "$work/err" >>"$out/bench.txt"
    case $status in
      0) continue ;;
      124) came_out='not reached' said="${part%% *} was cut by the time limit" ;;
      *)
        said="${part%% *}: $(complaint "$work/err")"
        [ "$part" != machine_rates ] || came_out='not reached'
        ;;
    esac
    break
  done
  [ "$part" = fit_and_score ] || return 0
  step_end=$((step_end + 15)) # the table is printed even where the stages took all of the time
  {
    echo
    packed dev.wellspring.benchmark.StageTable "$case" "$work/rates.json" "$run/factors" "$run/scores" "$rank" "$dtype" "$out"
  } >"$work/table" 2>>"$out/bench.txt" || return
  cat "$work/table" >>"$work/tables"
  rm -rf "$run" # factors of a large model take tens of gigabytes
  if [ "$status" -eq 0 ]; then
    came_out=done
    said="$(figure fit) tokens/s of fit, $(figure 'covariance and lambda') of its passes, $(figure score) of score, $(figure documents) of documents"
  fi
}

figure() { sed -n "s/^| $1 | [^|]* | \([^|]*\) |.*/\1/p" "$work/table"; }

step_small() { bench "$small" "$small_documents"; }

step_large() { bench "$large" "$large_documents"; }

step_peers() {
  if ! "$python" -c "import torch, transformers; assert '$device' == 'cpu' or torch.cuda.is_available()" 2>"$work/err"; then
    came_out=skipped
    said="$python has no torch with $device, or no transformers: $(complaint "$work/err")"
    return
  fi
  : >"$out/peers.txt"
  done_cases=
  for shape in $small $large; do
    make_case "$shape" "$peer_documents" >>"$out/peers.txt" 2>&1 || return
    if ! fit_and_score 2>"$work/err" >>"$out/peers.txt"; then
      said="this engine: $(complaint "$work/err")"
      return
    fi
    wellspring export "$run/scores" --format csv >"$run/scores.csv" 2>>"$out/peers.txt" || return
    left=$((step_end - $(now)))
    timed "$python" -B "$pack/peers/peers.py" --case "$case" --run "$run" --rank "$rank" --device "$device" \
      --dtype "$dtype" --batch "$peer_batch" --seconds "$left" --out "$out/peers.jsonl" \
      >"$work/table" 2>>"$out/peers.txt" || :
    cat "$work/table" >>"$work/tables"
    rm -rf "$run"
    done_cases="$done_cases $shape"
    came_out=done
    said="beside this engine:$done_cases, $peer_documents documents each"
    [ "$shape" != "$large" ] || break # one case where both are of one shape
  done
}

mkdir -p "$out" "$work"
out=$(CDPATH='' cd -- "$out" && pwd -P)
work=$(CDPATH='' cd -- "$work" && pwd -P)
export WELLSPRING_CACHE="$work/cache" LC_ALL=C.UTF-8
if [ -z "${WELLSPRING_CUDA+set}" ]; then
  libraries=$(libraries_of_python)
  if [ -n "$libraries" ]; then
    export WELLSPRING_CUDA="$libraries"
    echo "== WELLSPRING_CUDA: $libraries" >&2
  fi
fi
rm -f "$out/tests.txt" "$out/bench.txt" "$out/stages.csv" "$out/results.jsonl" "$out/peers.jsonl"
: >"$work/steps"
: >"$work/tables"
unpack
without=
warn_without_openblas
for name in $(echo "$all" | tr , ' '); do
  step "$name"
done
cat "$out/summary.md"
! grep -q '^| [a-z]* | failed ' "$work/steps"
