import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { fileAddress, type Peaks } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { qualityOf, qualityShapes } from "../parts/curve.ts";
import { valueText } from "../parts/curve-words.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import type { Period } from "../time/period.ts";
import { displayUnit, powerUnit } from "../time/quantity.ts";
import { dayOf } from "../time/zone.ts";
import { CoverageLine } from "./coverage-line.tsx";
import { AnalysisFrame } from "./frame.tsx";
import { peaksAsked, peaksQuery } from "./queries.ts";
import { type AnalysisSearch, energies, formerPeriod, shownPeriod, subjectsOf } from "./search.ts";

const usualDays = 30;
const measured = energies.filter((energy) => energy !== "net");

/** The greatest demands: of each point, and of all together with who made them. */
export function PeaksPage() {
  const { t, zone } = useLocale();
  const search = useSearch({ from: "/inside/an/peaks" });
  const navigate = useNavigate();
  const change = (next: AnalysisSearch) => void navigate({ to: "/an/peaks", search: next, replace: true });
  const today = dayOf(useNow(60_000), zone);
  const period = shownPeriod(search, today, usualDays);
  const [of] = subjectsOf(search);
  const energy = search.energy === "net" ? "A+" : (search.energy ?? "A+");
  const former = search.compare ? formerPeriod(period, search.compare) : undefined;
  const asked = peaksAsked(of!, energy, period, former);
  const query = useQuery(peaksQuery(asked));
  return (
    <AnalysisFrame
      title="nav.peaks"
      help="an.help.peaks"
      search={search}
      change={change}
      period={period}
      today={today}
      usualDays={usualDays}
      energies={measured}
      comparing
      file={(format) => fileAddress(`/analysis/peaks.${format}`, { ...asked, limit: 200 })}
    >
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.points.length === 0 ? (
        <EmptyNotice title={t("an.empty")}>{t("an.empty-do")}</EmptyNotice>
      ) : (
        <div className="e-stack" aria-busy={query.isPlaceholderData}>
          <CoverageLine counts={query.data.coverage} zone={zone} />
          <Points peaks={query.data} former={former} />
          <Months peaks={query.data} former={former} />
          {query.data.together.length > 0 ? <Together peaks={query.data} /> : null}
        </div>
      )}
    </AnalysisFrame>
  );
}

/** Energy of an interval as power, in words. */
function usePower(unit: string) {
  const locale = useLocale();
  return (peak: { readonly value: number; readonly scale: number }, stepSeconds: number) => {
    const power = (peak.value * 10 ** peak.scale * 3600) / stepSeconds;
    return valueText(power, displayUnit(powerUnit(unit) ?? unit, Math.abs(power)), locale);
  };
}

interface Compared {
  readonly peaks: Peaks;
  readonly former: Period | undefined;
}
type Interval = Pick<Peaks["points"][number], "value" | "scale" | "stepSeconds">;

/** How far one peak is above another, in percent. */
function useChange() {
  const { f } = useLocale();
  const powerOf = ({ value, scale, stepSeconds }: Interval) => (value * 10 ** scale) / stepSeconds;
  return (now: Interval, before: Interval | null): string => {
    const was = before ? powerOf(before) : 0;
    return was > 0 ? `${f.signed((100 * (powerOf(now) - was)) / was, 1)} %` : noValue;
  };
}

