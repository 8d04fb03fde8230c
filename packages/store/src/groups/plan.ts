/** A row of a group that holds: a point (or a group above) for a time. Infinity while it lasts. */
export interface HeldRow {
  readonly id: number;
  readonly of: number;
  readonly sign: 1 | -1;
  readonly fromMs: number;
  readonly toMs: number;
}
export type PlannedRow = Omit<HeldRow, "id">;

/** What somebody wants, for [fromMs, toMs). */
export interface WantedChange {
  readonly fromMs: number;
  /** Infinity: for good. */
  readonly toMs: number;
  readonly add: readonly { readonly of: number; readonly sign: 1 | -1 }[];
  readonly remove: readonly number[];
}

/** Rows that end and rows that come instead; and what it means to people. */
export interface ChangePlan {
  readonly ended: readonly HeldRow[];
  readonly added: readonly PlannedRow[];
  readonly joining: readonly number[];
  readonly leaving: readonly number[];
  readonly signChanged: readonly number[];
  /** Asked for, and so already. */
  readonly unchanged: number;
}

/**
 * Cuts the time of a change out of what holds and puts the new in. What was planned for later stays: somebody who joins stays until the
 * next row begins, and a change of sign ends where the row ends that it changes.
 */
export function planChange(held: readonly HeldRow[], wanted: WantedChange): ChangePlan {
  const byPoint = Map.groupBy(held, ({ of }) => of);
  const { fromMs, toMs } = wanted;
  const ended: HeldRow[] = [];
  const added: PlannedRow[] = [];
  const joining: number[] = [];
  const leaving: number[] = [];
  const signChanged: number[] = [];
  let unchanged = 0;

  const cut = (row: HeldRow) => {
    ended.push(row);
    if (row.fromMs < fromMs) added.push(piece(row, row.fromMs, fromMs));
    if (row.toMs > toMs) added.push(piece(row, toMs, row.toMs));
  };
  for (const { of, sign } of wanted.add) {
    const rows = byPoint.get(of) ?? [];
    const covering = rows.find((row) => row.fromMs <= fromMs && row.toMs > fromMs);
    if (covering?.sign === sign) {
      unchanged++;
      continue;
    }
    const next = Math.min(
      ...rows.filter((row) => row.fromMs > fromMs).map((row) => row.fromMs),
      Number.POSITIVE_INFINITY,
    );
    if (covering) {
      cut(covering);
      signChanged.push(of);
    } else joining.push(of);
    added.push({ of, sign, fromMs, toMs: Math.min(toMs, covering?.toMs ?? next) });
  }
  for (const of of wanted.remove) {
    const touched = (byPoint.get(of) ?? []).filter((row) => row.toMs > fromMs && row.fromMs < toMs);
    if (touched.length === 0) {
      unchanged++;
      continue;
    }
    for (const row of touched) cut(row);
    leaving.push(of);
  }
  return { ended, added, joining, leaving, signChanged, unchanged };
}

const piece = ({ of, sign }: HeldRow, fromMs: number, toMs: number): PlannedRow => ({
  of,
  sign,
  fromMs,
  toMs,
});

/** The change that makes the group at `fromMs` consist of exactly these. */
export function wantedSet(
  held: readonly HeldRow[],
  fromMs: number,
  toMs: number,
  list: readonly { readonly of: number; readonly sign: 1 | -1 }[],
): WantedChange {
  const wanted = new Set(list.map(({ of }) => of));
  const now = held.filter((row) => row.fromMs <= fromMs && row.toMs > fromMs);
  return {
    fromMs,
    toMs,
    add: list,
    remove: [...new Set(now.map(({ of }) => of))].filter((of) => !wanted.has(of)),
  };
}
