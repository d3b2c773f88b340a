#!/bin/sh
# Measures the kernels for rows on a processor; cpu-kernels.md says what the figures mean.
#   docs/performance/cpu-kernels.sh [rounds [part of a kernel's name]]
set -eu
cd "$(dirname "$0")/../.."
. .mvn/find-jdk.sh

libraries=attribution-core/target/benchmark.classpath
./mvnw -q -Dspotless.check.skip=true test-compile dependency:build-classpath -pl attribution-core \
  -Dmdep.includeScope=test -Dmdep.outputFile=target/benchmark.classpath
exec "$JAVA_HOME/bin/java" @cli/src/main/launcher/java.options @cli/src/main/launcher/vector.options \
  -Xmx3g -XX:+UseSerialGC -cp "attribution-core/target/test-classes:attribution-core/target/classes:$(cat $libraries)" \
  dev.wellspring.linalg.cpu.CpuKernelRates "$@"
