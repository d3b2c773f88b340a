#!/bin/sh
# Measures all analyses of a synthetic run; analyses.md says what the figures mean.
#   docs/performance/analyses.sh [documents [queries [rounds [folder]]]]
#   docs/performance/analyses.sh 1000000 100 3 /mnt/disk
# It needs room for the scores: 0.6 GB for a million documents and 100 queries.
set -eu
cd "$(dirname "$0")/../.."
. .mvn/find-jdk.sh

libraries=cli/target/benchmark.classpath
./mvnw -q -Dspotless.check.skip=true test-compile dependency:build-classpath -pl cli -am \
  -Dmdep.includeScope=test -Dmdep.outputFile=target/benchmark.classpath

exec "$JAVA_HOME/bin/java" @cli/src/main/launcher/java.options -Xmx1g -XX:+UseSerialGC \
  -cp "cli/target/test-classes:cli/target/classes:$(cat $libraries)" dev.wellspring.cli.MillionScores "$@"
