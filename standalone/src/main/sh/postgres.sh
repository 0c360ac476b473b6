# shellcheck shell=bash
# Sets up what the embedded stack takes from the machine: PostgreSQL, pgvector, git.
# Every step looks first and installs only what is missing.
# shellcheck disable=SC2154 # `root` is set by the script that reads this one

readonly postgres_minimum=15

# The newest PostgreSQL server's bin folder, or nothing.
postgres_bin() {
  local server version newest=0 found=''
  for server in /usr/lib/postgresql/*/bin/postgres; do
    [[ -x $server ]] || continue
    version=$(basename "$(dirname "$(dirname "$server")")")
    if [[ $version =~ ^[0-9]+$ ]] && ((version >= postgres_minimum && version > newest)); then
      newest=$version
      found=$(dirname "$server")
    fi
  done
  if [[ -z $found ]] && server=$(command -v postgres); then
    version=$("$server" --version | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p')
    if [[ -n $version ]] && ((version >= postgres_minimum)); then found=$(dirname "$(readlink -f "$server")"); fi
  fi
  printf '%s' "$found"
}

# True when the PostgreSQL whose bin folder is given has pgvector.
has_pgvector() {
  local bin=$1 share
  case $bin in
    # Debian's layout, known without asking: this runs before every command.
    /usr/lib/postgresql/*) share=/usr/share/postgresql/$(basename "$(dirname "$bin")") ;;
    *) share=$("$bin/pg_config" --sharedir) ;;
  esac
  [[ -f $share/extension/vector.control ]]
}

setup() {
  local bin
  bin=$(postgres_bin)
  if [[ -n $bin ]] && has_pgvector "$bin" && command -v git >/dev/null; then return; fi

  if ! command -v git >/dev/null; then
    install_packages "git" git
  fi
  if [[ -z $bin ]]; then
    install_postgres
    bin=$(postgres_bin)
    [[ -n $bin ]] || die "PostgreSQL $postgres_minimum or newer is needed, and this machine's package sources have only an older one"
  fi
  if ! has_pgvector "$bin"; then install_pgvector "$bin"; fi
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# Asked before the first change, so that missing rights end in one sentence and no half-done work.
need_root() {
  local what=$1
  ((EUID == 0)) && return
  command -v sudo >/dev/null || die "$what has to be installed, which needs root: run './millrace setup' once as root, or install sudo"
  # "-n true" first: who may use sudo without a password may have none to be asked for.
  sudo -n true 2>/dev/null || sudo -v 2>/dev/null || die "$what has to be installed, which needs root, and sudo does not let this user, or has no terminal to ask for a password: run './millrace setup' once as root"
}

apt_lists_are_fresh=no

refresh_apt_lists() {
  if [[ $apt_lists_are_fresh == no ]]; then
    say "asking for the package lists"
    logged "apt-get update" "$root/target/logs/apt-update.log" as_root apt-get update
    apt_lists_are_fresh=yes
  fi
}

install_packages() {
  local what=$1
  shift
  command -v apt-get >/dev/null || die "$what is missing and this machine has no apt-get to install it with: install it by hand (packages on Debian: $*)"
  need_root "$what"
  refresh_apt_lists
  say "installing $what (packages $*)"
  logged "installing $what" "$root/target/logs/apt-install.log" \
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Debian's package starts a server of its own on port 5432. Millrace does not use it, so when it
# is Millrace that installs PostgreSQL, that server is not created.
install_postgres() {
  local drop_in=/etc/postgresql-common/createcluster.d/millrace-setup.conf
  need_root "PostgreSQL"
  as_root mkdir -p "$(dirname "$drop_in")"
  printf 'create_main_cluster = false\n' | as_root tee "$drop_in" >/dev/null
  # In a subshell, so that the drop-in is removed whether or not the installation worked.
  local failed=no
  (install_packages "PostgreSQL" postgresql) || failed=yes
  as_root rm -f "$drop_in"
  if [[ $failed == yes ]]; then exit 1; fi
  apt_lists_are_fresh=yes
}

install_pgvector() {
  local bin=$1 major
  command -v apt-get >/dev/null || die "pgvector is missing and this machine has no apt-get to install it with: install it by hand for the PostgreSQL in $bin"
  need_root "pgvector"
  refresh_apt_lists
  major=$("$bin/pg_config" --version | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p')
  if apt-cache show "postgresql-$major-pgvector" >/dev/null 2>&1; then
    install_packages "pgvector" "postgresql-$major-pgvector"
  else
    build_pgvector "$bin" "$major"
  fi
  has_pgvector "$bin" || die "pgvector was installed, but PostgreSQL in $bin does not see it; its logs are in $root/target/logs"
}

build_pgvector() {
  local bin=$1 major=$2 missing=() package
  for package in dpkg-dev gcc make "postgresql-server-dev-$major"; do
    if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then missing+=("$package"); fi
  done
  # A PostgreSQL that is not the distribution's brings its own headers.
  if [[ -f $("$bin/pg_config" --includedir-server)/postgres.h ]]; then
    missing=("${missing[@]/postgresql-server-dev-$major/}")
  fi
  # shellcheck disable=SC2206 # drops the empty entry the line above may leave
  missing=(${missing[@]})
  if ((${#missing[@]} > 0)); then install_packages "what pgvector is built with" "${missing[@]}"; fi

  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # expanded now, while `work` is in scope
  trap "rm -rf '$work'" EXIT
  say "fetching pgvector's source package"
  logged "fetching pgvector's source package" "$root/target/logs/pgvector-source.log" fetch_pgvector_source "$work"
  say "building pgvector for PostgreSQL $major"
  # OPTFLAGS is empty so that the library runs on any machine of this architecture.
  logged "building pgvector" "$root/target/logs/pgvector-build.log" \
    make -C "$work/source" OPTFLAGS= with_llvm=no PG_CONFIG="$bin/pg_config"
  logged "installing pgvector" "$root/target/logs/pgvector-install.log" \
    as_root make -C "$work/source" install OPTFLAGS= with_llvm=no PG_CONFIG="$bin/pg_config"
  as_root rm -rf "$work"
  trap - EXIT
}

# Debian 12 has pgvector in no package; the next suite has its source. It comes from the mirror
# this machine is configured to use, through a package source list of its own: the machine's apt
# configuration stays as it is.
fetch_pgvector_source() {
  local work=$1 options
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  debian_sources trixie >"$work/sources.list"
  if [[ ! -s $work/sources.list ]]; then
    echo "No Debian package source was found in /etc/apt/sources.list and /etc/apt/sources.list.d"
    return 1
  fi
  options=(
    -o "Dir::Etc::sourcelist=$work/sources.list" -o "Dir::Etc::sourceparts=-"
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache"
    -o "APT::Sandbox::User=$(id -un)" -o "APT::Get::List-Cleanup=0"
  )
  (
    cd "$work" &&
      apt-get "${options[@]}" update &&
      apt-get "${options[@]}" source pgvector &&
      mv pgvector-*/ source
  )
}

