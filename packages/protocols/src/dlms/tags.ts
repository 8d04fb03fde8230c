/**
 * Every APDU tag that this package knows by name (IEC 62056-5-3 and 62056-53). A tag that is not here is refused with
 * `apdu.tag`.
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
  33: "glo-initiate-request",
  37: "glo-read-request",
  38: "glo-write-request",
  40: "glo-initiate-response",
  44: "glo-read-response",
  45: "glo-write-response",
  46: "glo-confirmed-service-error",
  54: "glo-unconfirmed-write-request",
  56: "glo-information-report",
  65: "ded-initiate-request",
  69: "ded-read-request",
  70: "ded-write-request",
  72: "ded-initiate-response",
  76: "ded-read-response",
  77: "ded-write-response",
  78: "ded-confirmed-service-error",
  86: "ded-unconfirmed-write-request",
  88: "ded-information-report",
  200: "glo-get-request",
  201: "glo-set-request",
  202: "glo-event-notification",
  203: "glo-action-request",
  204: "glo-get-response",
  205: "glo-set-response",
  207: "glo-action-response",
  208: "ded-get-request",
  209: "ded-set-request",
  210: "ded-event-notification",
  211: "ded-action-request",
  212: "ded-get-response",
  213: "ded-set-response",
  215: "ded-action-response",
  219: "general-glo-ciphering",
  220: "general-ded-ciphering",
} as const satisfies Readonly<Record<number, string>>;

/** Known by name; their content is not taken apart yet. */
export const closedTags = { 221: "general-ciphering", 223: "general-signing" } as const;
