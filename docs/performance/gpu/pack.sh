#!/bin/sh
# Packs everything that a machine with a GPU needs to check and time the backend `cuda`: a Java runtime, the jars, the
# tests with the golden cases, and kronfluence and bergson where they are given. README.md says how it is run there.
#   docs/performance/gpu/pack.sh [--out DIR] [--limit MIB] [--kronfluence CHECKOUT] [--bergson CHECKOUT]
#                                [--packages DIR] [--leave-out openblas]
# --packages names a folder of Python packages in plain Python that the peers need and the machine may lack, as
# `pip install --no-deps --target DIR einconv` makes it.
set -eu
cd "$(dirname "$0")/../../.."
. .mvn/find-jdk.sh

out=target/gpu
limit=64
kronfluence=
bergson=
packages=
leave_out=
fail() {
  echo "pack.sh: $1" >&2
  exit 2
}
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "expected a value after $1; the lines at the top of this script list the options"
  case $1 in
    --out) out=$2 ;;
    --limit) limit=$2 ;;
    --kronfluence) kronfluence=$2 ;;
    --bergson) bergson=$2 ;;
    --packages) packages=$2 ;;
    --leave-out) leave_out=$2 ;;
    *) fail "expected one of --out, --limit, --kronfluence, --bergson, --packages, --leave-out, got $1" ;;
  esac
  shift 2
done
[ -z "$kronfluence" ] || [ -d "$kronfluence/kronfluence" ] ||
  fail "expected --kronfluence to be a checkout of github.com/pomonam/kronfluence, got $kronfluence"
[ -z "$bergson" ] || [ -d "$bergson/bergson" ] ||
  fail "expected --bergson to be a checkout of github.com/EleutherAI/bergson, got $bergson"
[ -z "$packages" ] || [ -d "$packages" ] || fail "expected --packages to be a folder, got $packages"

# What no step of run.sh loads: ND4J and what it brings, the reader of Parquet, the tokenizer, BM25's index, the
# figures of reports, and products for processors.
unneeded='^(nd4j|protobuf-|jackson-1\.|guava-|jna-|oshi-|commons-net-|commons-math3-3\.5|commons-collections4-'
unneeded=$unneeded'|commons-lang3-|threetenbp-|neoitertools-|byteunits-|duckdb_jdbc-|tokenizers-'
unneeded=$unneeded'|api-[0-9]|gson-|lucene-|echarts-|dnnl-|openblas-[0-9.]*-[0-9.]*\.jar|error_prone_)'
# Of the tests' libraries: JUnit, AssertJ and what they stand on.
tested='^(junit-|opentest4j-|open-test-reporting-|apiguardian-|assertj-|byte-buddy-)'
# Loaded by name, so that jdeps does not see them: vector instructions, golden cases in a jar, management of memory.
by_name=jdk.incubator.vector,jdk.unsupported,jdk.zipfs,jdk.management

build() {
  ./mvnw -q -Dspotless.check.skip=true -DskipTests package
  ./mvnw -q -Dspotless.check.skip=true dependency:build-classpath -pl attribution-core \
    -Dmdep.includeScope=test -Dmdep.outputFile=target/benchmark.classpath
}

store() { "$JAVA_HOME/bin/java" docs/performance/gpu/StoreJars.java "$@"; }

