# Sourced by mvnw and wellspring: points JAVA_HOME at a JDK 25, or ends with status 2 and one sentence.
#
# A candidate is asked through its "release" file, so looking costs no JVM start. The order is JAVA_HOME, the java on
# PATH, then the folders where systems keep their JDKs. WELLSPRING_JVM_FOLDER replaces those folders by one (for tests).

is_jdk_25() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
    grep -q '^JAVA_VERSION="25["._+-]' "$1/release"
}

java_on_path() {
  found=$(command -v java) && found=$(readlink -f "$found") && printf '%s' "${found%/bin/java}"
}

find_jdk_25() {
  for candidate in "${JAVA_HOME-}" "$(java_on_path)"; do
    if is_jdk_25 "$candidate"; then
      return
    fi
  done
  if [ -n "${WELLSPRING_JVM_FOLDER-}" ]; then
    set -- "$WELLSPRING_JVM_FOLDER"/*
  else
    set -- /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/*
  fi
  for candidate in "$@"; do
    if is_jdk_25 "$candidate"; then
      return
    fi
  done
  echo "Wellspring needs a JDK 25 and found none: install one (for example Temurin, package temurin-25-jdk), or set" \
    "JAVA_HOME to the folder of a JDK 25." >&2
  exit 2
}

find_jdk_25
JAVA_HOME=$candidate
export JAVA_HOME
