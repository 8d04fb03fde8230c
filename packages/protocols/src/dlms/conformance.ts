/** Services in the conformance block by their bit of the standard: bit 0 is the highest of 24 (IEC 62056-5-3). */
export const conformanceBits = {
  "general-protection": 1,
  "general-block-transfer": 2,
  read: 3,
  write: 4,
  "unconfirmed-write": 5,
  "delta-value-encoding": 6,
  "attribute-0-with-set": 8,
  "priority-management": 9,
  "attribute-0-with-get": 10,
  "block-transfer-with-get": 11,
  "block-transfer-with-set": 12,
  "block-transfer-with-action": 13,
  "multiple-references": 14,
  "information-report": 15,
  "data-notification": 16,
  access: 17,
  "parameterized-access": 18,
  get: 19,
  set: 20,
  "selective-access": 21,
  "event-notification": 22,
  action: 23,
} as const;

export type ConformanceName = keyof typeof conformanceBits;

const maskOf = (name: ConformanceName): number => 1 << (23 - conformanceBits[name]);

export function encodeConformance(names: readonly ConformanceName[]): number {
  return names.reduce((block, name) => block | maskOf(name), 0);
}

export function decodeConformance(block: number): ConformanceName[] {
  return (Object.keys(conformanceBits) as ConformanceName[]).filter((name) => (block & maskOf(name)) !== 0);
}

export const conforms = (block: number, name: ConformanceName): boolean => (block & maskOf(name)) !== 0;

/** What a reader by logical names proposes: `00 18 1D` plus the lists, in wide use as a subset of `00 7E 1F`. */
export const readingConformance = encodeConformance([
  "block-transfer-with-get",
  "block-transfer-with-set",
  "multiple-references",
  "get",
  "set",
  "selective-access",
  "event-notification",
  "action",
]);
