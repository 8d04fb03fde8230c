import { Button, Checkbox, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { type Alarm, api } from "../api/client.ts";
import { TaskButton } from "../field-work/task-button.tsx";
import "../field-work/texts.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { eventKey } from "../text/event-words.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { AcknowledgeDialog } from "./acknowledge-dialog.tsx";
import { PeakWords } from "./peak-words.tsx";
import { type AlarmsSearch, alarmStates, severities } from "./search.ts";
import { UndeliveredPanel } from "./undelivered-panel.tsx";

const marks: Record<Alarm["severity"], [shape: string, tone: Tone]> = {
  critical: ["■", "bad"],
  medium: ["▲", "warning"],
  low: ["●", "accent"],
};
const keyOf = ({ deviceId, at, code, seq, peak }: Alarm) =>
  peak ? `peak ${peak.alarmId}` : `${deviceId} ${at} ${code} ${seq}`;
const none: readonly Alarm[] = [];

/** Events that somebody should look at, the worst first, and who has seen them. */
export function AlarmsPage() {
  const { t, f } = useLocale();
  const search = useSearch({ from: "/inside/op/alarms" });
  const navigate = useNavigate();
  const may = useMay();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const query = useQuery({
    queryKey: ["alarms", search],
    queryFn: ({ signal }) => api.alarms(search, signal),
    refetchInterval: 60_000,
  });
  const change = (next: AlarmsSearch) => {
    setChosen(new Set());
    void navigate({ to: "/op/alarms", search: next, replace: true });
  };
  const rows = query.data?.rows ?? none;
  const open = rows.filter((row) => row.acknowledgedAt === null);
  const picked = open.filter((row) => chosen.has(keyOf(row)));
  const { severity, state = "unacknowledged" } = search;
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.operate") }, { label: t("nav.alarms") }]}
        title={t("nav.alarms")}
        aside={
          query.data ? (
            <span className="e-muted e-small e-num" role="status">
              {t("alarms.counts", { ...query.data.counts })}
            </span>
          ) : null
        }
      />
      <div className="e-stack">
        <div className="e-row">
          <SegmentedControl
            aria-label={t("alarms.show")}
            value={state}
            onChange={(next) =>
              change({
                ...(severity ? { severity } : {}),
                ...(next === "unacknowledged" ? {} : { state: next as NonNullable<AlarmsSearch["state"]> }),
              })
            }
            data={alarmStates.map((value) => ({ value, label: t(`alarms.${value}`) }))}
          />
          <Select
            aria-label={t("alarms.severity")}
            style={{ flex: "0 1 180px" }}
            allowDeselect={false}
            value={severity ?? ""}
            onChange={(value) => {
              const { severity: _old, ...rest } = search;
              const next = severities.find((one) => one === value);
              change(next ? { ...rest, severity: next } : rest);
            }}
            data={[
              { value: "", label: t("alarms.any") },
              ...severities.map((value) => ({ value, label: t(`alarms.${value}`) })),
            ]}
          />
          {may("alarms.change") ? (
            <Button disabled={picked.length === 0} onClick={() => setAsking(true)}>
              {t("alarms.acknowledge", { count: picked.length })}
            </Button>
          ) : null}
        </div>
        <UndeliveredPanel rows={query.data?.undelivered ?? []} />
        {query.isPending ? <Waiting /> : null}
        {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
        {query.data && rows.length === 0 ? (
          <section className="e-panel">
            <EmptyNotice title={t("alarms.none")}>{t("alarms.none-do")}</EmptyNotice>
          </section>
        ) : null}
        {query.data && query.data.total > rows.length ? (
          <p className="e-muted">
            {t("alarms.shown-of", { shown: f.number(rows.length), total: f.number(query.data.total) })}
          </p>
        ) : null}
        {rows.length > 0 ? (
          <AlarmTable
            rows={rows}
            chosen={chosen}
            choose={may("alarms.change") ? setChosen : undefined}
            all={open.map(keyOf)}
          />
        ) : null}
      </div>
      <AcknowledgeDialog
        alarms={picked}
        opened={asking}
        onClose={() => setAsking(false)}
        onDone={() => {
          setAsking(false);
          setChosen(new Set());
        }}
      />
    </>
  );
}

/** The open field task for an alarm, or the button that opens one where there is a place to go to. */
function Task({ row, where }: { readonly row: Alarm; readonly where: string }) {
  const { t } = useLocale();
  const may = useMay();
  const { deviceId, at, code, seq, pointId, gatewayId, fieldTaskId } = row;
  if (fieldTaskId !== null) {
    const number = t("task.number", { number: String(fieldTaskId) });
    return (
      <Mark shape="◌" tone="accent">
        {may("field-tasks.see") ? (
          <Link to="/op/field/$taskId" params={{ taskId: fieldTaskId }}>
            {number}
          </Link>
        ) : (
          number
        )}
      </Mark>
    );
  }
  if (deviceId === null || (pointId === null && gatewayId === null)) return null;
  return (
    <TaskButton
      small
      source={{ alarm: { deviceId, at, code, seq } }}
      where={where}
      {...(gatewayId === null ? {} : { kind: "communication" as const })}
      place={pointId === null ? { gateway: gatewayId ?? 0 } : { point: pointId }}
    />
  );
}

function AlarmTable(props: {
  readonly rows: readonly Alarm[];
  readonly chosen: ReadonlySet<string>;
  readonly choose: ((chosen: ReadonlySet<string>) => void) | undefined;
  readonly all: readonly string[];
}) {
  const { t, f } = useLocale();
  const { chosen, choose, all } = props;
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    choose?.(next);
  };
  const isAll = all.length > 0 && all.every((key) => chosen.has(key));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-panel e-scroll-x" tabIndex={0} aria-label={t("nav.alarms")}>
      <table className="e-list-table">
        <thead>
          <tr>
            {choose ? (
              <th scope="col">
                <Checkbox
                  aria-label={t("alarms.choose-all")}
                  checked={isAll}
                  disabled={all.length === 0}
                  onChange={() => choose(new Set(isAll ? [] : all))}
                />
              </th>
            ) : null}
            {(["severity", "what", "where", "since", "standing", "seen-by"] as const).map((column) => (
              <th key={column} scope="col">
                {t(`alarms.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => {
            const [shape, tone] = marks[row.severity];
            const words = eventKey(row.eventName);
            const what = words ? t(words) : row.code;
            const where = row.pod ?? row.peak?.groupName ?? row.identity ?? noValue;
            const when = f.instant(Date.parse(row.at));
            const key = keyOf(row);
            return (
              <tr key={key}>
                {choose ? (
                  <td>
                    {row.acknowledgedAt === null ? (
                      <Checkbox
                        aria-label={t("alarms.choose-one", { what, where, when })}
                        checked={chosen.has(key)}
                        onChange={() => toggle(key)}
                      />
                    ) : null}
                  </td>
                ) : null}
                <td>
                  <Mark shape={shape} tone={tone}>
                    {t(`alarms.${row.severity}`)}
                  </Mark>
                </td>
                <td>
                  <strong>{what}</strong>
                  {row.peak ? <PeakWords peak={row.peak} /> : null}
                  {row.detail === null ? null : (
                    <div className="e-muted e-small">
                      {Object.entries(row.detail)
                        .map(([name, value]) => `${name} ${value}`)
                        .join(", ")}
                    </div>
                  )}
                </td>
                <td>
                  {row.peak?.groupName ? (
                    <Link to="/cfg/groups/$groupId" params={{ groupId: Number(row.peak.of.slice(1)) }}>
                      {where}
                    </Link>
                  ) : row.gatewayId !== null ? (
                    <Link to="/cfg/equipment/$gatewayId" params={{ gatewayId: row.gatewayId }}>
                      {where}
                    </Link>
                  ) : row.pointId === null ? (
                    where
                  ) : (
                    <Link to="/points/$pointId" params={{ pointId: row.pointId }} search={{ tab: "events" }}>
                      {where}
                    </Link>
                  )}
                  <div className="e-muted e-small">{row.branch.join(" › ")}</div>
                  <Task row={row} where={where} />
                </td>
                <td className="e-nowrap">{when}</td>
                <td>
                  {row.endedAt === null ? (
                    t(row.peak ? "alarms.peak-stands" : "alarms.lasts")
                  ) : (
                    <span className="e-muted">
                      {t(row.peak ? "alarms.peak-gone" : "alarms.over", {
                        time: f.instant(Date.parse(row.endedAt)),
                      })}
                    </span>
                  )}
                </td>
                <td>
                  {row.acknowledgedAt === null || row.acknowledgedBy === null ? (
                    <span className="e-muted">{noValue}</span>
                  ) : (
                    <>
                      {t("alarms.seen", {
                        name: row.acknowledgedBy,
                        time: f.instant(Date.parse(row.acknowledgedAt)),
                      })}
                      {row.note ? <div className="e-muted e-small">{row.note}</div> : null}
                    </>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
