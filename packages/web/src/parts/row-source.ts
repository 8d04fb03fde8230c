import { keepPreviousData, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";

/** Rows of a table, wherever they are: the table asks only for those that it shows. */
export interface RowSource<Row> {
  /** Changes with the filters and the order: other rows stand at the same places. */
  readonly key: string;
  readonly total: number;
  /** Nothing is known yet. */
  readonly isPending: boolean;
  /** Rows of other filters are shown until the first of these are there. */
  readonly isFormer: boolean;
  readonly error: unknown;
  /** Undefined while it is on its way. */
  row(index: number): Row | undefined;
  /** The rows from..to (exclusive) are about to be seen. */
  want(from: number, to: number): void;
  /** Every row from..to, fetched where it is missing. */
  load(from: number, to: number): Promise<Row[]>;
  retry(): void;
}

export interface RowWindow<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export const windowRows = 200;

/** Rows that the server gives in windows of 200; `key` names the filters and the order. */
export function useServerRows<Row>(
  key: readonly unknown[],
  fetchWindow: (offset: number, limit: number, signal: AbortSignal) => Promise<RowWindow<Row>>,
): RowSource<Row> {
  const queries = useQueryClient();
  const [range, setRange] = useState({ first: 0, last: 0 });
  const queryOf = (window: number) => ({
    queryKey: [...key, "window", window],
    queryFn: ({ signal }: { signal: AbortSignal }) => fetchWindow(window * windowRows, windowRows, signal),
    staleTime: 30_000,
  });
  const windows = Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
  const answers = useQueries({
    queries: windows.map((window) => ({
      ...queryOf(window),
      ...(window === 0 ? { placeholderData: keepPreviousData } : {}),
    })),
  });
  const totals = useRef({ key: "", total: 0, known: false });
  const keyText = JSON.stringify(key);
  const fresh = answers.find((answer) => answer.data && !answer.isPlaceholderData)?.data?.total;
  if (fresh !== undefined) totals.current = { key: keyText, total: fresh, known: true };
  const { total, known } = totals.current;
  const error = answers.find((answer) => answer.isError)?.error ?? null;

  const want = useCallback((from: number, to: number) => {
    const first = Math.max(0, Math.floor(from / windowRows));
    const last = Math.max(first, Math.floor(Math.max(to - 1, 0) / windowRows));
    setRange((now) => (now.first === first && now.last === last ? now : { first, last }));
  }, []);

  return {
    key: keyText,
    total,
    isPending: !known,
    isFormer: answers.some((answer) => answer.isPlaceholderData),
    error,
    row: (index) => {
      const window = Math.floor(index / windowRows);
      return answers[window - range.first]?.data?.rows[index - window * windowRows];
    },
    want,
    load: async (from, to) => {
      const rows: Row[] = [];
      for (let window = Math.floor(from / windowRows); window * windowRows < to; window += 1) {
        const answer = await queries.ensureQueryData(queryOf(window));
        const start = window * windowRows;
        rows.push(...answer.rows.slice(Math.max(0, from - start), to - start));
      }
      return rows;
    },
    retry: () => void queries.invalidateQueries({ queryKey: key }),
  };
}

/** Rows that are all at hand. */
export function useLocalRows<Row>(rows: readonly Row[], isFormer = false): RowSource<Row> {
  return useMemo(
    () => ({
      key: "local",
      total: rows.length,
      isPending: false,
      isFormer,
      error: null,
      row: (index: number) => rows[index],
      want: () => {},
      load: async (from: number, to: number) => rows.slice(from, to),
      retry: () => {},
    }),
    [rows, isFormer],
  );
}
