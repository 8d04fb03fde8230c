import "./texts.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { AnalysisFrame, Choice } from "../analysis/frame.tsx";
import { shownPeriod, subjectsOf } from "../analysis/search.ts";
import { fileAddress, type WatchReport, type WatchReportName } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import type { MessageKey } from "../text/catalogue.ts";
import { eventKey } from "../text/event-words.ts";
import { useLocale } from "../text/provider.tsx";
import type { Period } from "../time/period.ts";
import { dayOf } from "../time/zone.ts";
import { PartTable } from "./part-table.tsx";
import { watchReportQuery } from "./queries.ts";
import { severities, type WatchSearch, watchSearch } from "./search.ts";

/** What a page adds to the tables of its report. */
export interface WatchShown {
  readonly report: WatchReport;
  readonly period: Period;
  readonly of: string;
}

export type WatchAddress =
  | "/an/power-quality"
  | "/an/continuity"
  | "/an/events"
  | "/an/communication"
  | "/an/acquisition";

/** A report that watches: facts, then its tables, each with a way to what it is made of. */
export function WatchPage(props: {
  readonly report: WatchReportName;
  readonly title: MessageKey;
  readonly help: MessageKey;
  readonly to: WatchAddress;
  readonly search: WatchSearch;
  readonly usualDays: number;
  /** Whether alarms can be chosen by their severity. */
  readonly bySeverity?: boolean;
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
      controls={<Narrowing search={search} change={change} bySeverity={props.bySeverity ?? false} />}
      file={(format) => fileAddress(`/watch/reports/${report}/file.${format}`, asked)}
    >
      {query.isPending ? (
        <Waiting />
      ) : query.data === undefined ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className="e-stack" aria-busy={query.isPlaceholderData}>
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

/** By what the report is narrowed, and the way back. */
function Narrowing(props: {
  readonly search: WatchSearch;
  readonly change: (next: WatchSearch) => void;
  readonly bySeverity: boolean;
}) {
  const { t } = useLocale();
  const { search, change } = props;
  const { event, device, severity, ...others } = search;
  const key = event === undefined ? undefined : eventKey(event);
  return (
    <>
      {props.bySeverity ? (
        <Choice
          label={t("watch.severity")}
          value={severity ?? ""}
          options={[
            ["", t("watch.severity.any")],
            ...severities.map((one): [string, string] => [one, t(`watch.severity.${one}`)]),
          ]}
          onChange={(value) => change(watchSearch({ ...search, severity: value }))}
        />
      ) : null}
      {event === undefined && device === undefined ? null : (
        <span className="e-row e-small">
          {event === undefined ? null : t("watch.only", { name: key ? t(key) : event })}
          {device === undefined ? null : t("watch.only-device")}
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => change(severity === undefined ? others : { ...others, severity })}
          >
            {t("watch.all-again")}
          </Button>
        </span>
      )}
    </>
  );
}
