# shellcheck shell=bash
# Builds all modules when a source file changed, runs the tests, and starts the Java side.
# shellcheck disable=SC2154 # `root` is set by the script that reads this one

readonly distribution=$root/standalone/target/millrace
readonly own_jar=$root/standalone/target/millrace-standalone.jar
readonly benchmarks=$root/benchmarks/target
readonly build_stamp=$root/target/built
readonly warm_stamp=$root/target/warmed-up

# Maven's own libraries use calls that JDK 25 warns about; its output is for reading.
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"

is_built_once() {
  [[ -f $build_stamp && -f $own_jar && -d $distribution/lib && -d $distribution/registry ]]
}

# Folders are compared too: a deleted file changes its folder.
is_built() {
  is_built_once || return 1
  local sources=("$root"/pom.xml "$root"/.mvn "$root"/*/pom.xml "$root"/*/src) changed
  changed=$(find "${sources[@]}" -newer "$build_stamp" -print -quit)
  [[ -z $changed ]]
}

# Also when it was tried and failed: the next build tries again.
is_warmed_up() {
  [[ $warm_stamp -nt $build_stamp ]]
}

build() {
  is_built && is_warmed_up && return
  mkdir -p "$root/target"
  # One build at a time: whoever waited finds it done.
  exec {lock}>"$root/target/build.lock"
  if ! flock --nonblock "$lock"; then
    say "waiting for the build that is already running"
    flock "$lock"
  fi
  if ! is_built; then
    local started
    rm -f "$root"/target/build-started.* # of builds that broke off
    started=$(mktemp "$root/target/build-started.XXXXXX")
    # Removed, not overwritten: a pipeline that is running keeps the files it has open.
    rm -rf "${distribution:?}/lib" "$own_jar"
    say "building"
    run_maven build.log -T 2 package -Dmaven.test.skip=true
    mv "$started" "$build_stamp"
  fi
  is_warmed_up || warm_up
  exec {lock}>&-
}

# Records in the JVM's ahead-of-time caches what a start loads and links and what is hot when it
# works (docs/decisions/0018), so that later starts do not find it out again. A start works without
# the caches, only slower: a failure here is not fatal.
warm_up() {
  say "preparing fast starts"
  local log=$root/target/logs/warm-up.log data
  data=$(mktemp -d)
  # Also when it is interrupted.
  # shellcheck disable=SC2064 # expanded now, while `data` is in scope
  trap "rm -rf '$data'" EXIT
  rm -f "$distribution"/*.aot "$distribution"/*.aot.config
  if ! java_main "-XX:AOTCacheOutput=$distribution/millrace.aot" -Xlog:disable -- warm-up "$data" 2>&1 |
    tee "$log" | sed -un 's/^warm-up: /  /p' >&2; then
    say "fast starts could not be prepared, so starts take longer; the log is $log"
  fi
  rm -rf "$data"
  trap - EXIT
  touch "$warm_stamp"
}

run_tests() {
  mkdir -p "$root/target"
  say "testing (mvn verify $*)"
  # Modules that do not need each other are tested side by side.
  run_maven test.log -T 2 verify "$@"
  say "all tests passed"
}

# Avro's plugin makes the classes of a schema that changed again, but not those of the schemas that
# refer to it: after a change all of them are made anew. It also looks for the services that the
# module declares, and fails where a build broke off before it had compiled them.
forget_old_schemas() {
  local generated=$root/schemas/target/generated-sources/avro classes=$root/schemas/target/classes
  local oldest provider
  for provider in $(cat "$classes"/META-INF/services/* 2>/dev/null); do
    [[ -f $classes/${provider//.//}.class ]] || rm -rf "$generated" "$classes"
  done
  [[ -d $generated ]] || return 0
  oldest=$(find "$generated" -name '*.java' -printf '%T@ %p\n' | sort -n | sed -n '1s/^[^ ]* //p')
  if [[ -n $(find "$root/schemas/src/main/avro" -newer "${oldest:-$generated}" -print -quit) ]]; then
    rm -rf "$generated" "$classes"
  fi
}

# Runs Maven with its whole output in a log file, and shows the line of each module and test.
run_maven() {
  local log=$root/target/logs/$1
  shift
  command -v mvn >/dev/null || die "Maven 3.8 or newer is needed and no mvn is in PATH; on Debian: apt-get install maven"
  mkdir -p "$root/target/logs"
  forget_old_schemas
  local status=0
  (cd "$root" && mvn -B -ntp "$@" 2>&1) | tee "$log" | maven_progress >&2 || status=$?
  if ((status > 128)); then
    say "interrupted"
    exit "$status"
  elif ((status > 0)); then
    grep -E '^\[ERROR\]' "$log" | head -n 40 >&2 || tail -n 20 "$log" >&2
    die "mvn $* failed; the whole log is in $log"
  fi
}

maven_progress() {
  sed -unE \
    -e 's/^\[INFO\] Building (.+) [^ ]+ +\[([0-9]+)\/([0-9]+)\]$/  module \2 of \3: \1/p' \
    -e 's/^\[[A-Z]+\] (Tests run: [0-9]+, .* -- in .*)$/    \1/p'
}

class_path() {
  # Sorted by the shell, in any locale in the same way: the caches of `warm_up` hold for one order.
  local jar path=$own_jar LC_ALL=C
  for jar in "$distribution"/lib/*.jar; do path+=:$jar; done
  printf '%s' "$path"
}

# Arguments: JVM options, `--`, arguments of Main.
java_main() {
  local options=()
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  "$JAVA_HOME/bin/java" "${java_options[@]}" "${options[@]}" -cp "$(class_path)" dev.millrace.standalone.Main "$@"
}

# MILLRACE_JAVA_OPTS adds to these, and wins.
java_options=(
  -Xms64m -Xmx1280m
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  "-Dmillrace.distribution=$distribution" -Dlogback.configurationFile=logback-standalone.xml
)

exec_main() {
  # docs/decisions/0015: throughput, unless another collector is asked for.
  local recorded=$distribution/millrace.aot collector=-XX:+UseParallelGC options=() extra=()
  case $1 in
    up | demo | bench | stack) ;;
    *)
      recorded=$distribution/commands.aot collector=-XX:+UseSerialGC
      # Over in two seconds, before the second compiler is worth its time; but `audit` may read all.
      if [[ $1 != audit ]]; then options=(-XX:TieredStopAtLevel=1); fi
      ;;
  esac
  if [[ -f $recorded ]]; then options+=("-XX:AOTCache=$recorded" -Xlog:disable); fi
  read -r -a extra <<<"${MILLRACE_JAVA_OPTS:-}"
  if ! [[ ${MILLRACE_JAVA_OPTS:-} =~ -XX:\+Use[A-Za-z0-9]*GC(\ |$) ]]; then extra+=("$collector"); fi
  if [[ $1 == bench ]]; then
    exec "$JAVA_HOME/bin/java" "${java_options[@]}" "${options[@]}" "${extra[@]}" \
      -cp "$(class_path):$benchmarks/millrace-benchmarks.jar:$benchmarks/lib/*" \
      dev.millrace.benchmarks.Main "${@:2}"
  fi
  exec "$JAVA_HOME/bin/java" "${java_options[@]}" "${options[@]}" "${extra[@]}" \
    -cp "$(class_path)" dev.millrace.standalone.Main "$@"
}