function Points({ peaks, former }: Compared) {
  const { t, f } = useLocale();
  const told = usePower(peaks.unit);
  const changeOf = useChange();
  const approved = peaks.points.some(({ approvedPowerW }) => approvedPowerW !== null);
  return (
    <section className="e-panel" aria-labelledby="peaks-points">
      <div className="e-panel-head">
        <h2 id="peaks-points">{t("an.peaks-points")}</h2>
      </div>
      <div className="e-panel-body">
        <Scrolled label={t("an.peaks-points")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("an.point")}</th>
                <th scope="col">{t("an.name")}</th>
                <th scope="col" className="e-end">
                  {t("an.demand")}
                </th>
                <th scope="col">{t("an.when")}</th>
                {approved ? (
                  <th scope="col" className="e-end">
                    {t("an.of-approved")}
                  </th>
                ) : null}
                {former ? <FormerHeads former={former} /> : null}
              </tr>
            </thead>
            <tbody>
              {peaks.points.map((peak) => {
                const quality = qualityOf(peak.flags);
                const { before, approvedPowerW } = peak;
                return (
                  <tr key={peak.pointId}>
                    <th scope="row" className="e-nowrap">
                      <Link to="/points/$pointId" params={{ pointId: peak.pointId }} search={{}}>
                        {peak.pod}
                      </Link>
                    </th>
                    <td>{peak.name}</td>
                    <td className="e-num e-end e-nowrap">
                      {quality === "measured" ? "" : `${qualityShapes[quality]} `}
                      {told(peak, peak.stepSeconds)}
                    </td>
                    <td className="e-nowrap">{f.interval(Date.parse(peak.start), peak.stepSeconds)}</td>
                    {approved ? (
                      <td className="e-num e-end e-nowrap">
                        {approvedPowerW === null ? (
                          noValue
                        ) : (
                          <Approved peak={peak} approvedPowerW={approvedPowerW} />
                        )}
                      </td>
                    ) : null}
                    {former ? (
                      <>
                        <td className="e-num e-end e-nowrap">
                          {before ? told(before, before.stepSeconds) : noValue}
                        </td>
                        <td className="e-num e-end e-nowrap">{changeOf(peak, before)}</td>
                      </>
                    ) : null}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Scrolled>
      </div>
    </section>
  );
}

function FormerHeads({ former }: { readonly former: Period }) {
  const { t, f } = useLocale();
  return (
    <>
      <th scope="col" className="e-end" title={f.days(former.from, former.to)}>
        {t("an.before")}
      </th>
      <th scope="col" className="e-end">
        {t("an.change")}
      </th>
    </>
  );
}

/** What part of the approved power a peak is; more than all of it is marked. */
function Approved({ peak, approvedPowerW }: { readonly peak: Interval; readonly approvedPowerW: number }) {
  const { f } = useLocale();
  const percent = (360_000 * peak.value * 10 ** peak.scale) / peak.stepSeconds / approvedPowerW;
  return (
    <>
      {percent > 100 ? "▲ " : ""}
      {f.percent(percent)}
    </>
  );
}

/** The greatest of each month, and how that of all stands beside the former time's. */
function Months({ peaks, former }: Compared) {
  const { t, f } = useLocale();
  const told = usePower(peaks.unit);
  const changeOf = useChange();
  const { months, before } = peaks;
  const greatest = months.reduce<(typeof months)[number] | undefined>(
    (most, month) =>
      most && most.value * 10 ** most.scale >= month.value * 10 ** month.scale ? most : month,
    undefined,
  );
  if (!greatest) return null;
  return (
    <section className="e-panel" aria-labelledby="peaks-months">
      <div className="e-panel-head">
        <h2 id="peaks-months">{t("an.peaks-months")}</h2>
      </div>
      <div className="e-panel-body">
        {former && before ? (
          <p>
            {t("an.peaks-before", {
              days: f.days(former.from, former.to),
              power: told(before, before.stepSeconds),
              change: changeOf(greatest, before),
            })}
          </p>
        ) : null}
        <Scrolled label={t("an.peaks-months")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("an.month")}</th>
                <th scope="col" className="e-end">
                  {t("an.demand")}
                </th>
                <th scope="col">{t("an.when")}</th>
                <th scope="col" className="e-end">
                  {t("an.values")}
                </th>
              </tr>
            </thead>
            <tbody>
              {months.map((peak) => (
                <tr key={peak.month}>
                  <th scope="row" className="e-nowrap">
                    {f.month(Date.parse(peak.start))}
                  </th>
                  <td className="e-num e-end e-nowrap">{told(peak, peak.stepSeconds)}</td>
                  <td className="e-nowrap">{f.interval(Date.parse(peak.start), peak.stepSeconds)}</td>
                  <td className="e-num e-end e-nowrap">
                    {peak.present < peak.expected ? "▲ " : ""}
                    {f.number(peak.present)} / {f.number(peak.expected)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      </div>
    </section>
  );
}

function Together({ peaks }: { readonly peaks: Peaks }) {
  const { t, f } = useLocale();
  const told = usePower(peaks.unit);
  return (
    <section className="e-panel" aria-labelledby="peaks-together">
      <div className="e-panel-head">
        <h2 id="peaks-together">{t("an.peaks-together")}</h2>
      </div>
      <div className="e-panel-body">
        <Scrolled label={t("an.peaks-together")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("an.when")}</th>
                <th scope="col" className="e-end">
                  {t("an.demand")}
                </th>
                <th scope="col" style={{ minWidth: 280 }}>
                  {t("an.by-whom")}
                </th>
                <th scope="col" className="e-end">
                  {t("an.values")}
                </th>
              </tr>
            </thead>
            <tbody>
              {peaks.together.map((peak) => (
                <tr key={peak.start}>
                  <th scope="row" className="e-nowrap">
                    {f.interval(Date.parse(peak.start), peak.stepSeconds)}
                  </th>
                  <td className="e-num e-end e-nowrap">{told(peak, peak.stepSeconds)}</td>
                  <td>
                    {peak.shares.map((share) => `${share.pod} ${told(share, peak.stepSeconds)}`).join(" · ")}
                  </td>
                  <td className="e-num e-end">
                    {peak.present < peak.expected ? "▲ " : ""}
                    {f.number(peak.present)} / {f.number(peak.expected)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      </div>
    </section>
  );
}
