import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, type Channel, type Point } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { statisticsOf } from "../parts/curve.ts";
import { CurveFigure } from "../parts/curve-figure.tsx";
import { AttemptMark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { obisSymbol } from "../parts/obis.ts";
import { TimeChart } from "../parts/time-chart.tsx";
import { failureWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { addDays, dayOf } from "../time/zone.ts";
import { PointChain } from "./chain.tsx";
import { usualChannel } from "./channels.ts";
import { curveQuery } from "./curve-query.ts";
import type { TabProps } from "./point-page.tsx";

const lastReads = 5;

/** The point at a glance: the last week, how it is read, and how the last reads went. */
export function OverviewTab({ point, search, change }: TabProps) {
  const { t } = useLocale();
  const channel = usualChannel(point.channels);
  return (
    <div className="e-columns">
      {channel ? (
        <WeekCurve point={point} channel={channel} onOpen={() => change({ ...search, tab: "curve" })} />
      ) : (
        <div className="e-panel">
          <EmptyNotice title={t("curve.none")}>{t("curve.none-do")}</EmptyNotice>
        </div>
      )}
      <div className="e-stack">
        <ReadingFacts point={point} />
        {point.chain === null ? null : <PointChain point={point} chain={point.chain} />}
        <LastReads point={point} onAll={() => change({ ...search, tab: "communication" })} />
      </div>
    </div>
  );
}

function WeekCurve(props: { readonly point: Point; readonly channel: Channel; readonly onOpen: () => void }) {
  const { t, f, zone } = useLocale();
  const { point, channel } = props;
  const today = dayOf(useNow(60_000), zone);
  const period = { from: addDays(today, -6), to: addDays(today, 1) };
  const query = useQuery(curveQuery(point.pointId, channel.channelId, period));
  const curve = query.data;
  const statistics = useMemo(() => (curve ? statisticsOf(curve) : undefined), [curve]);
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!curve || !statistics) return <Waiting />;
  const series = t("curve.series", { symbol: obisSymbol(channel.obis), pod: point.pod });
  return (
    <CurveFigure
      title={t("overview.curve")}
      series={series}
      period={f.days(period.from, period.to)}
      curve={curve}
      statistics={statistics}
      actions={
        <Button variant="subtle" size="xs" onClick={props.onOpen}>
          {t("overview.open-curve")}
        </Button>
      }
    >
      {statistics.present === 0 ? (
        <EmptyNotice title={t("curve.none-in-period")} />
      ) : (
        <TimeChart curve={curve} series={series} height={240} glance />
      )}
    </CurveFigure>
  );
}

function ReadingFacts({ point }: { readonly point: Point }) {
  const { t, f } = useLocale();
  const nowMs = useNow(15_000);
  const nextMs = point.plan ? Date.parse(point.plan.nextAt) : undefined;
  const meter = point.installations.find((installation) => installation.to === null);
  const path = [...point.branch, ...(meter ? [`${meter.manufacturer} ${meter.serial}`.trim()] : [])];
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("overview.reading")}</h2>
      </div>
      <dl className="e-panel-body e-facts">
        <dt>{t("overview.next")}</dt>
        <dd className="e-num">
          {nextMs === undefined ? "–" : `${f.ago(Math.max(nextMs, nowMs), nowMs)} · ${f.time(nextMs)}`}
        </dd>
        <dt>{t("overview.plan")}</dt>
        <dd>
          {point.plan
            ? t("overview.plan-every", {
                name: point.plan.name,
                every: f.duration(point.plan.everySeconds * 1000),
              })
            : t("overview.no-plan")}
        </dd>
        <dt>{t("overview.path")}</dt>
        <dd>{path.join(" › ")}</dd>
        <dt>{t("overview.device")}</dt>
        <dd>{point.device ? point.device.identity : t("config.no-device")}</dd>
        {point.approvedPowerW === null ? null : (
          <>
            <dt>{t("overview.approved")}</dt>
            <dd className="e-num">{f.number(point.approvedPowerW / 1000, 1)} kW</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function LastReads({ point, onAll }: { readonly point: Point; readonly onAll: () => void }) {
  const { t, f, zone } = useLocale();
  const today = dayOf(useNow(60_000), zone);
  const when = (ms: number) => (dayOf(ms, zone) === today ? f.time(ms) : f.instant(ms));
  const query = useQuery({
    queryKey: ["point", point.pointId, "attempts", lastReads],
    queryFn: ({ signal }) => api.attempts(point.pointId, { limit: lastReads }, signal),
  });
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("overview.last-reads")}</h2>
        <Button variant="subtle" size="xs" onClick={onAll}>
          {t("overview.all-reads")}
        </Button>
      </div>
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data?.rows.length === 0 ? (
        <EmptyNotice title={t("attempts.none")}>{t("attempts.none-do")}</EmptyNotice>
      ) : null}
      <ul className="e-panel-body e-stack e-small" style={{ gap: 6 }}>
        {query.data?.rows.slice(0, lastReads).map((attempt) => (
          <li key={attempt.attemptId}>
            <span className="e-row">
              <time className="e-num e-small" dateTime={attempt.requestedAt}>
                {when(Date.parse(attempt.requestedAt))}
              </time>
              <AttemptMark state={attempt.state} />
              <span className="e-muted e-small">{t(`cause.${attempt.cause}`)}</span>
            </span>
            {attempt.state === "failed" ? (
              <span className="e-small e-muted">
                {t(failureWords(attempt.errorCode ?? "", attempt).what)}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
