/**
 * What is accepted from outside, in one place. A test may pass its own; an installation only lowers them.
 */
export const limits = {
  bodyBytesMax: 1_048_576,
  /** Of a file that is brought to be imported, as JSON. */
  importBytesMax: 48 * 1_048_576,
  jsonDepthMax: 32,
  exportRowsMax: 100_000,
  /** Market days of one load curve. */
  curveDaysMax: 400,
  /** Days of points that one report unpacks: some seconds of a core. Totals by day or month come from digests and have no such limit. */
  pointDaysMax: 2_000_000,
  /** Quarter-hours of curves that a report of people's own holds at once; each takes some 40 bytes here and 20 where formulas run. */
  reportSlotsMax: 250_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  /** Calls per minute. A file of the web application is not a call of the API: a page needs dozens. */
  anonymousPerMinute: 60,
  userPerMinute: 600,
  /** Of the web application, per address: a first load takes some forty, and an office of people shares one address after an upgrade. */
  filePerMinute: 12_000,
  loginPerMinute: 10,
  exportPerMinute: 6,
  /** Passwords that are hashed at the same time; each takes 19 MiB and some 20 ms of a core. */
  hashesAtOnceMax: 2,
  /** Sign-ins that wait for their turn, and how long: a whole shift may come at one moment. */
  hashesWaitingMax: 600,
  hashWaitMs: 25_000,
  /** A refused sign-in is answered at a multiple of this, so that its time does not tell what was looked up. */
  refusalMs: 400,
  /** For all servers of all directories together: an answer comes within three seconds. */
  directoryMs: 2_400,
  /** A sign-in that waits for its second factor, or for one to be set up. */
  signInStepMs: 10 * 60_000,
  /** Dangerous operations ask anew who somebody is when it was shown longer ago. */
  stepUpMs: 5 * 60_000,
  apiTokenDaysMax: 365,
  apiTokensMax: 50,
  factorsMax: 10,
  /** Live items kept for browsers that come back. */
  streamRingMax: 10_000,
  /** A browser that reads slower than this fills is cut off; it comes back and resumes. */
  streamBufferBytesMax: 262_144,
  streamClientsMax: 500,
  streamHeartbeatMs: 5_000,
  /** A session that was closed or disabled loses its streams within this, plus one query. */
  streamCheckMs: 3_000,
  /** The database counts as away when it has not answered for so long. */
  databaseSilentMs: 800,
  databaseProbeMs: 200,
  /** Certificates are looked at so often: new files are in use soon after. */
  tlsLookMs: 10_000,
  stopMs: 10_000,
} as const;

export type Limits = { readonly [Name in keyof typeof limits]: number };
