# shellcheck shell=bash
# How the millrace command speaks: progress on standard error, one sentence when it gives up.

say() {
  printf 'millrace: %s\n' "$*" >&2
}

die() {
  say "$*"
  exit 1
}

# Runs a command with its output in a log file. On failure, shows the log's last lines, says
# which step failed and where the whole log is.
logged() {
  local step=$1 log=$2
  shift 2
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    die "$step failed; the whole log is in $log"
  fi
}
