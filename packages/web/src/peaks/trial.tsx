import { Link } from "@tanstack/react-router";
import type { PeakTrial } from "../api/client.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { addDays } from "../time/zone.ts";

/** What a rule would have raised, with the way to each curve. */
export function TrialResult({ trial, energy }: { readonly trial: PeakTrial; readonly energy: string }) {
  const { t, f } = useLocale();
  const may = useMay();
  const days = f.days(trial.from, trial.to);
  const { raised, subjects, peaks } = trial;
  return (
    <section className="e-stack" aria-labelledby="peak-trial">
      <h3 id="peak-trial">{t("peaks.trial")}</h3>
      <p role="status">
        {raised === 0
          ? t("peaks.trial-none", { days })
          : t("peaks.trial-raised", { days, count: raised, subjects })}
      </p>
      {trial.whole ? null : (
        <p className="e-tone-warning">
          <b aria-hidden="true">▲</b> {t("peaks.trial-part")}
        </p>
      )}
      {peaks.length === 0 ? null : (
        <Scrolled label={t("peaks.trial")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("peaks.when")}</th>
                <th scope="col">{t("peaks.who")}</th>
                <th scope="col" className="e-end">
                  {t("peaks.demand")}
                </th>
                <th scope="col" className="e-end">
                  {t("peaks.limit")}
                </th>
                <th scope="col" className="e-end">
                  {t("peaks.values")}
                </th>
              </tr>
            </thead>
            <tbody>
              {peaks.map((peak) => {
                const when = f.interval(Date.parse(peak.at), 900);
                return (
                  <tr key={`${peak.of} ${peak.day}`}>
                    <th scope="row" className="e-nowrap">
                      {may("analysis.see") ? (
                        <Link
                          to="/an/load-curve"
                          search={{
                            of: peak.of,
                            from: peak.day,
                            to: addDays(peak.day, 1),
                            ...(energy === "A+" ? {} : { energy: energy as "A-" }),
                          }}
                        >
                          {when}
                        </Link>
                      ) : (
                        when
                      )}
                    </th>
                    <td>{peak.name}</td>
                    <td className="e-num e-end e-nowrap">
                      {t("peaks.kw", { power: f.decimal(peak.demandKw) })}
                    </td>
                    <td className="e-num e-end e-nowrap">
                      {t("peaks.kw", { power: f.decimal(peak.thresholdKw) })}
                    </td>
                    <td className="e-num e-end e-nowrap">
                      {peak.present < peak.expected ? "▲ " : ""}
                      {f.number(peak.present)} / {f.number(peak.expected)}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Scrolled>
      )}
      {raised > peaks.length ? (
        <p className="e-muted e-small">
          {t("peaks.trial-shown", { shown: f.number(peaks.length), total: f.number(raised) })}
        </p>
      ) : null}
    </section>
  );
}
