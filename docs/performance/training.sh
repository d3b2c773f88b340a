#!/bin/sh
# Measures how fast models are trained; training.md says what the figures mean.
#   docs/performance/training.sh [rounds [threads]]
set -eu
cd "$(dirname "$0")/../.."
. .mvn/find-jdk.sh
unset OPENBLAS_CORETYPE # leaves the choice of BLAS's kernels to BLAS

libraries=attribution-core/target/benchmark.classpath
./mvnw -q -Dspotless.check.skip=true test-compile dependency:build-classpath -pl attribution-core \
  -Dmdep.includeScope=test -Dmdep.outputFile=target/benchmark.classpath
exec "$JAVA_HOME/bin/java" @cli/src/main/launcher/java.options -Xmx1g -XX:+UseSerialGC \
  -cp "attribution-core/target/test-classes:attribution-core/target/classes:$(cat $libraries)" \
  dev.wellspring.train.TrainingRates "$@"
