/**
 * Quality of one interval, as bits. No bit set means measured and good. The low byte keeps what the device said
 * (profile status of IDIS and DSMR meters, mapped where a maker differs); the high byte is what we found or did.
 */
export const quality = {
  criticalError: 0x0001,
  clockInvalid: 0x0002,
  notValid: 0x0004,
  daylightSaving: 0x0008,
  powerUp: 0x0010,
  clockAdjusted: 0x0020,
  partial: 0x0040,
  powerDown: 0x0080,
  /** Refused by a rule of validation: never billed as it is. */
  suspect: 0x0100,
  /** Stamped in the future at receipt (rule V06). */
  future: 0x0200,
  /** Two meters or two factors share this interval. */
  exchange: 0x0400,
  estimated: 0x0800,
  edited: 0x1000,
  /** The register went back inside this interval (reset, roll-over not confirmed). */
  decreased: 0x2000,
  /** Decrypted without checking the tag, as the settings of this one meter say. */
  unauthenticated: 0x4000,
} as const;

/** Bits with which a value does not count as good in a day's digest. */
export const notGood =
  quality.criticalError |
  quality.clockInvalid |
  quality.notValid |
  quality.suspect |
  quality.future |
  quality.decreased;
