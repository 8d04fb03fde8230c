/**
 * Every APDU tag that this package knows by name (IEC 62056-5-3 and 62056-53). A tag that is not here is refused with
 * `apdu.tag`; one that is here without a decoder is refused with `apdu.service`.
 */
export const apduTags = {
  "initiate-request": 0x01,
  "read-request": 0x05,
  "write-request": 0x06,
  "initiate-response": 0x08,
  "read-response": 0x0c,
  "write-response": 0x0d,
  "confirmed-service-error": 0x0e,
  "data-notification": 0x0f,
  "data-notification-confirm": 0x10,
  "unconfirmed-write-request": 0x16,
  "information-report": 0x18,
  aarq: 0x60,
  aare: 0x61,
  rlrq: 0x62,
  rlre: 0x63,
  "get-request": 0xc0,
  "set-request": 0xc1,
  "event-notification": 0xc2,
  "action-request": 0xc3,
  "get-response": 0xc4,
  "set-response": 0xc5,
  "action-response": 0xc7,
  "exception-response": 0xd8,
  "access-request": 0xd9,
  "access-response": 0xda,
  "general-block-transfer": 0xe0,
  "gateway-request": 0xe6,
  "gateway-response": 0xe7,
} as const;

export type ApduTagName = keyof typeof apduTags;

/** Tags of APDUs under a key: `tag len SC IC content`, the general ones with a system title before. */
export const cipheredTags = {
  0x21: "glo-initiate-request",
  0x25: "glo-read-request",
  0x26: "glo-write-request",
  0x28: "glo-initiate-response",
  0x2c: "glo-read-response",
  0x2d: "glo-write-response",
  0x2e: "glo-confirmed-service-error",
  0x36: "glo-unconfirmed-write-request",
  0x38: "glo-information-report",
  0x41: "ded-initiate-request",
  0x45: "ded-read-request",
  0x46: "ded-write-request",
  0x48: "ded-initiate-response",
  0x4c: "ded-read-response",
  0x4d: "ded-write-response",
  0x4e: "ded-confirmed-service-error",
  0x56: "ded-unconfirmed-write-request",
  0x58: "ded-information-report",
  0xc8: "glo-get-request",
  0xc9: "glo-set-request",
  0xca: "glo-event-notification",
  0xcb: "glo-action-request",
  0xcc: "glo-get-response",
  0xcd: "glo-set-response",
  0xcf: "glo-action-response",
  0xd0: "ded-get-request",
  0xd1: "ded-set-request",
  0xd2: "ded-event-notification",
  0xd3: "ded-action-request",
  0xd4: "ded-get-response",
  0xd5: "ded-set-response",
  0xd7: "ded-action-response",
  0xdb: "general-glo-ciphering",
  0xdc: "general-ded-ciphering",
} as const satisfies Readonly<Record<number, string>>;

/** Known by name; their content is not taken apart yet. */
export const closedTags = { 0xdd: "general-ciphering", 0xdf: "general-signing" } as const;
