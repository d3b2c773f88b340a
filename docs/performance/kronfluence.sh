#!/bin/sh
# Times kronfluence and this engine in turn on the same case; kronfluence.md says what the figures mean.
#   KRONFLUENCE=checkout PYTHON=python docs/performance/kronfluence.sh [options]
#   ... docs/performance/kronfluence.sh --help
# KRONFLUENCE is a checkout of github.com/pomonam/kronfluence, PYTHON a Python 3.11 or newer that has torch,
# transformers and what kronfluence's requirements.txt names.
set -eu
cd "$(dirname "$0")/../.."
: "${PYTHON:=python3}"
if [ ! -d "${KRONFLUENCE-}/kronfluence" ]; then
  echo "kronfluence.sh: expected KRONFLUENCE to be a checkout of github.com/pomonam/kronfluence, got '${KRONFLUENCE-}'" >&2
  exit 2
fi
if ! PYTHONPATH=$KRONFLUENCE${PYTHONPATH:+:$PYTHONPATH} "$PYTHON" -W ignore -c 'import kronfluence.analyzer, transformers'; then
  echo "kronfluence.sh: expected PYTHON to have what kronfluence needs, got $PYTHON; see the line above" >&2
  exit 2
fi
export KRONFLUENCE
. .mvn/find-jdk.sh
unset OPENBLAS_CORETYPE # leaves the choice of BLAS's kernels to BLAS

libraries=attribution-core/target/benchmark.classpath
./mvnw -q -Dspotless.check.skip=true test-compile dependency:build-classpath -pl attribution-core \
  -Dmdep.includeScope=test -Dmdep.outputFile=target/benchmark.classpath
./wellspring --version >/dev/null # builds it when it is not built
CEILING="$JAVA_HOME/bin/java @cli/src/main/launcher/java.options @cli/src/main/launcher/vector.options -Xmx384m \
  -XX:+UseSerialGC -cp attribution-core/target/test-classes:attribution-core/target/classes:$(cat $libraries) \
  dev.wellspring.linalg.GemmCeiling"
export CEILING
exec "$PYTHON" -B docs/performance/kronfluence/compare.py "$@"
