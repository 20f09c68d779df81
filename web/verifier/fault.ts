// What is wrong, with the stable number that docs/errors.md explains. The C++ verifier
// reports the same number and place for the same input.

const titles = {
  1004: "wrong length",
  1010: "input ends too early",
  1011: "bytes after the end",
  1012: "longer than allowed",
  1013: "not the one legal encoding",
  1014: "not valid UTF-8",
  1040: "not valid JSON",
  1041: "the same key twice",
  1050: "not valid CSV",
  1051: "row has the wrong number of cells",
  1052: "column missing or unknown",
  1101: "not a valid group element",
  1102: "scalar not below the group order",
  1201: "not a valid public key",
  1202: "signature does not verify",
  1301: "the proof does not hold",
  1302: "not a signed note",
  1303: "not a valid key name",
  1304: "not a verifier key",
  1305: "a known key's signature is false",
  1306: "no signature of a known key",
  1307: "not a checkpoint",
  1309: "the tile is not what it must be",
  1310: "not an entry bundle",
  1312: "not a witness policy",
  1313: "too few witnesses have signed",
  1314: "not a receipt of the log",
  1321: "not a document entry",
  2000: "file not part of a definition",
  2001: "file of the definition missing",
  2018: "value not allowed here",
  2042: "registered voters do not add up",
  2210: "recorded drawing does not fit",
  2400: "lower-case letters in a sheet's text",
  2401: "character that no sheet may contain",
  2402: "text longer than allowed",
  2403: "text ends too early",
  2404: "unknown kind or version of document",
  2405: "value not in its one legal form",
  2406: "field missing or out of order",
  2407: "text after the end",
  2408: "fields not separated by one space",
  2420: "impossible sum in a contest",
  2421: "a machine's sheet cannot say this",
  2422: "the same code twice",
  2423: "sheet of another election",
  2440: "no code of a tally sheet",
  2441: "a code of the sheet is missing",
  2442: "a code carries the wrong number",
  2443: "two different codes with one number",
  2444: "codes of different sheets",
  2445: "a code's text was changed",
  2446: "a code's header contradicts its sheet",
  2447: "codes disagree about how many there are",
  2460: "signature does not verify",
  2461: "sheet without a signature",
  2463: "certificate not by the authority",
  2464: "certificate for something else",
  2465: "signature for another document",
  2466: "the same person signs twice",
  2500: "box count contradicts itself",
  2530: "declaration that a machine is lost cannot be used",
  3001: "not a usable ballot style",
  3003: "not a usable station",
  3004: "not a confirmation code",
  3005: "not a usable joint key",
  3010: "ballot ends too early",
  3011: "bytes after the end of the ballot",
  3012: "unknown ballot version",
  3013: "ballot style not used at this station",
  3014: "segment not declared by this station",
  3020: "scalar not in canonical form",
  3021: "point not in canonical form",
  3022: "ciphertext contains the identity",
  3030: "option proof fails",
  3031: "contest proof fails",
  3040: "ballot identifier used twice",
  3041: "confirmation code used twice",
  3042: "ciphertext used twice",
  3043: "one identifier with two decisions",
  3044: "ballots not sorted by code",
  3050: "opening cannot be read",
  3051: "opened choices break the limit",
  3052: "opening does not match the ballot",
  3053: "challenged ballot without opening",
  3054: "ballot that must stay sealed",
  3060: "not a ballot box file",
  3061: "ballot box written in the wrong order",
  3070: "not a station package",
  3201: "not usable ceremony terms",
  3210: "not a ceremony file",
  3211: "file of another ceremony or attempt",
  3212: "signature of a ceremony file fails",
  3214: "reveal does not match its commit",
  3215: "proof of a coefficient fails",
  3216: "coefficient not usable",
  3217: "cites a file nobody signed",
  3221: "confirms another key",
  3240: "not a valid election key record",
  3251: "not a partial decryption",
  3252: "decrypts another package",
  3253: "proof of a partial decryption fails",
  3254: "not enough partial decryptions",
  3255: "no total fits the ciphertext",
  3264: "not a usable decision document",
  4021: "bytes of a document are missing",
  4022: "bytes of a document were changed",
} as const;

export type FaultNumber = keyof typeof titles;

export interface Fault {
  readonly number: FaultNumber;
  readonly title: string;
  readonly place: string;
}

export const fault = (number: FaultNumber, place: string): Fault => ({
  number,
  title: titles[number],
  place,
});

// Thrown by decoders of whole documents: there is nothing to go on with.
export class Refused extends Error {
  readonly fault: Fault;
  constructor(number: FaultNumber, place: string) {
    super(`U${number} ${titles[number]} (${place})`);
    this.fault = fault(number, place);
  }
}

export const faultText = (f: Fault): string => `U${f.number} ${f.title} (${f.place})`;

// The answer of `read`, or the fault that it refused its input for.
export function attempt<T>(read: () => T): { value: T } | { fault: Fault } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof Refused) return { fault: error.fault };
    throw error;
  }
}
