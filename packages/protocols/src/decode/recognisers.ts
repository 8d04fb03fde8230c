import { bareApdu, dlmsSession, hdlcFrames, mbusFrames, wrapperFrames } from "./dlms.ts";
import { bareCiphertext, cipheredTelegrams } from "./dlms-ciphered.ts";
import type { Recogniser, SessionRecogniser } from "./explanation.ts";
import { iecSession } from "./iec-session.ts";
import { iecCommands, iecDataSets, iecMessages } from "./iec-text.ts";

/** Every format of telegram, in the order in which they are asked. */
export const recognisers: readonly Recogniser[] = [
  iecMessages,
  iecCommands,
  iecDataSets,
  hdlcFrames,
  mbusFrames,
  wrapperFrames,
  cipheredTelegrams,
  bareApdu,
  bareCiphertext,
];

/** Every protocol of recorded exchanges. */
export const sessionRecognisers: readonly SessionRecogniser[] = [dlmsSession, iecSession];
