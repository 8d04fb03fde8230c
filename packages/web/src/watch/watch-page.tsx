import "./texts.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { AnalysisFrame } from "../analysis/frame.tsx";
import { shownPeriod, subjectsOf } from "../analysis/search.ts";
import { fileAddress, type WatchReport, type WatchReportName } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import type { Period } from "../time/period.ts";
import { dayOf } from "../time/zone.ts";
import { PartTable } from "./part-table.tsx";
import { watchReportQuery } from "./queries.ts";
import { type WatchSearch, watchSearch } from "./search.ts";

/** What a page adds to the tables of its report. */
export interface WatchShown {
  readonly report: WatchReport;
  readonly period: Period;
  readonly of: string;
}

/** A report that watches: facts, then its tables, each with a way to what it is made of. */
export function WatchPage(props: {
  readonly report: WatchReportName;
  readonly title: MessageKey;
  readonly help: MessageKey;
  readonly to: "/an/power-quality" | "/an/continuity";
  readonly search: WatchSearch;
  readonly usualDays: number;
  readonly controls?: ReactNode;
  /** Stands between the facts and the tables. */
  readonly above?: (shown: WatchShown) => ReactNode;
  readonly below?: (shown: WatchShown) => ReactNode;
}) {
  const { zone, language } = useLocale();
  const { search, report } = props;
  const navigate = useNavigate();
  const change = (next: WatchSearch) => void navigate({ to: props.to, search: next, replace: true });
  const today = dayOf(useNow(60_000), zone);
  const period = shownPeriod(search, today, props.usualDays);
  const [of = "s"] = subjectsOf(search);
  const { event, severity, device } = search;
  const asked = {
    of,
    ...period,
    language,
    ...(event ? { event } : {}),
    ...(severity ? { severity } : {}),
    ...(device ? { device } : {}),
  };
  const query = useQuery(watchReportQuery(report, asked));
  return (
    <AnalysisFrame
      title={props.title}
      help={props.help}
      search={search}
      change={change}
      period={period}
      today={today}
      usualDays={props.usualDays}
      controls={props.controls}
      file={(format) => fileAddress(`/watch/reports/${report}/file.${format}`, asked)}
    >
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className="e-stack" style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }}>
          <dl className="e-facts">
            {query.data.facts.slice(2).map(({ label, value }) => (
              <Fragment key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </Fragment>
            ))}
          </dl>
          {props.above?.({ report: query.data, period, of })}
          {query.data.parts.map((part) => (
            <PartTable
              key={part.key}
              part={part}
              onNarrow={(by) => change(watchSearch({ ...search, ...by }))}
            />
          ))}
          {props.below?.({ report: query.data, period, of })}
        </div>
      )}
    </AnalysisFrame>
  );
}
