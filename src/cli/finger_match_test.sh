#!/usr/bin/env bash
# finger_match_test.sh URNA: several fingers and impressions are fused as documented,
# and what is no finger is refused, through the program itself.
set -euo pipefail
urna=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$urna" finger synth "$work/set" --fingers 2 --impressions 3 --seed 3 >/dev/null 2>&1
s=$work/set

# score ARGUMENTS...: the score that `urna finger match` gives, whatever it decides.
score() { { "$urna" finger match --json "$@" || true; } | tr -d ' \n' | sed -n 's/^{"score":\([0-9]*\),.*/\1/p'; }
fail() { echo "finger_match_test: $*" >&2; exit 1; }

one=$(score "$s/1_1.png" "$s/1_2.png")
two=$(score "$s/2_1.png" "$s/2_2.png")
both=$(score --finger "$s/1_1.png=$s/1_2.png" --finger "$s/2_1.png=$s/2_2.png")
[ "$both" -eq $((one + two)) ] || fail "fingers $one and $two give $both together"

# Two impressions: the best of both, less 3 for having had two chances.
other=$(score "$s/1_1.png" "$s/1_3.png")
best=$((one > other ? one : other))
several=$(score "$s/1_1.png" "$s/1_2.png" "$s/1_3.png")
[ "$several" -eq $((best - 3)) ] || fail "impressions $one and $other give $several"

"$urna" finger match "$s/1_1.png" "$s/1_2.png" >/dev/null || fail "the same finger is refused"
"$urna" finger match --classical "$s/1_1.png" "$s/1_2.png" >/dev/null ||
  fail "the same finger is refused without fitted weights"
for way in "" --classical; do
  if "$urna" finger match $way "$s/1_1.png" "$s/2_1.png" >/dev/null; then
    fail "different fingers match $way"
  fi
done

# Glass without a finger: status 2 and a reason.
{ printf "P5\n300 300\n255\n"; head -c 90000 /dev/zero | tr "\0" "\310"; } >"$work/glass.pgm"
status=0
"$urna" finger extract "$work/glass.pgm" "$work/glass.uft" >/dev/null 2>"$work/why" || status=$?
[ "$status" -eq 2 ] || fail "empty glass was taken for a finger ($status)"
[ -s "$work/why" ] || fail "no reason was given"
