#!/usr/bin/env bash
# A centre's evening as people type it: certificates, a centre, stations that send, a
# stranger, a second package, two officials who decide, a lone sheet from photographs.
#
#   center_test.sh URNA URNA-CENTER CENTER-SAMPLE      (from the project's folder)
set -euo pipefail
urna=$(realpath "$1") program=$(realpath "$2")
work=$(mktemp -d)
center=0
trap 'kill "$center" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
"$3" "$work"
cd "$work"
say() { echo "center_test: $*" >&2; }
die() { say "$*"; cat ./*.log >&2 || true; exit 1; }
pass=(--passphrase-file keys/pass)

"$urna" pki authority ca.key --name "Town CA" "${pass[@]}" >/dev/null
"$urna" pki show ca.key --certificates ca.pem >/dev/null
pki() { "$urna" pki "$@" "${pass[@]}" --authority ca.key --authority-passphrase-file keys/pass; }
pki server server.tls --host 127.0.0.1 >/dev/null
for who in "station N01" "station N02" "point P1" "official ANA" "official LUIS" "operator OPS"; do
  pki client "${who#* }.tls" --name "$who" >"${who#* }.pki"
done

start() {
  "$program" --folder centre --record record --log-key keys/log.key \
    --receipt-key keys/receipts.key --tls server.tls --clients ca.pem "${pass[@]}" \
    --side side --spare-bytes 1000000 --publish-every 100 --port "${1:-0}" >center.log 2>&1 &
  center=$!
  for _ in $(seq 300); do
    url=$(grep -oE 'https://[0-9.:]+' center.log || true)
    [ -z "$url" ] || return 0
    sleep 0.1
  done
  die "the centre did not start"
}
# as CLIENT COMMAND...
as() {
  local who=$1 what=$2
  shift 2
  "$urna" center "$what" "$@" --to "$url" --certificate "$who.tls" "${pass[@]}" \
    --authority ca.pem --patience 20
}
# expect STATUS COMMAND...: its exit status.
expect() {
  local want=$1 got=0
  shift
  "$@" >out.log 2>&1 || got=$?
  [ "$got" = "$want" ] || die "'$*' ended with $got, not $want"
}
says() { grep -q -- "$1" out.log || die "it does not say '$1'"; }

start
say "nothing has arrived"
expect 1 as OPS status
says '^missing  *3'

say "station N01 sends its folder, with receipts; again gives the same ones"
expect 0 as N01 send export/N01 --wait 60 --centre-key keys/receipts.key --receipts r1
says '^package N01: received .*; verified'
says '^box-count N01: .*verified'
says '^sheet N01: .*verified'
expect 0 as N01 send export/N01 --wait 60 --centre-key keys/receipts.key --receipts r2
diff -r r1 r2 || die "the receipts differ"
[ "$(ls r1 | wc -l)" = 8 ] || die "there are not two receipts for each of four documents"

say "another station may not send it; a wrong receipt key is noticed"
expect 1 as N02 send export/S01/S01.package
says U6411
expect 2 as N02 send export/N02 --centre-key keys/log.key
says U6440

say "the centre is killed and started again: the same receipts"
kill -9 "$center"
wait "$center" 2>/dev/null || true
start "${url##*:}"
expect 0 as N01 send export/N01 --wait 60 --receipts r3
diff -r r1 r3 || die "the receipts differ after the restart"

say "of a third station there are only pictures of the printed sheet"
"$urna" sheet print export/S01/S01.sheet -o sheet.png >/dev/null 2>&1
expect 0 as P1 send sheet*.png --wait 60
says '^sheet S01: .*verified'
expect 1 as OPS status
says '^sheet only  *1'

say "sticks of the others come to a transmission point"
expect 0 as P1 take export/N02 export/S01 --wait 60
for _ in $(seq 100); do
  as OPS status >out.log 2>&1 && break
  sleep 0.1
done
says '^published  *3'

say "a second package waits for two people"
expect 1 as P1 send export/second.package --wait 60
says '; conflict .*contradicts'
expect 1 as ANA conflicts
says '^package N01'
first=$(sha256sum <export/N01/N01.package | cut -d' ' -f1)
official() { echo --official-key "keys/$1.key" --official-passphrase-file keys/pass --role "$1" --name "$2"; }
expect 2 as OPS decide --about 'package N01' --counts "$first" --reason x $(official PRESIDENT V-1)
says U6411
expect 0 as ANA decide --about 'package N01' --counts "$first" \
  --reason 'The second was printed after the box was sealed.' $(official PRESIDENT V-1)
says 'a second person must agree'
expect 2 as LUIS decide --about 'package N01' --agree $(official PRESIDENT V-1)
says U6433
expect 0 as LUIS decide --about 'package N01' --agree $(official SECRETARY V-2)
says 'carried out'
expect 0 as ANA conflicts
expect 0 as OPS status

say "a certificate that was lost is shut out"
expect 0 as OPS withdraw "$(sed -n 's/^fingerprint *//p' N02.pki)"
expect 1 as N02 send export/N02/N02.package
says U6412

say "what is published verifies, and says who decided"
kill "$center"
wait "$center" || true
# There are no decryptions yet, so no totals; nothing else may fail.
"$urna" verify record >verify.log 2>&1 || true
failed=$(grep -E '^ *[0-9]+ .* FAILED' verify.log | grep -v '^ *33 stations' || true)
[ -z "$failed" ] || die "the record does not verify: $failed"
grep -qE '^ *18 proofs +passed +3 passed' verify.log || die "no proof was verified"
grep -q '"state": "published"' side/intake.json || die "intake.json lacks the stations"
grep -rqa '^sign SECRETARY V-2' record/blob || die "the decision is not in the record"
say "done"