# Prints `deb-src` lines for a suite, one for each place this machine gets Debian's main packages
# of its own suite from (both styles of source files are read), with their signing options.
debian_sources() {
  local suite=$1 own
  own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  {
    one_line_sources "$own"
    deb822_sources "$own"
  } | sort -u | while IFS='|' read -r options uri; do
    printf 'deb-src %s%s %s main\n' "${options:+[$options] }" "$uri" "$suite"
  done
}

# Lines of the form `deb [options] uri suite components`, as options|uri.
one_line_sources() {
  local own=$1 files=()
  [[ -f /etc/apt/sources.list ]] && files+=(/etc/apt/sources.list)
  compgen -G '/etc/apt/sources.list.d/*.list' >/dev/null && files+=(/etc/apt/sources.list.d/*.list)
  ((${#files[@]} > 0)) || return 0
  sed -nE "s/^[[:space:]]*deb(-src)?[[:space:]]+(\[([^]]*)\][[:space:]]+)?([^[:space:]]+)[[:space:]]+${own}[[:space:]]+(.*[[:space:]])?main([[:space:]].*)?\$/\3|\4/p" "${files[@]}" |
    sed -E 's/(^| )arch=[^ |]*//; s/^ +//; s/ +\|/|/'
}

# Stanzas of `Types: / URIs: / Suites: / Components:` fields, as options|uri.
deb822_sources() {
  local own=$1 file
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ -f $file ]] || continue
    # An added empty line ends the last stanza.
    { cat "$file"; echo; } | awk -v own="$own" '
      function flush_stanza(   n, list, i, options) {
        if (suites ~ ("(^| )" own "( |$)") && components ~ /(^| )main( |$)/ && enabled !~ /^no$/) {
          options = ""
          if (signed ~ /^\//) options = "signed-by=" signed
          if (trusted == "yes") options = options (options == "" ? "" : " ") "trusted=yes"
          n = split(uris, list, /[ \t]+/)
          for (i = 1; i <= n; i++) if (list[i] != "") print options "|" list[i]
        }
        uris = suites = components = signed = trusted = enabled = field = ""
      }
      /^#/ { next }
      /^[ \t]*$/ { flush_stanza(); next }
      /^[^ \t:]+:/ {
        field = tolower($0); sub(/:.*/, "", field)
        value = $0; sub(/^[^:]*:[ \t]*/, "", value); sub(/[ \t]+$/, "", value)
      }
      /^[ \t]/ { value = $0; gsub(/^[ \t]+|[ \t]+$/, "", value) }
      field == "uris" { uris = uris " " value }
      field == "suites" { suites = suites " " value }
      field == "components" { components = components " " value }
      field == "signed-by" && signed == "" { signed = value }
      field == "trusted" { trusted = value }
      field == "enabled" { enabled = value }'
  done
}