jars() {
  set --
  for jar in cli/target/wellspring.jar cli/target/lib/*.jar; do
    basename "$jar" | grep -Eq "$unneeded" && continue
    case $leave_out,$(basename "$jar") in openblas,openblas-*) continue ;; esac
    set -- "$@" "$jar"
  done
  store "$pack/lib" "$@"
  set -- attribution-core/target/attribution-core-*-tests.jar
  tr ':' '\n' <attribution-core/target/benchmark.classpath >"$work/classpath"
  while read -r jar || [ -n "$jar" ]; do
    ! basename "$jar" | grep -Eq "$tested" || set -- "$@" "$jar"
  done <"$work/classpath"
  store "$pack/tests" "$@"
}

# Only dependencies of classes that are reached; what a library offers beyond them, such as windows, is left out.
runtime() {
  modules=$("$JAVA_HOME/bin/jdeps" --ignore-missing-deps --multi-release 25 --print-module-deps \
    --class-path "$pack/lib/*" "$pack"/lib/wellspring.jar "$pack"/lib/attribution-core-*.jar "$pack"/lib/gradient-store-*.jar \
    "$pack"/lib/query-sets-*.jar "$pack"/lib/jackson-databind-*.jar "$pack"/lib/arrow-*.jar "$pack"/lib/picocli-*.jar \
    "$pack"/lib/micrometer-core-*.jar "$pack"/tests/junit-*.jar "$pack"/tests/assertj-*.jar | tr ',' '\n' |
    grep -v '^java\.desktop$' | paste -s -d , -)
  "$JAVA_HOME/bin/jlink" --add-modules "$modules,$by_name" --compress "$jlink_compression" --strip-debug \
    --no-header-files --no-man-pages --output "$pack/jre"
  ! command -v strip >/dev/null || strip --strip-unneeded "$pack"/jre/lib/server/libjvm.so "$pack"/jre/lib/*.so
}

peers() {
  mkdir -p "$pack/peers"
  cp docs/performance/kronfluence/make_case.py docs/performance/kronfluence/peer.py docs/performance/gpu/*.py "$pack/peers"
  for source in ${kronfluence:+"$kronfluence/kronfluence"} ${bergson:+"$bergson/bergson"} ${packages:+"$packages"/*}; do
    cp -R "$source" "$pack/peers"
  done
  find "$pack/peers" -name __pycache__ -prune -exec rm -rf {} +
}

compress() {
  rm -f "$out"/pack.tar.*
  if command -v xz >/dev/null; then
    packed=$out/pack.tar.xz
    tar -C "$pack" -cf - . | xz -T0 -9 >"$packed"
  else
    packed=$out/pack.tar.gz
    tar -C "$pack" -cf - . | gzip -9 >"$packed"
  fi
}

kib() { du -sk "$@" | awk '{ sum += $1 } END { print sum }'; }
alone() { tar -C "$pack" -cf - "$@" | if command -v xz >/dev/null; then xz -T0 -6; else gzip; fi | wc -c; }
# Paths in the pack that belong together, on one line of the table; nothing where there are none.
# shellcheck disable=SC2046,SC2086 # several paths are several words, and patterns are meant to be opened
row() {
  found=$(cd "$pack" && ls -d $2 2>/dev/null) || return 0
  echo "| $1 | $(cd "$pack" && kib $found | awk '{ printf "%.1f", $1 / 1024 }') | $(alone $found |
    awk '{ printf "%.1f", $1 / 1048576 }') |"
}

table() {
  echo "| part | MiB unpacked | MiB packed by itself |"
  echo "|---|---|---|"
  row "Java runtime" jre
  row "Wellspring" 'lib/wellspring.jar lib/attribution-core-*.jar lib/gradient-store-*.jar lib/query-sets-*.jar'
  row "OpenBLAS" 'lib/openblas-*.jar'
  row "other libraries" "$(cd "$pack" && ls lib/*.jar | grep -Ev '/(wellspring|attribution-core|gradient-store|query-sets|openblas)')"
  row "tests and golden cases" 'tests/attribution-core-*-tests.jar'
  row "JUnit and AssertJ" "$(cd "$pack" && ls tests/*.jar | grep -v attribution-core)"
  row "peers" peers
}

build
mkdir -p "$out"
pack=$PWD/target/gpu-pack
work=$PWD/target/gpu-work
rm -rf "$pack" "$work"
mkdir -p "$pack" "$work"
if command -v xz >/dev/null; then jlink_compression=zip-0; else jlink_compression=zip-9; fi
jars
runtime
peers
cp cli/src/main/launcher/java.options cli/src/main/launcher/vector.options "$pack"
git describe --always --dirty >"$pack/version" 2>/dev/null || echo unknown >"$pack/version"
cp docs/performance/gpu/run.sh "$out/run.sh"
chmod +x "$out/run.sh"
compress
if [ "$(wc -c <"$packed")" -gt $((limit << 20)) ] && [ -z "$leave_out" ]; then
  echo "OpenBLAS is left out: with it the pack is larger than $limit MiB. The backend cpu is not available there, and small decompositions take plain loops."
  rm -f "$pack"/lib/openblas-*.jar
  compress
fi
table
rm -rf "$pack" "$work"
size=$(wc -c <"$packed")
echo "| **$packed** | | **$(echo "$size" | awk '{ printf "%.1f", $1 / 1048576 }')** of $limit |"
[ "$size" -le $((limit << 20)) ] || fail "the pack is larger than $limit MiB; leave out the largest part of the table above, or raise --limit"
