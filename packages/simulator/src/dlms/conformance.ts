/** A bit of the conformance block (IEC 62056-5-3): 24 bits, bit 0 is the highest. */
const bit = (number: number) => 1 << (23 - number);

/** Services that the virtual meter may have agreed with a reader. */
export const conformance = {
  priority: bit(9),
  blockTransferWithGet: bit(11),
  multipleReferences: bit(14),
  get: bit(19),
  selectiveAccess: bit(21),
} as const;

export const supportedConformance = Object.values(conformance).reduce<number>((sum, mask) => sum | mask, 0);
