/** Bytes of a concentrator's journal, put together by hand from docs/protocols/concentrator-centre.md, without any encoder of ours. */

const be = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, nth) => Math.floor(value / 256 ** (size - 1 - nth)) % 256);
const length = (count: number): number[] => (count < 0x80 ? [count] : [0x82, ...be(count, 2)]);
export const octets = (bytes: Iterable<number>): number[] => {
  const list = [...bytes];
  return [0x09, ...length(list.length), ...list];
};
export const text = (value: string): number[] => octets(new TextEncoder().encode(value));
export const long = (value: number): number[] => [0x12, ...be(value, 2)];
export const doubleLong = (value: number): number[] => [0x06, ...be(value, 4)];
export const enumOf = (value: number): number[] => [0x16, value];
export const structure = (...fields: number[][]): number[] => [0x02, fields.length, ...fields.flat()];
export const array = (...items: (readonly number[])[]): number[] => [
  0x01,
  ...length(items.length),
  ...items.flat(),
];

/** An instant as date-time in UTC, deviation 0. */
export function dateTime(ms: number): number[] {
  const at = new Date(ms);
  const weekday = at.getUTCDay() || 7;
  const date = [...be(at.getUTCFullYear(), 2), at.getUTCMonth() + 1, at.getUTCDate(), weekday];
  return octets([...date, at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), 0, 0, 0, 0]);
}

export function entryOf(
  number: number,
  logicalDevice: number,
  kind: number,
  body: Iterable<number>,
): Uint8Array {
  const written = dateTime(Date.UTC(2026, 10, 23, 11, 0, 0) + number * 1000);
  return Uint8Array.from([
    0x02,
    5,
    ...doubleLong(number),
    ...written,
    ...long(logicalDevice),
    ...enumOf(kind),
    ...body,
  ]);
}

export const journalOf = (entries: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from([0x01, ...length(entries.length), ...entries.flatMap((entry) => [...entry])]);

/** Body of kind 1: one column 1-0:1.29.0 of energies per quarter-hour, unit 30 = Wh. */
export function profileBody(startMs: number, values: readonly number[], unit = 30): number[] {
  return structure(
    octets([1, 0, 99, 1, 0, 255]),
    long(900),
    dateTime(startMs),
    array(structure(octets([1, 0, 1, 29, 0, 255]), enumOf(0), [0x0f, 0], enumOf(unit))),
    array([0x13, 0x06, ...length(values.length * 4), ...values.flatMap((value) => be(value, 4))]),
    array(),
  );
}

/** Body of kind 4: one meter by itself on line A, never contacted. */
export const metersBody = (logicalDevice: number, name: string, state: number): number[] =>
  array(
    structure(
      long(logicalDevice),
      text(name),
      text("generic"),
      text("A"),
      text("7"),
      long(0),
      [0x11, 0],
      enumOf(state),
      octets([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 0x00, 0xff]),
    ),
  );

/** Body of kind 3: one event. */
export const eventsBody = (atMs: number, code: number, seq = 1): number[] =>
  array(structure(dateTime(atMs), long(code), doubleLong(seq), text("")));

/** The announcement's structure. */
export const announcementBody = (identity: string, newest: number, supply = 0): number[] =>
  structure(
    text(identity),
    text("ENERGSYS-MC/1"),
    text("1.0"),
    long(1),
    doubleLong(newest),
    doubleLong(1),
    doubleLong(0),
    enumOf(supply),
  );
