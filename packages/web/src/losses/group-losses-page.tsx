import "./texts.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type AnalysisSearch, shownPeriod } from "../analysis/search.ts";
import { api, fileAddress, type GroupLosses } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import type { Curve } from "../parts/curve.ts";
import { formerOf } from "../parts/former.ts";
import { HeatMap } from "../parts/heat-map.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { TimeChart } from "../parts/time-chart.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import type { Period } from "../time/period.ts";
import { addDays, dayOf } from "../time/zone.ts";
import { FigureCells, figureHeads, LossFacts } from "./figures.tsx";
import { Members } from "./members.tsx";
import { OpenCase } from "./open-case.tsx";
import { RatingPanel } from "./rating-panel.tsx";
import { Suspects } from "./suspects.tsx";

const usualDays = 30;

/** The loss of one group by day and by quarter-hour, and who explains it. */
export function GroupLossesPage() {
  const { t, zone } = useLocale();
  const { groupId } = useParams({ from: "/inside/an/balance/$groupId" });
  const search = useSearch({ from: "/inside/an/balance/$groupId" });
  const navigate = useNavigate();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const change = (next: AnalysisSearch) =>
    void navigate({ to: "/an/balance/$groupId", params: { groupId }, search: next, replace: true });
  const today = dayOf(useNow(60_000), zone);
  const period = shownPeriod(search, today, usualDays);
  const query = useQuery({
    queryKey: ["losses", groupId, period],
    queryFn: ({ signal }) => api.groupLosses(groupId, period, signal),
    placeholderData: formerOf("losses", groupId),
    staleTime: 30_000,
  });
  const name = query.data?.name ?? t("nav.balance");
  const { last: _, from: __, to: ___, ...others } = search;
  const choose = (next: Period) => change({ ...others, ...next });
  return (
    <>
      <PageHead
        crumbs={[
          { label: t("nav.analyse") },
          { label: t("nav.balance"), to: "/an/balance" },
          { label: name },
        ]}
        title={name}
        actions={
          <>
            {may("groups.see") ? (
              <Link to="/cfg/groups/$groupId" params={{ groupId }} search={{}}>
                {t("loss.to-group")}
              </Link>
            ) : null}
            {may("cases.change") ? (
              <Button size="xs" variant="default" onClick={() => setAsking(true)}>
                {t("case.by-hand")}
              </Button>
            ) : null}
            {(["csv", "xlsx", "pdf"] as const).map((format) => (
              <Button
                key={format}
                component="a"
                download
                variant="default"
                size="xs"
                href={fileAddress(`/analysis/balance/${groupId}/days.${format}`, { ...period })}
              >
                {format.toUpperCase()}
              </Button>
            ))}
          </>
        }
      />
      {asking ? <OpenCase groupId={groupId} onClose={() => setAsking(false)} /> : null}
      <div className="e-stack">
        <div className="e-controls e-no-print">
          <PeriodPicker
            period={period}
            today={today}
            last={search.from ? undefined : (search.last ?? usualDays)}
            onChange={choose}
          />
        </div>
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.total === null || query.data.total.loss === null ? (
          <EmptyNotice title={t("loss.empty")}>{t("loss.empty-do")}</EmptyNotice>
        ) : (
          <div className="e-stack" aria-busy={query.isPlaceholderData}>
            <section className="e-panel" aria-labelledby="loss-total">
              <div className="e-panel-head">
                <h2 id="loss-total">{t("loss.loss")}</h2>
              </div>
              <div className="e-panel-body">
                <LossFacts figures={query.data.total} />
              </div>
            </section>
            <Suspects groupId={groupId} period={period} />
            <Curves answer={query.data} />
            <Days answer={query.data} onDay={(day) => choose({ from: day, to: addDays(day, 1) })} />
          </div>
        )}
        {query.isError ? null : <Members groupId={groupId} period={period} />}
        {query.data ? <RatingPanel groupId={groupId} ratings={query.data.ratings} /> : null}
        <details className="e-panel">
          <summary className="e-panel-head">{t("an.help")}</summary>
          <div className="e-panel-body e-prose">
            <p>{t("loss.help")}</p>
            <p>{t("loss.help-suspects")}</p>
          </div>
        </details>
      </div>
    </>
  );
}

function Curves({ answer }: { readonly answer: GroupLosses }) {
  const { t } = useLocale();
  const curve = useMemo((): Curve => {
    const scale = 10 ** answer.scale;
    let first = 0;
    return {
      startMs: Date.parse(answer.start),
      stepMs: answer.stepSeconds * 1000,
      values: Float64Array.from(answer.loss, (value) => (value === null ? Number.NaN : value * scale)),
      flags: new Uint16Array(answer.loss.length),
      days: answer.days.map(({ day, figures: { slots } }) => {
        const entry = { day, firstIndex: first, slots };
        first += slots;
        return entry;
      }),
      due: answer.loss.length,
      unit: "Wh",
      zone: answer.zone,
    };
  }, [answer]);
  return (
    <section className="e-panel" aria-labelledby="loss-hours">
      <div className="e-panel-head">
        <h2 id="loss-hours">{t("loss.by-hour")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        <TimeChart curve={curve} series={t("loss.loss")} height={200} />
        {answer.days.length > 1 ? <HeatMap curve={curve} series={t("loss.loss")} /> : null}
      </div>
    </section>
  );
}

function Days(props: { readonly answer: GroupLosses; readonly onDay: (day: string) => void }) {
  const { t, f } = useLocale();
  const { answer, onDay } = props;
  return (
    <section className="e-panel" aria-labelledby="loss-days">
      <div className="e-panel-head">
        <h2 id="loss-days">{t("loss.by-day")}</h2>
      </div>
      <div className="e-panel-body">
        <Scrolled label={t("loss.by-day")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("loss.day")}</th>
                {figureHeads.map((key) => (
                  <th key={key} scope="col" className="e-end e-nowrap">
                    {t(key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {answer.days.map(({ day, figures }) => (
                <tr key={day}>
                  <th scope="row" className="e-nowrap">
                    <button type="button" className="e-quiet-button" onClick={() => onDay(day)}>
                      {f.day(day)}
                    </button>
                  </th>
                  <FigureCells figures={figures} />
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      </div>
    </section>
  );
}
