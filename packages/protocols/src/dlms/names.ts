/** Data access results (IEC 62056-5-3). A number that is not here reads as `result-<number>`. */
export const dataAccessResults: Readonly<Record<number, string>> = {
  0: "success",
  1: "hardware-fault",
  2: "temporary-failure",
  3: "read-write-denied",
  4: "object-undefined",
  9: "object-class-inconsistent",
  11: "object-unavailable",
  12: "type-unmatched",
  13: "scope-of-access-violated",
  14: "data-block-unavailable",
  15: "long-get-aborted",
  16: "no-long-get-in-progress",
  17: "long-set-aborted",
  18: "no-long-set-in-progress",
  19: "data-block-number-invalid",
  250: "other-reason",
};

export const actionResults: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(dataAccessResults).filter(([code]) => Number(code) < 15)),
  15: "long-action-aborted",
  16: "no-long-action-in-progress",
  250: "other-reason",
};

export const nameOf = (table: Readonly<Record<number, string>>, code: number): string =>
  table[code] ?? `result-${code}`;

/** The number of a name made by `nameOf`. */
export function codeOf(table: Readonly<Record<number, string>>, name: string): number {
  for (const [code, known] of Object.entries(table)) if (known === name) return Number(code);
  const match = /^result-(\d+)$/.exec(name);
  if (!match) throw new RangeError(`unknown result ${name}`);
  return Number(match[1]);
}
