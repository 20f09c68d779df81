#!/usr/bin/env bash
# A count from paper alone, by hand as a party's witness would do it: three machines'
# sheets are signed, printed, turned into pictures, and counted together with a box
# count; then one picture is missing, and one sheet is forged.
#
#   count_pictures_test.sh PATH/urna PATH/examples/town
set -euo pipefail
urna=$1
example=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

die() { echo "FAILED: $*" >&2; exit 1; }
has() { grep -qF -- "$2" "$1" || { cat "$1" >&2; die "'$2' is not in $1"; }; }
# count STATUS OUT ARGUMENTS...: runs a count that must end with that status.
count() {
  local want=$1 out=$2 status=0
  shift 2
  "$urna" count town "$@" >"$out" 2>&1 || status=$?
  [ "$status" = "$want" ] || { cat "$out" >&2; die "count $* ended with $status"; }
}

echo "a passphrase for a rehearsal" >pass
new_key() { "$urna" key new "$1.key" --passphrase-file pass >"$1.out"; }
public_key() { "$urna" key show "$1.key" | sed -n 's/^signing key *//p'; }
for who in authority machine president secretary; do new_key "$who"; done

cp -r "$example" town
sed -i "s/^  \"house_seats\"/  \"device_authorities\": [\"$(public_key authority)\"],\n&/" \
  town/election.json
cat >town/officials.csv <<END
station,role,name,key
N01,PRESIDENT,Ana Ruiz,$(public_key president)
N01,SECRETARY,Luis Mora,$(public_key secretary)
END
"$urna" election check town >check.out || { cat check.out >&2; die "the definition"; }

# sheet STATION NORTE?: a closed machine's numbers, 100 ballots at each station.
numbers() {
  cat <<END
station,contest,item,value
$1,,REGISTERED,$3
$1,,CAST,100
$1,,SEALED,104
$1,,CHALLENGED,1
$1,,VOIDED,3
$1,MAYOR,FARO,40
$1,MAYOR,MOLINO,10
$1,MAYOR,DARIO,30
$1,MAYOR,IRENE,15
$1,MAYOR,BLANK,5
$1,COUNCIL,FARO,35
$1,COUNCIL,MOLINO,15
$1,COUNCIL,CEIBA,30
$1,COUNCIL,RUTA,10
$1,COUNCIL,BLANK,10
$1,BRIDGE,YES,60
$1,BRIDGE,NO,38
$1,BRIDGE,BLANK,2
$1,PARK,TREES,70
$1,PARK,COURT,20
$1,PARK,STAGE,30
$1,PARK,BENCHES,40
$1,PARK,BLANK,8
END
  [ "$2" = no ] || cat <<END
$1,NORTE,NOELIA,50
$1,NORTE,OSCAR,60
$1,NORTE,PILAR,20
$1,NORTE,RAMON,30
$1,NORTE,BLANK,10
END
}
# What a machine states and a hand-typed table leaves open.
as_machine() {
  sed -i -e 's/"imported"/"machine"/' \
    -e 's/^  "segment": 1,/&\n  "device": "M1",\n  "software": "1.0",/' \
    -e 's/^  "registered"/  "opened": "20260510T060000-0400",\n  "closed": "20260510T180000-0400",\n&/' \
    -e 's/"\(tokens_unused\|activated_by_officials\|ended_without_vote\|not_matched\|no_stored_print\|not_taken\|without_biometrics\|null\)": null/"\1": 0/' \
    -e 's/"\(activated\|total\|matched\|tokens_issued\|ballots\)": null/"\1": 100/' "$1"
}
certify() {
  "$urna" sheet certify --key authority.key --passphrase-file pass --device-key machine.key \
    --name M1 --definition town --mode demo -o machine.cert
}
certify
sign() {
  "$urna" sheet sign "$1.sheet" --key machine.key --passphrase-file pass \
    --certificate machine.cert -o "$1.signed"
}
for station in "N01 yes 410" "N02 yes 390" "S01 no 470"; do
  # shellcheck disable=SC2086
  set -- $station
  numbers "$1" "$2" "$3" >"$1.csv"
  "$urna" sheet make "$1.csv" --definition town -o "$1.typed"
  "$urna" sheet show "$1.typed" --json >"$1.json"
  as_machine "$1.json"
  "$urna" sheet make "$1.json" -o "$1.sheet"
  sign "$1"
done

# Only pictures travel.
mkdir photos
for station in N01 N02; do
  "$urna" sheet print "$station.signed" --definition town -o "photos/$station.png"
done
"$urna" sheet print S01.signed --definition town --paper roll80 -o photos/S01.pdf

echo '{"papers": 100, "contests": [{"code": "BRIDGE", "limit": 1, "ballots": 100,
  "options": [{"code": "YES", "votes": 60}, {"code": "NO", "votes": 38}], "blank": 2, "null": 0}]}' >box.json
"$urna" sheet box box.json --sheet N01.signed -o box.txt
"$urna" sheet endorse box.txt --key president.key --passphrase-file pass \
  --role PRESIDENT --name AR -o box1.txt
"$urna" sheet endorse box1.txt --key secretary.key --passphrase-file pass \
  --role SECRETARY --name LM -o photos/box-N01.txt

count 0 all.txt photos
has all.txt "3 of 3 polling stations counted"
has all.txt "Ballot boxes counted by hand: 1 · not yet counted: 2"
count 0 all.json photos --json
has all.json '"papers_in_box": 100'
has all.json '"papers_in_box": "not yet counted"'

mkdir two && cp photos/N01* photos/S01* two/
count 0 two.txt two
has two.txt "2 of 3 polling stations counted"

# A hand count that differs is said, not hidden.
sed 's/60/59/; s/38/39/' box.json >other.json
"$urna" sheet box other.json --sheet N01.signed -o other.txt
"$urna" sheet endorse other.txt --key president.key --passphrase-file pass \
  --role PRESIDENT --name AR -o other1.txt
"$urna" sheet endorse other1.txt --key secretary.key --passphrase-file pass \
  --role SECRETARY --name LM -o other2.txt
count 0 differs.txt N01.signed N02.signed S01.signed other2.txt
has differs.txt "hand count BRIDGE YES: 59 ≠ 60"

# One vote moved on a sheet: its signature no longer fits, and it counts 0 times.
sed 's/FARO:40/FARO:41/; s/DARIO:30/DARIO:29/' N01.signed >forged.signed
cmp -s N01.signed forged.signed && die "the forgery changed nothing"
count 1 forged.txt forged.signed N02.signed S01.signed
has forged.txt "1 in conflict"
echo "counted from pictures"
