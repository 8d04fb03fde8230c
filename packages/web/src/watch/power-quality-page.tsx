import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { voltageLimitsQuery } from "./queries.ts";
import { VoltageLimitsPanel } from "./voltage-limits-panel.tsx";
import { VoltageMap } from "./voltage-map.tsx";
import { WatchPage } from "./watch-page.tsx";

/** Weeks of EN 50160 by phase, voltage events, unbalance and neutral, and the voltage along a feeder. */
export function PowerQualityPage() {
  const search = useSearch({ from: "/inside/an/power-quality" });
  const limits = useQuery(voltageLimitsQuery);
  return (
    <WatchPage
      report="power-quality"
      title="nav.power-quality"
      help="watch.help.power-quality"
      to="/an/power-quality"
      search={search}
      usualDays={8}
      above={({ report, period }) => (
        <VoltageMap
          part={report.parts.find(({ key }) => key === "phases")}
          limits={limits.data?.rows.find(({ validFrom }) => validFrom <= period.from)}
        />
      )}
      below={() => <VoltageLimitsPanel />}
    />
  );
}
