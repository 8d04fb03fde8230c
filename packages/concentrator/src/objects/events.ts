import { type DataValue, decodeData, integerOf } from "@energsys/protocols/dlms";
import type { JournalEntry } from "./served-core.ts";
import { instantIn, type LocalOffset, textIn } from "./values.ts";

/** One event out of a journal entry of kind 3. */
export interface KeptEvent {
  readonly atMs: number;
  readonly code: number;
  /** In the device's own ring, or 0. */
  readonly number: number;
  readonly detail: string;
}

/** Events of one entry, in their order; what is no event is left out. */
export function eventsIn({ body }: JournalEntry, offset: (ms: number) => LocalOffset): KeptEvent[] {
  const value = decodeData(body);
  return value.type === "array" ? value.items.flatMap((item) => eventOf(item, offset)) : [];
}

function eventOf(item: DataValue, offset: (ms: number) => LocalOffset): KeptEvent[] {
  if (item.type !== "structure") return [];
  const [when, code, number, detail] = item.items;
  const atMs = instantIn(when, offset);
  const codeNumber = code && integerOf(code);
  if (atMs === undefined || codeNumber === undefined) return [];
  return [
    {
      atMs,
      code: Number(codeNumber),
      number: Number((number && integerOf(number)) ?? 0n),
      detail: (detail && textIn(detail)) ?? "",
    },
  ];
}
