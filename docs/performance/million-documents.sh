#!/bin/sh
# Measures searches of synthetic stores of up to a million documents; million-documents.md says what the figures mean.
#   docs/performance/million-documents.sh [precisions [numbers of documents [rounds [folder [kept]]]]]
#   docs/performance/million-documents.sh int8,bfloat16 10000,100000,1000000 3 /mnt/disk
# It needs room for the largest store: 5 GB for a million documents in int8, 9 GB in bfloat16, 17 GB in float32.
set -eu
cd "$(dirname "$0")/../.."
. .mvn/find-jdk.sh

libraries=cli/target/benchmark.classpath
./mvnw -q -Dspotless.check.skip=true test-compile dependency:build-classpath -pl cli -am \
  -Dmdep.includeScope=test -Dmdep.outputFile=target/benchmark.classpath

exec "$JAVA_HOME/bin/java" @cli/src/main/launcher/java.options @cli/src/main/launcher/vector.options \
  -Xmx2g -XX:+UseSerialGC -cp "cli/target/test-classes:cli/target/classes:$(cat $libraries)" \
  dev.wellspring.cli.MillionDocuments "$@"
