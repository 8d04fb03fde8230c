import type { ChangedFields } from "@energsys/store";
import { iso } from "./instants.ts";

/** An entry of a history as the API gives it: each field that was changed, from what to what. */
export function entryAnswer<const Field extends string>(
  {
    at,
    by,
    note,
    change,
  }: {
    readonly at: number;
    readonly by: string;
    readonly note: string;
    readonly change: ChangedFields | null;
  },
  fields: readonly Field[],
) {
  const told = (value: unknown) => (value === null || value === undefined ? null : String(value));
  return {
    at: iso(at),
    by,
    note,
    changes: fields.flatMap((field) => {
      const pair = change?.[field];
      return pair ? [{ field, before: told(pair[0]), after: told(pair[1]) }] : [];
    }),
  };
}
