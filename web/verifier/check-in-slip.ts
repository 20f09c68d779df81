// Check-in's signed totals slip (docs/formats/check-in-slip.md), held against the sheets.

import { equal, utf8 } from "./bytes.ts";
import { Refused } from "./fault.ts";
import { FieldReader } from "./fields.ts";
import { certifiedBy, parseCertificate, stationTotal, type CountKey, type Sheet } from "./sheet.ts";
import type { PublicKey } from "./signature.ts";

const keys = ["CHECKEDIN", "MATCHED", "NOTMATCHED", "NOPRINT", "NOTTAKEN", "NOREADER", "TOKENS"] as const satisfies readonly CountKey[];

// What is wrong with the slip of a package, beside its sheets; a slip that cannot be read
// is refused. Without authorities nobody can tell who signed, and that is not looked at.
export function wrongSlip(text: string, sheets: readonly Sheet[], authorities: readonly PublicKey[] | undefined): string[] {
  const stated = keys.map((key) => [key, stationTotal(sheets, key)] as const);
  if (text === "") {
    return stated.some(([, count]) => count !== undefined)
      ? ["the sheet states how many people came, and no slip of check-in says so"] : [];
  }
  const lines = text.split("\n");
  if (lines.length !== 3 || lines[2] !== "" || text.length > 8192) throw new Refused(2405, "check-in's slip");
  const certificate = parseCertificate(lines[1]!);
  const reader = new FieldReader(lines[0]!, 8192);
  if (reader.text("URNA") !== "CHECKIN/1") throw new Refused(2404, "check-in's slip");
  const mode = reader.oneOf("MODE", ["DEMO", "TEST", "OFFICIAL"] as const);
  const election = reader.hex("ELECTION", 32);
  const station = reader.code("STATION");
  const counts = keys.map((key) => [key, reader.number(key, 0, 99_999_999)] as const);
  reader.number("LEFT", 0, 99_999_999);
  const message = utf8(reader.read);
  const signature = reader.base32("SIGN", 64);
  reader.finish();
  const findings: string[] = [];
  if (authorities !== undefined && !certifiedBy(certificate, authorities)) findings.push("check-in's certificate is by no authority");
  if (!certificate.key.verifies("check-in-slip", message, signature)) findings.push("check-in's signature does not verify");
  const first = sheets[0]!;
  if (certificate.role !== "CHECKIN" || (certificate.station !== "" && certificate.station !== station) ||
      !equal(certificate.election, election) || certificate.mode !== mode) {
    findings.push("the certificate is not of this station's check-in");
  }
  if (station !== first.station || !equal(election, first.election) || mode !== first.mode) findings.push("the slip is of another station or election");
  for (const [i, [key, count]] of counts.entries()) {
    const sheet = stated[i]![1];
    if (sheet !== count) findings.push(`${key}: check-in signed ${count}, the sheet says ${sheet ?? "nothing"}`);
  }
  return findings;
}
