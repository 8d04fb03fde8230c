import type { TamperKind } from "../losses/suspects/cell.ts";
import { type EventTableName, eventTables } from "./event-tables.ts";
import type { MeterModel } from "./model.ts";

const kinds: Readonly<Record<string, TamperKind>> = {
  "strong-dc-field-on": "magnet",
  "terminal-cover-removed": "cover",
  "meter-cover-removed": "cover",
  "tamper-opened": "cover",
  "current-reversal": "reversed-current",
};

/** Event codes that say of somebody at a meter, with what they say. */
export const tamperCodes: ReadonlyMap<string, TamperKind> = new Map(
  Object.entries(eventTables).flatMap(([table, names]) =>
    Object.entries(names).flatMap(([code, name]) => {
      const kind = kinds[name];
      return kind ? [[`${table}:${code}`, kind] as const] : [];
    }),
  ),
);

/** What the logs of a model can say of somebody at the meter. */
export function noticedBy({ eventLogs }: Pick<MeterModel, "eventLogs">): TamperKind[] {
  const namesOf = (table: EventTableName): readonly string[] => Object.values(eventTables[table]);
  return [...new Set(eventLogs.flatMap(({ table }) => namesOf(table).flatMap((name) => kinds[name] ?? [])))];
}
