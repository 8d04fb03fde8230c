import type { Operations } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";

type Hour = Operations["read"]["byHour"][number];

/** Ended reads of each hour: done below, failed on top; the same numbers as a table for whoever cannot see bars. */
export function HourBars(props: { readonly hours: readonly Hour[]; readonly dayMs: number }) {
  const { t, f, zone } = useLocale();
  const { hours } = props;
  const most = Math.max(1, ...hours.map((hour) => hour.done + hour.failed));
  const label = (hour: Hour) => f.clock(Date.parse(hour.hour));
  return (
    <figure className="e-panel" id="acquisition" aria-labelledby="acquisition-title">
      <div className="e-panel-head">
        <h2 id="acquisition-title">{t("op.acquisition")}</h2>
        <span className="e-row e-small" aria-hidden="true">
          <span className="e-bar-key" data-kind="done" /> {t("bars.done")}
          <span className="e-bar-key" data-kind="failed" /> {t("bars.failed")}
        </span>
      </div>
      <div className="e-panel-body">
        {hours.length === 0 ? <p className="e-muted">{t("op.no-reads")}</p> : null}
        <div className="e-bars" aria-hidden="true">
          {hours.map((hour) => (
            <div
              key={hour.hour}
              className="e-bar-slot"
              title={t("op.hour-label", {
                hour: label(hour),
                done: f.number(hour.done),
                failed: f.number(hour.failed),
              })}
            >
              <div
                className="e-bar"
                data-kind="failed"
                style={{ height: `${(100 * hour.failed) / most}%` }}
              />
              <div className="e-bar" data-kind="done" style={{ height: `${(100 * hour.done) / most}%` }} />
            </div>
          ))}
        </div>
        <div className="e-bar-labels e-num" aria-hidden="true">
          {hours.map((hour, index) => (
            <span key={hour.hour}>
              {index % Math.max(1, Math.ceil(hours.length / 8)) === 0 ? label(hour) : ""}
            </span>
          ))}
        </div>
        <figcaption className="e-muted e-small">
          {t("op.acquisition-caption", { day: f.day(dayOf(props.dayMs, zone)), zone })}
        </figcaption>
        <div className="e-hidden">
          <table>
            <caption>{t("op.acquisition")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("op.hour")}</th>
                <th scope="col">{t("bars.done")}</th>
                <th scope="col">{t("bars.failed")}</th>
              </tr>
            </thead>
            <tbody>
              {hours.map((hour) => (
                <tr key={hour.hour}>
                  <th scope="row">{label(hour)}</th>
                  <td>{f.number(hour.done)}</td>
                  <td>{f.number(hour.failed)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </figure>
  );
}
