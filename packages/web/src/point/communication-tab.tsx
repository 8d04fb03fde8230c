import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Attempt, api } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { AttemptMark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocalRows } from "../parts/row-source.ts";
import { courseOf } from "../parts/stages.ts";
import { failureWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import type { TabProps } from "./point-page.tsx";

const pageRows = 200;

/** Every attempt to read this point's device: when, why, how far it came, what it brought or why it failed. */
export function CommunicationTab({ point }: TabProps) {
  const { t, f } = useLocale();
  const query = useInfiniteQuery({
    queryKey: ["point", point.pointId, "attempts", "all"],
    queryFn: ({ signal, pageParam }) =>
      api.attempts(point.pointId, { limit: pageRows, ...(pageParam ? { before: pageParam } : {}) }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.rows.length < pageRows ? undefined : page.rows.at(-1)?.attemptId),
  });
  const attempts = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const rows = useLocalRows(attempts);
  const columns = useMemo<readonly TableColumn<Attempt>[]>(() => {
    const seconds = (ms: number) => `${f.number(ms / 1000, 1)} s`;
    const stages = (attempt: Attempt) => {
      const { phases, milestones } = courseOf(attempt, Date.parse(attempt.endedAt ?? attempt.requestedAt));
      const went = phases
        .flatMap(({ name, state, ms }) =>
          state === "later" || ms === undefined
            ? []
            : [`${t(state === "done" ? `phase.${name}` : `attempt.${name}`)} ${seconds(ms)}`],
        )
        .join(" → ");
      const told = milestones.map(({ name, afterMs }) => `${t(`stage.${name}`)} ${seconds(afterMs)}`);
      return told.length === 0 ? went : `${went} (${told.join(" · ")})`;
    };
    const outcome = (attempt: Attempt) => {
      if (attempt.state === "done")
        return t("attempts.brought-value", {
          intervals: f.number(attempt.intervals),
          registers: f.number(attempt.registers),
          events: f.number(attempt.events),
        });
      if (attempt.state !== "failed") return noValue;
      const words = failureWords(attempt.errorCode ?? "", attempt);
      return `${t(words.what)} (${t(words.hop)}; ${attempt.errorCode ?? noValue})`;
    };
    return [
      {
        id: "requestedAt",
        header: t("attempts.asked"),
        width: 216,
        text: (row) => f.instant(Date.parse(row.requestedAt)),
      },
      {
        id: "state",
        header: t("attempts.state"),
        width: 112,
        text: (row) => t(`attempt.${row.state}`),
        cell: (row) => <AttemptMark state={row.state} />,
      },
      {
        id: "cause",
        header: t("attempts.cause"),
        width: 150,
        text: (row) =>
          row.requestedBy ? `${t(`cause.${row.cause}`)} · ${row.requestedBy}` : t(`cause.${row.cause}`),
      },
      {
        id: "duration",
        header: t("attempts.duration"),
        width: 90,
        end: true,
        text: (row) =>
          row.startedAt && row.endedAt
            ? `${f.number((Date.parse(row.endedAt) - Date.parse(row.startedAt)) / 1000, 1)} s`
            : noValue,
      },
      {
        id: "outcome",
        header: t("attempts.outcome"),
        width: 270,
        grow: 2,
        text: outcome,
        cell: (row) => (
          <span title={[outcome(row), row.errorDetail].filter(Boolean).join(" · ")}>{outcome(row)}</span>
        ),
      },
      {
        id: "stages",
        header: t("attempts.stages"),
        width: 340,
        grow: 1,
        text: stages,
        cell: (row) => <span title={stages(row)}>{stages(row)}</span>,
      },
      {
        id: "bytes",
        header: t("attempts.bytes"),
        width: 144,
        end: true,
        text: (row) => `${f.bytes(row.bytesSent)} / ${f.bytes(row.bytesReceived)}`,
      },
    ];
  }, [t, f]);
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="e-stack">
      <DataTable
        name="attempts"
        label={t("tab.communication")}
        columns={columns}
        rows={rows}
        height="max(320px, calc(100dvh - 420px))"
        empty={<EmptyNotice title={t("attempts.none")}>{t("attempts.none-do")}</EmptyNotice>}
      />
      {query.hasNextPage ? (
        <Button
          variant="default"
          style={{ alignSelf: "flex-start" }}
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("attempts.older")}
        </Button>
      ) : null}
    </div>
  );
}
