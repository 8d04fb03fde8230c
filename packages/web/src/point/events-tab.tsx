import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, type EventRow } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocalRows } from "../parts/row-source.ts";
import { eventKey } from "../text/event-words.ts";
import { useLocale } from "../text/provider.tsx";
import type { TabProps } from "./point-page.tsx";

const rowsMax = 1_000;
const none: readonly EventRow[] = [];

/** What the device logged or reported, and what the system noticed about it. */
export function EventsTab({ point }: TabProps) {
  const { t, f } = useLocale();
  const query = useQuery({
    queryKey: ["point", point.pointId, "events"],
    queryFn: ({ signal }) => api.events(point.pointId, { limit: rowsMax }, signal),
  });
  const columns = useMemo<readonly TableColumn<EventRow>[]>(
    () => [
      { id: "at", header: t("events.at"), width: 216, text: (row) => f.instant(Date.parse(row.at)) },
      {
        id: "code",
        header: t("events.code"),
        width: 300,
        grow: 2,
        text: (row) => {
          const key = eventKey(row.eventName);
          return key ? `${t(key)} (${row.code})` : row.code;
        },
        cell: (row) => {
          const key = eventKey(row.eventName);
          if (!key) return <span>{row.code}</span>;
          return (
            <span title={`${t(key)} (${row.code})`}>
              {t(key)} <span className="e-muted e-small e-num">{row.code}</span>
            </span>
          );
        },
      },
      {
        id: "detail",
        header: t("events.detail"),
        width: 220,
        grow: 1,
        text: (row) =>
          row.detail === null
            ? ""
            : Object.entries(row.detail)
                .map(([name, value]) => `${name} ${value}`)
                .join(", "),
      },
      {
        id: "receivedAt",
        header: t("events.received"),
        width: 216,
        text: (row) => f.instant(Date.parse(row.receivedAt)),
      },
    ],
    [t, f],
  );
  const rows = useLocalRows(query.data?.rows ?? none);
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <DataTable
      name="events"
      label={t("tab.events")}
      columns={columns}
      rows={rows}
      height="max(320px, calc(100dvh - 420px))"
      empty={<EmptyNotice title={t("events.none")}>{t("events.none-do")}</EmptyNotice>}
    />
  );
}
