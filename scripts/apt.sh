# shellcheck shell=bash
# Sourced: say which packages are wanted, then install those in one go; and Go itself, for what is built from its modules.

wanted=()

say() { printf '%s\n' "$*"; }

# fail WHAT COMMAND: stops, naming what is wrong and the command that mends it.
fail() {
  printf 'error: %s\n  mend it with: %s\n' "$1" "$2" >&2
  exit 1
}

want() { wanted+=("$1"); }

# as_root COMMAND…: runs it as root, through sudo where needed.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    fail "root is needed to install packages, and there is no sudo" "su -c 'make services'"
  fi
}

# Another package manager may be at work (unattended upgrades): wait for it.
apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"; }

# The package lists are fetched once, and only when something is missing.
apt_lists_are_fresh=no
refresh_apt_lists() {
  [[ $apt_lists_are_fresh == no ]] || return 0
  command -v apt-get >/dev/null ||
    fail "this is neither Debian nor Ubuntu; missing: ${wanted[*]:-Java 17, Maven}" \
      "install these with your system's package manager, then run the same command again"
  say "fetching package lists"
  local log
  log=$(mktemp)
  apt update >"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    fail "package lists could not be fetched" "apt-get update"
  }
  rm -f "$log"
  apt_lists_are_fresh=yes
}

install_wanted() {
  [[ ${#wanted[@]} -gt 0 ]] || return 0
  refresh_apt_lists
  say "installing ${wanted[*]}"
  local log
  log=$(mktemp)
  apt install --no-install-recommends -o Dpkg::Options::=--force-confold "${wanted[@]}" >"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    fail "packages could not be installed" "apt-get install --no-install-recommends ${wanted[*]}"
  }
  rm -f "$log"
  wanted=()
}

# Installs Go where there is none, and stops where it is too old to fetch the toolchain that a module wants.
have_go() {
  if ! command -v go >/dev/null; then
    want golang-go
    install_wanted
  fi
  local minor
  minor=$(go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [[ ${minor:-0} -ge 21 ]] ||
    fail "Go $(go env GOVERSION) is older than 1.21" "install a newer one (https://go.dev/doc/install), then run the same command again"
}
