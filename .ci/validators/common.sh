# What the validation scripts share: where programs are installed, and how outcomes are counted.
#
# Sourced by bash with -e in the repository's root; sets `own`, `repository`, `tools`, `work`.

die() { printf 'validators: %s\n' "$*" >&2; exit 1; }

repository=$PWD
own=$repository/.ci/validators
tools=${QUOTAPLAN_VALIDATORS:-${XDG_CACHE_HOME:-$HOME/.cache}/quotaplan-validators}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$tools"

# install NAME PINS COMMAND: runs the command in a folder of its own unless it has succeeded with the same pins before.
install() {
  local name=$1 pins=$2 command=$3
  if [ "$(cat "$tools/$name.pins" 2>/dev/null)" = "$pins" ]; then
    return
  fi
  printf 'installing %s into %s\n' "$name" "$tools"
  rm -rf "${tools:?}/$name" "$tools/$name.pins"
  mkdir -p "$tools/$name"
  (cd "$tools/$name" && "$command") >"$work/install.log" 2>&1 ||
    { cat "$work/install.log" >&2; die "cannot install $name: see above"; }
  printf '%s' "$pins" >"$tools/$name.pins"
}

# needs PROGRAM...: ends where one is missing.
needs() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || die "$program is missing"
  done
}

passed=0
failed=0

# expect STATUS NAME COMMAND...: counts whether the command ends with the status; shows what it said where not.
expect() {
  local wanted=$1 name=$2 status=0
  shift 2
  "$@" >"$work/said" 2>&1 || status=$?
  if [ "$status" = "$wanted" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED %s: exit status %s, expected %s\n' "$name" "$status" "$wanted"
    sed 's/^/  /; 40q' "$work/said"
  fi
}

# report NAME: the closing line; the script ends with its status.
report() {
  printf '%s: %s passed, %s failed\n' "$1" "$passed" "$failed"
  [ "$failed" = 0 ]
}
