# shellcheck shell=bash
# Finds a JDK that is new enough, without starting any: each JDK's `release` file says its version.

readonly jdk_minimum=25

# The feature version of the JDK in a folder, such as 25; nothing when it holds no JDK.
jdk_version() {
  local home=$1
  [[ -x $home/bin/javac && -x $home/bin/java && -r $home/release ]] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release"
}

jdk_is_new_enough() {
  local version
  version=$(jdk_version "$1")
  [[ -n $version ]] && ((version >= jdk_minimum))
}

# Sets and exports JAVA_HOME, so that Maven uses the same JDK.
find_jdk() {
  local candidate on_path home=${HOME:-}
  on_path=$(command -v javac || true)
  for candidate in \
    "${JAVA_HOME:-}" \
    "${on_path:+$(dirname "$(dirname "$(readlink -f "$on_path")")")}" \
    /usr/lib/jvm/* /usr/java/* /usr/local/lib/jvm/* /opt/* /opt/*/* \
    "${SDKMAN_DIR:-$home/.sdkman}"/candidates/java/* "$home"/.jdks/* \
    "$home"/.local/share/mise/installs/java/* "$home"/.asdf/installs/java/*; do
    if [[ -n $candidate ]] && jdk_is_new_enough "$candidate"; then
      export JAVA_HOME=$candidate
      return
    fi
  done
  die "no JDK $jdk_minimum or newer was found in JAVA_HOME, PATH or the usual folders (/usr/lib/jvm, /opt, ~/.sdkman); install one, or set JAVA_HOME to it"
}

# Without a locale, or with one that this machine does not have, Java takes file names and output for
# ASCII: it would not find its own classes below a folder such as `café`, and would print `caf?`.
use_utf8() {
  if [[ $(locale charmap 2>/dev/null) == ANSI_X3.4-1968 ]]; then export LC_ALL=C.UTF-8; fi
}
