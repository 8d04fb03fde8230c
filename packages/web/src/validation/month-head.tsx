import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useNow } from "../live/provider.tsx";
import { useLocale } from "../text/provider.tsx";
import { qualityQuery } from "./queries.ts";

/** Where the billing month stands: when it closes, what can be billed, what waits for a second person. */
export function MonthHead() {
  const { t, f } = useLocale();
  const quality = useQuery(qualityQuery()).data;
  const nowMs = useNow(60_000);
  if (!quality) return null;
  const closesMs = Date.parse(quality.closesAt);
  const percent = quality.points === 0 ? 0 : Math.floor((1000 * quality.billable) / quality.points) / 10;
  return (
    <div className="e-row e-num" style={{ gap: "4px 20px" }} role="status">
      <strong>{t("vee.month", { month: f.month(Date.parse(`${quality.month}-15T12:00:00Z`)) })}</strong>
      <span>
        {closesMs > nowMs
          ? t("vee.closes-in", { time: f.duration(closesMs - nowMs) })
          : t("vee.closed", { time: f.instant(closesMs) })}
      </span>
      <Link to="/op/quality">{t("vee.billable", { percent: f.percent(percent) })}</Link>
      {quality.waitingEdits > 0 ? (
        <Link to="/op/validation/edits">{t("vee.waiting", { count: quality.waitingEdits })}</Link>
      ) : null}
    </div>
  );
}
