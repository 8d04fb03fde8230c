import { bareApdu, dlmsSession, hdlcFrames, mbusFrames, wrapperFrames } from "./dlms.ts";
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
  bareApdu,
];

/** Every protocol of recorded exchanges. */
export const sessionRecognisers: readonly SessionRecogniser[] = [dlmsSession, iecSession];
