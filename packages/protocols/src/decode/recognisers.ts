import type { Recogniser, SessionRecogniser } from "./explanation.ts";

/** Every format of telegram, in the order in which they are asked. */
export const recognisers: readonly Recogniser[] = [];

/** Every protocol of recorded exchanges. */
export const sessionRecognisers: readonly SessionRecogniser[] = [];
