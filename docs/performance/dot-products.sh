#!/bin/sh
# Measures the dot-product kernels; dot-products.md says what the figures mean.
#   docs/performance/dot-products.sh [MiB [rounds [threads [wall|cpu]]]]   a table with both ceilings
#   docs/performance/dot-products.sh jmh [options of JMH]                  times of single batches
set -eu
cd "$(dirname "$0")/../.."
. .mvn/find-jdk.sh
unset OPENBLAS_CORETYPE # leaves the choice of BLAS's kernels to BLAS

libraries=attribution-core/target/benchmark.classpath
./mvnw -q -Dspotless.check.skip=true test-compile dependency:build-classpath -pl attribution-core \
  -Dmdep.includeScope=test -Dmdep.outputFile=target/benchmark.classpath

case ${1-} in
  jmh)
    shift
    set -- org.openjdk.jmh.Main DotProductsBenchmark "$@"
    ;;
  *) set -- dev.wellspring.linalg.ScanRates "$@" ;;
esac
exec "$JAVA_HOME/bin/java" @cli/src/main/launcher/java.options @cli/src/main/launcher/vector.options \
  -Xmx1g -XX:+UseSerialGC -cp "attribution-core/target/test-classes:attribution-core/target/classes:$(cat $libraries)" "$@"
