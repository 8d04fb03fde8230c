import { Link } from "@tanstack/react-router";
import type { Alarm } from "../api/client.ts";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { addDays } from "../time/zone.ts";

type PeakOfAlarm = NonNullable<Alarm["peak"]>;

/** How great a peak was, against what, of how many values, by which rule, with the way to the curve of its day. */
export function PeakWords({ peak }: { readonly peak: PeakOfAlarm }) {
  const { t, f } = useLocale();
  const may = useMay();
  const known = `${f.number(peak.present)} / ${f.number(peak.expected)}`;
  const { basisKw } = peak;
  return (
    <div className="e-small" style={{ minWidth: 200 }}>
      <div>
        {t("alarms.peak-value", { demand: f.decimal(peak.demandKw), threshold: f.decimal(peak.thresholdKw) })}
        {basisKw === null || peak.basis === "power"
          ? null
          : ` ${t(`alarms.peak-${peak.basis}`, { power: f.decimal(basisKw) })}`}
      </div>
      <div className="e-muted">
        {t("alarms.peak-quarters", { count: peak.quarters })} · {peak.present < peak.expected ? "▲ " : ""}
        {t("alarms.peak-values", { known })}
        {peak.estimated > 0 ? ` · ${t("alarms.peak-estimated", { count: peak.estimated })}` : ""}
      </div>
      <div className="e-muted">
        {t("alarms.peak-rule", { rule: peak.rule })}
        {may("analysis.see") ? (
          <>
            {" · "}
            <Link
              to="/an/load-curve"
              search={{
                of: peak.of,
                from: peak.day,
                to: addDays(peak.day, 1),
                ...(peak.energy === "A+" ? {} : { energy: peak.energy }),
              }}
            >
              {t("alarms.peak-curve")}
            </Link>
          </>
        ) : null}
      </div>
    </div>
  );
}
