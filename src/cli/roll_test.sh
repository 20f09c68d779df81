#!/usr/bin/env bash
# The roll's way from a table to a device and to its end: `urna roll import` names every
# row that is wrong, a package made of a right one runs check-in, and `urna roll destroy`
# leaves no template and no key behind.
#   roll_test.sh URNA-PROGRAM URNA-CHECKIN-PROGRAM PROJECT
set -euo pipefail
urna=$1 checkin=$2 project=$3
work=$(mktemp -d)
child=
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"
die() { echo "$*" >&2; exit 1; }

echo "a passphrase of a test" >pass
"$urna" key new authority.key --passphrase-file pass >/dev/null
key=$("$urna" key show authority.key | sed -n 's/^signing key *//p')
cp -r "$project/examples/town" town
sed -i "0,/{/s//{\"device_authorities\": [\"$key\"],/" town/election.json

# A roll with four mistakes in four rows: each is named, nothing is written.
"$checkin" demo-roll --definition town --station N01 --voters 8 --fingers 1 --elsewhere 2 --out roll
sed -e '3s/^[^,]*/--/' -e '4s/N01/X99/' -e '6s/,[^,]*,/,,/' -e '8s/^[^,]*/V10000000/' roll/roll.csv >wrong.csv
status=0
"$urna" roll import wrong.csv --mapping roll/mapping.json --definition town --prints roll/prints \
  -o wrong >wrong.txt 2>&1 || status=$?
[ "$status" = 1 ] || die "a wrong roll: status $status, not 1"
for row in 3 4 6 8; do
  grep -q "wrong.csv:$row" wrong.txt || { cat wrong.txt >&2; die "row $row is not named"; }
done
[ -z "$(ls wrong 2>/dev/null)" ] || die "a wrong roll was written"

URNA_BIN=$(dirname "$urna") "$project/tools/check-in-kit" kit town N01 authority.key pass \
  --voters 8 --fingers 1 >/dev/null
run() {
  kit/start-1 --port 0 --web none >started 2>&1 &
  child=$!
  for _ in $(seq 100); do
    ! grep -q 'ready at' started || break
    kill -0 "$child" 2>/dev/null || { cat started >&2; die "check-in does not start"; }
    sleep 0.1
  done
  kill "$child"
  wait "$child" || true
  child=
}
run
[ -s kit/1/prints.key ] && [ -s kit/1/prints.sealed ] || die "the device has no prints"

# Only on purpose, and only the templates.
if "$urna" roll destroy kit/1 >/dev/null 2>&1; then die "destroyed without --yes"; fi
[ -s kit/1/prints.key ] || die "refused, and destroyed all the same"
"$urna" roll destroy kit/1 --yes >/dev/null
[ "$(ls kit/1 | tr '\n' ' ')" = "certificate device.key device.pub events setup tokens " ] ||
  die "left behind: $(ls kit/1)"
run
