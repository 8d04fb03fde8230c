import { Link } from "@tanstack/react-router";
import type { AlarmList } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";

/** Scheduled reports that somebody waits for in vain: nothing to acknowledge, they go when a later delivery works. */
export function UndeliveredPanel(props: { readonly rows: AlarmList["undelivered"] }) {
  const { t, f } = useLocale();
  if (props.rows.length === 0) return null;
  return (
    <section className="e-panel" aria-labelledby="undelivered">
      <div className="e-panel-head">
        <h2 id="undelivered">{t("alarms.undelivered")}</h2>
      </div>
      <ul className="e-panel-body e-action-list">
        {props.rows.map(({ scheduleId, reportId, report, owner, mine, since, sentence, targets }) => (
          <li key={scheduleId}>
            <Mark shape="▲" tone="warning">
              {t("alarms.medium")}
            </Mark>{" "}
            {mine ? (
              <Link to="/an/reports/$reportId" params={{ reportId: String(reportId) }}>
                {report}
              </Link>
            ) : (
              <strong>{report}</strong>
            )}
            {": "}
            {sentence}
            <div className="e-muted e-small">
              {targets > 0 ? `${t("alarms.undelivered-to", { count: targets })} · ` : ""}
              {t("alarms.undelivered-since", { name: owner, time: f.instant(Date.parse(since)) })}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
