import type { Random } from "./random.ts";

export interface Material {
  readonly corpus: readonly Uint8Array[];
  readonly literals: readonly Uint8Array[];
  readonly lengthMax: number;
}

/** Values at which lengths, counts and tags turn over. */
const edges = [0x00, 0x01, 0x02, 0x7e, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0xc1, 0xfe, 0xff] as const;

function replace(bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array {
  const changed = new Uint8Array(from + by.length + bytes.length - to);
  changed.set(bytes.subarray(0, from));
  changed.set(by, from);
  changed.set(bytes.subarray(to), from + by.length);
  return changed;
}

const nothing = new Uint8Array(0);

type Mutation = (bytes: Uint8Array, random: Random, material: Material) => Uint8Array;

const setByte = (bytes: Uint8Array, random: Random, value: (before: number) => number): Uint8Array => {
  if (bytes.length === 0) return bytes;
  const changed = bytes.slice();
  const at = random.below(bytes.length);
  changed[at] = value(bytes[at]!);
  return changed;
};

/** A stretch of `bytes`, short ones more often. */
const stretch = (bytes: Uint8Array, random: Random): [number, number] => {
  const from = random.below(bytes.length + 1);
  const longest = bytes.length - from;
  const length = longest === 0 ? 0 : 1 + random.below(random.below(4) === 0 ? longest : Math.min(longest, 8));
  return [from, from + Math.min(length, longest)];
};

const mutations: readonly Mutation[] = [
  (bytes, random) => setByte(bytes, random, (before) => before ^ (1 << random.below(8))),
  (bytes, random) => setByte(bytes, random, () => random.below(256)),
  (bytes, random) => setByte(bytes, random, () => random.pick(edges)),
  (bytes, random) => setByte(bytes, random, (before) => before + random.below(9) - 4),
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return replace(
      bytes,
      at,
      at,
      Uint8Array.from({ length: 1 + random.below(4) }, () => random.below(256)),
    );
  },
  (bytes, random) => replace(bytes, ...stretch(bytes, random), nothing),
  (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    const at = random.below(bytes.length + 1);
    return replace(bytes, at, at, bytes.slice(from, to));
  },
  (bytes, random, { literals }) => {
    const at = random.below(bytes.length + 1);
    return replace(bytes, at, at, random.pick(literals));
  },
  (bytes, random, { literals }) => {
    const literal = random.pick(literals);
    const at = random.below(bytes.length + 1);
    return replace(bytes, at, Math.min(bytes.length, at + literal.length), literal);
  },
  (bytes, random, { corpus }) => {
    const other = random.pick(corpus);
    return replace(
      bytes,
      random.below(bytes.length + 1),
      bytes.length,
      other.subarray(random.below(other.length + 1)),
    );
  },
  (bytes, random, { corpus }) => {
    const other = random.pick(corpus);
    return replace(bytes, ...stretch(bytes, random), other.subarray(...stretch(other, random)));
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
];

/** Changes an input in one to four ways. */
export function mutate(bytes: Uint8Array, random: Random, material: Material): Uint8Array {
  let changed = bytes;
  for (let turns = 1 + random.below(4); turns > 0; turns--) {
    changed = random.pick(mutations)(changed, random, material);
  }
  return changed.subarray(0, material.lengthMax);
}

/** Cuts bytes into chunks of random lengths, single bytes among them. */
export function cutAnywhere(bytes: Uint8Array, random: Random): Uint8Array[] {
  const longest = random.pick([1, 3, 17, 200]);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.below(longest);
    chunks.push(bytes.slice(at, at + length));
    at += length;
  }
  return chunks;
}
