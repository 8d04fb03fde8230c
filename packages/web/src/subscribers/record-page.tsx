import "./texts.ts";
import "../watch/texts.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Fragment } from "react";
import { Bars } from "../analysis/bars.tsx";
import { api, fileAddress, type WatchPart } from "../api/client.ts";
import { ItsLog } from "../log/its-log.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useLocale } from "../text/provider.tsx";
import { startOfDay } from "../time/zone.ts";
import { PartTable } from "../watch/part-table.tsx";

const kilowattHours = { factor: 1, label: "kWh", digits: 0 };
const nothing = () => undefined;

/** The subscriber's record: who, contracts, meters, consumption and indexes by month, tariffs and what they came to, exchanges, events. What is seen here is logged. */
export function SubscriberRecordPage() {
  const { t } = useLocale();
  const { subscriberId } = useParams({ from: "/inside/an/subscribers/$subscriberId" });
  const query = useQuery({
    queryKey: ["subscriber-record", subscriberId],
    queryFn: ({ signal }) => api.subscriberRecord(subscriberId, signal),
    staleTime: 60_000,
  });
  const record = query.data;
  const title = t("nav.subscriber-records");
  return (
    <>
      <PageHead
        crumbs={[
          { label: t("nav.analyse") },
          { label: title, to: "/an/subscribers" },
          { label: record?.facts[1]?.value ?? String(subscriberId) },
        ]}
        title={title}
        actions={
          <>
            {(["pdf", "xlsx", "csv"] as const).map((format) => (
              <Button
                key={format}
                component="a"
                download
                variant="default"
                size="xs"
                href={fileAddress(`/subscribers/${subscriberId}/record.${format}`, {})}
              >
                {format.toUpperCase()}
              </Button>
            ))}
            <Link to="/cfg/subscribers/$subscriberId" params={{ subscriberId }}>
              {t("subscribers.to-data")}
            </Link>
            <ItsLog search={{ object: "subscriber", id: String(subscriberId) }} />
          </>
        }
      />
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className="e-stack">
          <section className="e-panel" aria-label={t("subscribers.record-who")}>
            <div className="e-panel-body">
              <dl className="e-facts">
                {query.data.facts.map(({ label, value }) => (
                  <Fragment key={label}>
                    <dt>{label}</dt>
                    <dd>{value}</dd>
                  </Fragment>
                ))}
              </dl>
            </div>
          </section>
          {query.data.parts.map((part) => (
            <Fragment key={part.key}>
              {part.key === "consumptionByMonth" ? <Months part={part} /> : null}
              <PartTable part={part} onNarrow={nothing} />
            </Fragment>
          ))}
          <details className="e-panel">
            <summary className="e-panel-head">{t("an.help")}</summary>
            <div className="e-panel-body e-prose">
              <p>{t("subscribers.record-help")}</p>
            </div>
          </details>
        </div>
      )}
    </>
  );
}

/** The months as bars beside those of a year before, the oldest first, those of several points added up; a month without values has none. */
function Months({ part }: { readonly part: WatchPart }) {
  const { t, f, zone } = useLocale();
  const sumsOf = (column: string) => {
    const place = part.columns.findIndex(({ key }) => key === column);
    const sums = new Map<string, number>();
    for (const { cells } of part.rows) {
      const [month] = cells;
      if (!month) continue;
      const energy = cells[place];
      const known = sums.get(month);
      const value = energy ? Number(energy) : Number.NaN;
      sums.set(month, known === undefined || Number.isNaN(known) ? value : known + (value || 0));
    }
    return sums;
  };
  const before = sumsOf("yearBefore");
  const bars = [...sumsOf("consumption")]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([month, value]) => ({
      key: month,
      label: f.month(startOfDay(month, zone)),
      value,
      before: before.get(month),
    }));
  if (bars.length < 2) return null;
  return (
    <section className="e-panel" aria-labelledby="record-months">
      <div className="e-panel-head">
        <h2 id="record-months">{t("subscribers.months")}</h2>
        <span className="e-row e-muted e-small">
          {kilowattHours.label}
          <span className="e-key" data-series={0} aria-hidden="true" />
          {t("subscribers.month-itself")}
          <span className="e-key" data-series={1} aria-hidden="true" />
          {t("subscribers.year-before")}
        </span>
      </div>
      <div className="e-panel-body">
        <Bars bars={bars} unit={kilowattHours} label={t("subscribers.months")} />
      </div>
    </section>
  );
}
