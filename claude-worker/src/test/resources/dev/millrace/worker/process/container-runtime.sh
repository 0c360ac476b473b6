#!/bin/sh
# Behaves like a container runtime, as far as running, listing and removing containers goes.
# A container is a session of its own that does not end with its client, as under a daemon.
state=$(dirname "$0")/state
mkdir -p "$state"
verb=$1
shift

run() {
  printf '%s\n' "$@" > "$state/arguments"
  if [ -f "$state/refusal" ]; then
    cat "$state/refusal" >&2
    exit 125
  fi
  names=" PATH "
  while [ $# -gt 0 ]; do
    case $1 in
      --rm | --init | --interactive | --read-only) shift ;;
      --name) name=$2; shift 2 ;;
      --label) label=$2; shift 2 ;;
      --volume)
        case $2 in *:/workspace) work=${2%:/workspace} ;; esac
        shift 2 ;;
      --env)
        case $2 in *=*) export "$2" ;; esac
        names="$names${2%%=*} "
        shift 2 ;;
      --*) shift 2 ;;
      *) break ;;
    esac
  done
  command=$3 # after the image and -c
  exec 3<&0
  (
    for variable in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
      case $names in *" $variable "*) ;; *) unset "$variable" ;; esac
    done
    cd "$work" && exec setsid sh -c "$command"
  ) <&3 &
  pid=$!
  echo "$pid" > "$state/$name.pid"
  echo "$label" > "$state/$name.label"
  trap 'kill -TERM "$pid"' TERM
  wait "$pid"
  code=$?
  while kill -0 "$pid" 2> /dev/null; do
    wait "$pid"
    code=$?
  done
  rm -f "$state/$name.pid" "$state/$name.label"
  exit "$code"
}

list() {
  for file in "$state"/*.label; do
    if [ -f "$file" ] && [ "label=$(cat "$file")" = "$3" ]; then
      basename "$file" .label
    fi
  done
}

remove() {
  if [ ! -f "$state/$3.pid" ]; then
    echo "Error: No such container: $3" >&2
    exit 1
  fi
  kill -s KILL -- "-$(cat "$state/$3.pid")"
  rm -f "$state/$3.pid" "$state/$3.label"
  echo "$3"
}

case $verb in
  run) run "$@" ;;
  ps) list "$@" ;;
  rm) remove "$@" ;;
  *) exit 125 ;;
esac
