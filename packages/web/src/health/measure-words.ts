import type { SystemHealth } from "../api/client.ts";
import type { Translate } from "../text/provider.tsx";
import { type Formats, noValue } from "../time/format.ts";

type Measure = SystemHealth["measures"][number];

/** A value of a measure in words of its unit. */
export function valueWords(t: Translate, f: Formats, measure: Measure, value: number | null): string {
  if (value === null) return noValue;
  if (measure.name === "backup-apart") return t(value === 1 ? "common.yes" : "common.no");
  switch (measure.unit) {
    case "bytes":
      return f.bytes(value);
    case "bytes-per-minute":
      return t("health.per-minute", { value: f.bytes(value) });
    case "per-minute":
      return t("health.per-minute", { value: f.number(value) });
    case "percent":
      return f.percent(value, Number.isInteger(value) ? 0 : 1);
    case "seconds":
      return f.duration(value * 1_000);
    case "days":
      return f.duration(value * 86_400_000);
    case "ms":
      return `${f.number(value)} ms`;
    default:
      return f.number(value);
  }
}

/** The bounds of a measure: "▲ from 15 %, ■ from 5 %". Undefined where it has none. */
export function boundWords(t: Translate, f: Formats, measure: Measure): string | undefined {
  if (measure.name === "backup-apart") return `▲ ${t("common.no")}`;
  const parts = (["warning", "bad"] as const).flatMap((level) => {
    const bound = measure[level];
    if (bound === null) return [];
    const shape = level === "warning" ? "▲" : "■";
    return [
      t(measure.bound === "above" ? "health.from" : "health.down-to", {
        shape,
        bound: valueWords(t, f, measure, bound),
      }),
    ];
  });
  return parts.length === 0 ? undefined : parts.join(" · ");
}
