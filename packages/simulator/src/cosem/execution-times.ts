import type { DataValue } from "@energsys/protocols/dlms";
import { instantOf } from "../dlms/date-time.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";

const dayMs = 86_400_000;
/** Days that are looked through for the next time; a pattern such as 29 February needs some years. */
const daysMost = 1500;

/** The first instant after now that one of the times {time, date} names; wildcards in the date mean every such day. */
export function nextTime(times: DataValue, meter: VirtualMeter): number | undefined {
  if (times.type !== "array") return undefined;
  const found = times.items.map((item) => nextOf(item, meter)).filter((atMs) => atMs !== undefined);
  return found.length > 0 ? Math.min(...found) : undefined;
}

function nextOf(item: DataValue, meter: VirtualMeter): number | undefined {
  const [time, date] = item.type === "structure" ? item.items : [];
  if (time?.type !== "octet-string" || date?.type !== "octet-string") return undefined;
  if (time.bytes.length !== 4 || date.bytes.length !== 5) return undefined;
  const now = meter.now();
  for (let day = 0; day < daysMost; day++) {
    const local = meter.local(now + day * dayMs);
    if (!matches(date.bytes, local)) continue;
    const { year, month, dayOfMonth } = local;
    const stamp = [year >> 8, year & 0xff, month, dayOfMonth, 0xff, ...time.bytes, 0x80, 0, 0xff];
    const atMs = instantOf(Uint8Array.from(stamp), meter);
    if (atMs !== undefined && atMs > now) return atMs;
  }
  return undefined;
}

function matches(
  date: Uint8Array,
  local: {
    readonly year: number;
    readonly month: number;
    readonly dayOfMonth: number;
    readonly dayOfWeek: number;
  },
): boolean {
  const [, , month, dayOfMonth, dayOfWeek] = date;
  const year = ((date[0] as number) << 8) | (date[1] as number);
  const is = (pattern: number | undefined, value: number) => pattern === 0xff || pattern === value;
  return (
    (year === 0xffff || year === local.year) &&
    is(month, local.month) &&
    is(dayOfMonth, local.dayOfMonth) &&
    is(dayOfWeek, local.dayOfWeek)
  );
}
