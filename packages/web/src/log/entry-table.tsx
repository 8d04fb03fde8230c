import { Link } from "@tanstack/react-router";
import type { LogEntry } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { Difference } from "./difference.tsx";
import { wordOf } from "./words.ts";

/** Entries of the application or the parametrisation log. */
export function EntryTable(props: { readonly label: string; readonly entries: readonly LogEntry[] }) {
  const { t, f } = useLocale();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-panel e-scroll-x" tabIndex={0} aria-label={props.label}>
      <table className="e-list-table e-log-table">
        <thead>
          <tr>
            <th scope="col">{t("log.time")}</th>
            <th scope="col">{t("log.user")}</th>
            <th scope="col">{t("log.page")}</th>
            <th scope="col">{t("log.operation")}</th>
            <th scope="col">{t("log.object")}</th>
            <th scope="col" className="e-num">
              {t("log.records")}
            </th>
            <th scope="col">{t("log.change")}</th>
            <th scope="col">{t("log.reason")}</th>
          </tr>
        </thead>
        <tbody>
          {props.entries.map((entry) => (
            <tr key={entry.seq}>
              <td className="e-log-time" title={`#${entry.seq}`}>
                {f.instant(Date.parse(entry.at))}
              </td>
              <td title={[entry.address, entry.session, entry.role].filter(Boolean).join(" · ")}>
                {entry.actor === "unknown/sql" ? t("log.unknown-sql") : entry.actor}
                {entry.severity === "alarm" ? (
                  <div>
                    <Mark shape="■" tone="bad">
                      {t("log.alarm")}
                    </Mark>
                  </div>
                ) : null}
              </td>
              <td>{entry.page ?? noValue}</td>
              <td title={entry.operation ?? undefined}>{wordOf(t, "action", entry.action)}</td>
              <td>
                <ObjectCell entry={entry} />
              </td>
              <td className="e-num">{f.number(entry.records)}</td>
              <td>
                <Difference entry={entry} />
              </td>
              <td>{entry.reason ?? noValue}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ObjectCell({ entry }: { readonly entry: LogEntry }) {
  const { t } = useLocale();
  if (entry.objectType === null) return <>{noValue}</>;
  const name = entry.objectName ?? entry.objectId;
  return (
    <>
      <span className="e-muted">{wordOf(t, "thing", entry.objectType)}</span>{" "}
      {entry.pointId === null || name === null ? (
        name
      ) : (
        <Link to="/points/$pointId" params={{ pointId: entry.pointId }} search={{}} className="e-num">
          {name}
        </Link>
      )}
    </>
  );
}
