# Shared by ./demo, ./test and ./bench: sourced, never run.
# After it: the current folder is the project, and build_release builds what is asked.
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." || exit 1

say() { printf '%s\n' "$*" >&2; }

# Calls ./setup when something is missing.
ensure_setup() {
  ./setup --check >/dev/null 2>&1 || ./setup
}

# build PRESET [TARGET...]: configures once and builds, quietly unless it fails.
build() {
  local preset=$1 log
  shift
  log=build/$preset.log
  mkdir -p build
  if ! { cmake --preset "$preset" &&
    cmake --build --preset "$preset" ${1:+--target "$@"}; } >"$log" 2>&1; then
    grep -E 'error|FAILED|warning' -A 8 "$log" | head -n 60 >&2
    say "The build failed; the whole output is in $log"
    return 1
  fi
}
