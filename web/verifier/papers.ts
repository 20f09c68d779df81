// The checks of a station on paper and people: who signed the package, its tally sheets,
// the numbers on them, the papers in the box and the officials' signatures.

import { equal } from "./bytes.ts";
import { wrongSlip } from "./check-in-slip.ts";
import type { Checks } from "./checks.ts";
import type { Definition, DefinedStation } from "./definition.ts";
import { attempt, faultText } from "./fault.ts";
import { linesOf, wrongBoxCount, wrongLoss, wrongSignatures } from "./officials.ts";
import { signedBy, type StationPackage } from "./package.ts";
import {
  certifiedBy, checkSignedSheet, equalities, parseCertificate, parseSheetFile, type Certificate, type Equality, type Sheet,
  type SignedSheet,
} from "./sheet.ts";
import type { CheckName, Evidence } from "./verdict.ts";

type Found = Checks<CheckName>;

export interface Papers {
  readonly sheets: readonly Sheet[] | undefined; // undefined: none that can be used
  readonly equalities: readonly Equality[];
}

export function checkPapers(checks: Found, pack: StationPackage, evidence: Evidence, definition: Definition | undefined): Papers {
  const certificate = attempt(() => parseCertificate(pack.certificate));
  checks.run("package-signature", () =>
    "fault" in certificate ? [faultText(certificate.fault)] : wrongSigner(pack, placeOf(pack, evidence), certificate.value, definition));
  const closing = "value" in certificate ? certificate.value : undefined;
  const signed = checkSheets(checks, pack, closing, evidence, definition);
  checkAuthority(checks, [...(closing === undefined ? [] : [closing]), ...certificatesOf(pack)], definition);
  if (signed === undefined) {
    checks.skip("there is no usable tally sheet", "counts", "equalities", "box-count", "officials");
    return { sheets: undefined, equalities: [] };
  }
  const sheets = signed.map((item) => item.sheet);
  checkEqualities(checks, pack, sheets, definition);
  checkEvidence(checks, sheets, evidence, definition);
  return { sheets, equalities: equalities(sheets) };
}

// Whose papers these must be: the station under whose name a record holds the package,
// else the one that its ballots name.
const placeOf = (pack: StationPackage, { station }: Evidence): string => station ?? pack.box.station.code;

function wrongSigner(pack: StationPackage, code: string, certificate: Certificate, definition: Definition | undefined): string[] {
  if (definition !== undefined && !certifiedBy(certificate, definition.authorities)) {
    return [`the certificate of ${certificate.name} is by no authority of the definition`];
  }
  if (certificate.role !== "MACHINE" || (certificate.station !== "" && certificate.station !== code)) {
    return [`the certificate is for ${certificate.role} at ${certificate.station || "every station"}`];
  }
  if (definition !== undefined && (!equal(certificate.election, definition.hash) || certificate.mode !== definition.mode)) {
    return ["the certificate is for another election"];
  }
  return signedBy(pack, certificate) ? [] : [`U1202 signature does not verify (the package, by ${certificate.name})`];
}

// The sheets that can be used: all of them or, when one cannot be, none.
function checkSheets(
  checks: Found,
  pack: StationPackage,
  closing: Certificate | undefined,
  evidence: Evidence,
  definition: Definition | undefined,
): readonly SignedSheet[] | undefined {
  const read = pack.sheets.map((text) => attempt(() => {
    const item = parseSheetFile(text);
    checkSignedSheet(item);
    return item;
  }));
  const signed = read.flatMap((item) => ("value" in item ? [item.value] : []));
  const refused = read.flatMap((item) => ("fault" in item ? [faultText(item.fault)] : []));
  const foreign = signed.flatMap((item) => foreignSheet(pack, placeOf(pack, evidence), item, definition));
  if (!checks.run("sheets", () => [...refused, ...foreign])) return undefined;
  checks.run("sheets", () => {
    const segments = signed.map((item) => item.sheet.segment);
    const declared = pack.box.station.segments.toSorted((a, b) => a - b);
    if (segments.join() !== declared.join()) {
      return [`sheets for segments ${segments.join(", ")}; the ballots declare ${declared.join(", ")}`];
    }
    // The machine of the last segment closed the station and made the package.
    const last = signed.at(-1)!.sheet.device;
    const wrong = closing !== undefined && !checks.failed("package-signature") && last !== closing.name;
    return wrong ? [`the last sheet is of ${last}, the package of ${closing.name}`] : [];
  });
  checkSegments(checks, signed.map((item) => item.sheet), evidence, definition);
  return signed;
}

// Every machine of the station must have left its sheet, the first one first; of one that
// left nothing, two officials must have declared that it is lost. Then its sheet cannot be
// checked, which is said.
function checkSegments(checks: Found, sheets: readonly Sheet[], { lostMachine, officials }: Evidence, definition: Definition | undefined): void {
  const { segment: first, election, station } = sheets[0]!;
  checks.run("sheets", () => sheets.flatMap(({ segment }, i) => (segment === first + i ? [] : [`no sheet before that of segment ${segment}`])));
  if (lostMachine === "unusable") return checks.skip("the declaration about a lost machine cannot be used", "sheets");
  if (lostMachine === undefined) {
    if (first > 1) checks.fail("sheets", `there is no sheet of segment ${first - 1}, and nobody has declared its machine lost`);
    return;
  }
  if (first === 1) return checks.fail("sheets", "a machine was declared lost, and no sheet is missing");
  const known = definition === undefined ? undefined : [...definition.officials, ...(officials ?? [])];
  const good = checks.run("sheets", () => wrongLoss(lostMachine, { station, election, segment: first - 1 }, known));
  if (good) checks.skip(`machine ${first - 1} was declared lost: it has no sheet, and what was cast there is on paper only`, "sheets");
}

