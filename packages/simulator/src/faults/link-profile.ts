/** How bad a connection is, in each direction. What is left out does not happen. */
export interface LinkProfile {
  /** One way. */
  readonly latencyMs?: number;
  /** The latency wanders by so much to both sides. */
  readonly jitterMs?: number;
  readonly bytesPerSecond?: number;
  /** Bits turned over, per byte. */
  readonly flipsPerByte?: number;
  /** Part of the pieces that are lost on the way and come again after a time-out of the transport. */
  readonly lossPart?: number;
  /** Part of the pieces before which everything stands still, and for how long. */
  readonly stallPart?: number;
  readonly stallMs?: readonly [least: number, most: number];
  /** Connections that are cut, per byte that passes. */
  readonly cutsPerByte?: number;
  /** Connections that stand but carry nothing any more, per byte that passes. */
  readonly deadPerByte?: number;
}

/** Profiles by name. `gprs`: 800 ms there and back, 200 ms to each side, 2 kB/s, one piece in fifty stalls for 0.3 to 3 s. */
export const linkProfiles = {
  clean: {},
  lan: { latencyMs: 1, jitterMs: 0.5, bytesPerSecond: 10_000_000 },
  lte: { latencyMs: 40, jitterMs: 15, bytesPerSecond: 500_000, lossPart: 0.002 },
  gprs: { latencyMs: 400, jitterMs: 100, bytesPerSecond: 2000, stallPart: 0.02, stallMs: [300, 3000] },
  "gprs-bad": {
    latencyMs: 700,
    jitterMs: 300,
    bytesPerSecond: 900,
    lossPart: 0.03,
    stallPart: 0.04,
    stallMs: [500, 12_000],
    cutsPerByte: 1 / 200_000,
    deadPerByte: 1 / 1_000_000,
  },
  // A module of 868 MHz to the next one: 38.4 kbit/s with its frames around them, half of it for the answer.
  radio: { latencyMs: 40, jitterMs: 20, bytesPerSecond: 2400, lossPart: 0.02 },
  noisy: { flipsPerByte: 1e-4 },
  cutting: { cutsPerByte: 1 / 20_000 },
  dead: { deadPerByte: 1 / 20_000 },
} as const satisfies Readonly<Record<string, LinkProfile>>;
export type LinkProfileName = keyof typeof linkProfiles;

/**
 * The same link so many times one after the other, as radio modules hand on what their neighbour sent: what passes waits at each of
 * them, what goes wrong has as many chances, and all of them share one channel.
 * @param hops a whole number from 1
 */
export function overHops(profile: LinkProfile, hops: number): LinkProfile {
  const times = (value: number | undefined, factor = hops) =>
    value === undefined ? undefined : value * factor;
  const atLeastOnce = (part: number | undefined) => (part === undefined ? undefined : 1 - (1 - part) ** hops);
  const { stallMs } = profile;
  const all = {
    latencyMs: times(profile.latencyMs),
    jitterMs: times(profile.jitterMs),
    bytesPerSecond: times(profile.bytesPerSecond, 1 / hops),
    flipsPerByte: times(profile.flipsPerByte),
    lossPart: atLeastOnce(profile.lossPart),
    stallPart: atLeastOnce(profile.stallPart),
    stallMs,
    cutsPerByte: times(profile.cutsPerByte),
    deadPerByte: times(profile.deadPerByte),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A profile by its name; `undefined` for one that is not there. */
export const findLinkProfile = (name: string): LinkProfile | undefined =>
  Object.hasOwn(linkProfiles, name) ? linkProfiles[name as LinkProfileName] : undefined;
