import type { LogEntry } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { wordOf } from "./words.ts";

const fieldsMax = 12;

/** What an entry changed, field by field: name, initial value, final value. */
export function Difference({ entry }: { readonly entry: LogEntry }) {
  const { t } = useLocale();
  const show = useValueWords();
  const { before, after } = entry;
  if (!before && !after) return <>{noValue}</>;
  if (entry.action === "add" && entry.records > 1 && after && "first" in after) {
    return (
      <>{t("log.range", { count: entry.records, first: String(after.first), last: String(after.last) })}</>
    );
  }
  // What was added or removed is told by what it had; only a change tells of what became empty.
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((name) =>
    before && after
      ? JSON.stringify(before[name]) !== JSON.stringify(after[name])
      : (before ?? after)?.[name] != null,
  );
  const shown = names.slice(0, fieldsMax);
  return (
    <>
      <dl className="e-difference">
        {shown.map((name) => (
          <div key={name}>
            <dt>{wordOf(t, "field", name)}</dt>
            <dd>
              {before && name in before ? <span>{show(before[name])}</span> : null}
              {before && name in before && after && name in after ? " → " : null}
              {after && name in after ? <strong>{show(after[name])}</strong> : null}
            </dd>
          </div>
        ))}
      </dl>
      {names.length > shown.length ? <div className="e-muted">… {names.length - shown.length}</div> : null}
    </>
  );
}

/** Values as people read them. A hidden one says that it is hidden, a hashed one that it is another person's. */
function useValueWords(): (value: unknown) => string {
  const { t, f } = useLocale();
  const show = (value: unknown): string => {
    if (value === null || value === undefined || value === "") return t("log.empty");
    if (value === "***") return t("log.hidden");
    if (typeof value === "boolean") return t(value ? "log.yes" : "log.no");
    // Whole numbers are more often a year or a serial number than a quantity, so they are not grouped.
    if (typeof value === "number" && Number.isInteger(value)) return String(value);
    if (typeof value === "number") return f.decimal(String(value));
    if (typeof value !== "string") {
      return Object.entries(value as object)
        .map(
          ([name, inner]) => `${name}: ${typeof inner === "object" ? JSON.stringify(inner) : String(inner)}`,
        )
        .join(", ");
    }
    if (/^#[0-9a-f]{16}$/.test(value)) return t("log.hashed", { hash: value });
    if (/^-?\d+\.\d+$/.test(value)) return f.decimal(value);
    if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)$/.test(value)) return f.instant(Date.parse(value));
    const range = /^\["?([^",]*)"?,"?([^",)]*)"?\)$/.exec(value);
    if (range)
      return range
        .slice(1)
        .map((end) => (end ? f.instant(Date.parse(isoOf(end))) : "…"))
        .join(" – ");
    return value;
  };
  return show;
}

/** `2026-11-26 04:00:00+00` of a range, as every browser reads it. */
const isoOf = (end: string): string => end.replace(" ", "T").replace(/\+00$/, "Z");