// Why a signed sheet is not one of this station in this election.
function foreignSheet(
  pack: StationPackage,
  code: string,
  { sheet, certificate }: SignedSheet,
  definition: Definition | undefined,
): string[] {
  const place = `segment ${sheet.segment}`;
  if (sheet.station !== code) return [`${place}: a sheet of station ${sheet.station}`];
  if (definition === undefined) return shapeFits(pack, sheet) ? [] : [`${place}: contests other than the ballots'`];
  if (!certifiedBy(certificate!, definition.authorities)) return [`${place}: U2463 the certificate of ${certificate!.name}`];
  if (!equal(sheet.election, definition.hash) || sheet.mode !== definition.mode) return [`${place}: a sheet of another election`];
  const station = definition.stations.find(({ code }) => code === sheet.station);
  if (station === undefined) return [`${place}: the definition has no station ${sheet.station}`];
  return sheet.origin === "UNCOUNTED" || sheetText(sheet) === ballotText(definition, station) ? [] : [`${place}: contests other than the definition's`];
}

const sheetText = (sheet: Sheet): string =>
  sheet.contests.map(({ code, limit, options }) => `${code}/${limit}:${options.map((option) => option.code).join()}`).join(" ");

const ballotText = (definition: Definition, station: DefinedStation): string =>
  station.contests.map((c) => definition.contests[c]!)
    .map(({ code, limit, options }) => `${code}/${limit}:${options.map((option) => option.code).join()}`).join(" ");

export const shapeFits = (pack: StationPackage, sheet: Sheet): boolean =>
  sheet.origin === "UNCOUNTED" ||
  pack.box.station.styles.length !== 1 ||
  (pack.box.station.styles[0]!.contests.length === sheet.contests.length &&
    pack.box.station.styles[0]!.contests.every((shape, i) =>
      shape.options === sheet.contests[i]!.options.length && shape.limit === sheet.contests[i]!.limit));

// The ballot that the definition gives this station, and no other.
export function wrongStyle(pack: StationPackage, definition: Definition): string[] {
  const { station } = pack.box;
  const defined = definition.stations.find(({ code }) => code === station.code);
  if (defined === undefined) return [`the definition has no station ${station.code}`];
  const [style, ...others] = station.styles;
  const shapes = defined.contests.map((c) => definition.contests[c]!).map(({ options, limit }) => `${options.length}/${limit}`);
  const same = others.length === 0 && style!.number === defined.style &&
    style!.contests.map(({ options, limit }) => `${options}/${limit}`).join() === shapes.join();
  return same ? [] : ["the ballots have other contests than the definition gives this station"];
}

const certificatesOf = (pack: StationPackage): Certificate[] =>
  pack.sheets.flatMap((text) => {
    const read = attempt(() => parseSheetFile(text).certificate);
    return "value" in read && read.value !== undefined ? [read.value] : [];
  });

function checkAuthority(checks: Found, certificates: readonly Certificate[], definition: Definition | undefined): void {
  if (definition === undefined) return checks.skip("the election definition was not given", "certificates");
  if (definition.authorities.length === 0) return checks.skip("the definition names no device authority", "certificates");
  checks.run("certificates", () =>
    certificates
      .filter((certificate) => !certifiedBy(certificate, definition.authorities))
      .map((certificate) => `the certificate of ${certificate.name}`));
}

function checkEqualities(checks: Found, pack: StationPackage, sheets: readonly Sheet[], definition: Definition | undefined): void {
  checks.run("equalities", () => wrongSlip(pack.checkIn, sheets, definition?.authorities));
  const list = equalities(sheets);
  const open = list.filter(({ left, right }) => left === undefined || right === undefined);
  checks.run("equalities", () => list
    .filter(({ left, right }) => left !== undefined && right !== undefined && left !== right)
    .map(({ name, left, right }) => `${name}: ${left} is not ${right}`));
  if (open.length > 0) checks.skip(`numbers not stated: ${open.map(({ name }) => name).join(", ")}`, "equalities");
}

function checkEvidence(checks: Found, sheets: readonly Sheet[], evidence: Evidence, definition: Definition | undefined): void {
  const { boxCount, signatures } = evidence;
  const officials = [...(definition?.officials ?? []), ...(evidence.officials ?? [])];
  if (definition === undefined) {
    checks.skip("the election definition, which names the officials, was not given", "box-count", "officials");
    return;
  }
  if (boxCount === undefined) checks.skip("the box is not counted, or its count was not given", "box-count");
  else checks.run("box-count", () => wrongBoxCount(boxCount, sheets, officials));
  if (signatures === undefined) checks.skip("no signatures of officials were given", "officials");
  else {
    const last = sheets.at(-1)!;
    checks.run("officials", () => wrongSignatures(linesOf(signatures), "SHEET", last.digest, last.station, officials));
  }
}

