import type { ImportCheck } from "../api/client.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { fieldImportText } from "./messages.ts";

const shownMax = 100;

/** What a file holds: by meter what is new and what differs, and what is refused and why. */
export function ImportCheckPanel({ check }: { readonly check: ImportCheck }) {
  const { t, f } = useLocale();
  const { kind, meters, refused, refusedTotal } = check;
  const shown = meters.slice(0, shownMax);
  const made = check.made === null ? Number.NaN : Date.parse(check.made);
  return (
    <div className="e-stack" role="status">
      <h2>{t("field.found")}</h2>
      <p>
        {kind === "concentrator-dump"
          ? t("field.dump", {
              identity: check.identity ?? "",
              made: Number.isNaN(made) ? noValue : f.instant(made),
              first: f.number(check.first ?? 0),
              last: f.number(check.last ?? 0),
              beyond: f.number(check.beyondCursor),
            })
          : t(kind === "load-curves" ? "field.load-curves" : "field.hand-held", { entries: check.entries })}
      </p>
      {check.before === null ? null : (
        <p className="e-notice" data-tone="warning">
          {t("field.before")}
        </p>
      )}
      {shown.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
        <section className="e-scroll-x" tabIndex={0} aria-label={t("field.found")}>
          <table className="e-list-table">
            <thead>
              <tr>
                {(["meter", "intervals", "readings", "added", "differ", "note"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`field.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((meter) => (
                <tr key={meter.name}>
                  <td>{meter.name}</td>
                  {([meter.intervals, meter.readings, meter.added, meter.differ] as const).map(
                    (count, nth) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: the columns stand in this order.
                      <td key={nth} className="e-num">
                        {f.number(count)}
                      </td>
                    ),
                  )}
                  <td>
                    {meter.adopted ? null : t("field.not-adopted")}
                    {meter.lower > 0 ? t("field.lower", { count: meter.lower }) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {meters.length > shown.length ? (
        <p className="e-muted">{t("field.meters-more", { count: meters.length - shown.length })}</p>
      ) : null}
      <h2>{t("field.refused", { count: refusedTotal })}</h2>
      {refused.length > 0 ? (
        <ul className="e-stack e-small" style={{ gap: 4 }}>
          {refused.slice(0, shownMax).map((line, nth) => {
            const key = `refused.${line.reason}`;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: entries without a line are told apart by nothing else.
              <li key={nth}>
                {line.line === null ? null : <strong>{t("field.line", { line: line.line })}: </strong>}
                {key in fieldImportText ? t(key as MessageKey) : line.reason}{" "}
                <span className="e-muted e-break">{line.text}</span>
              </li>
            );
          })}
        </ul>
      ) : null}
    </div>
  );
}
