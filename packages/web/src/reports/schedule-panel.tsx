import { Button, Checkbox, Modal, NumberInput, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Choice } from "../analysis/frame.tsx";
import { api, type Report, type ScheduleGiven } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

type Schedule = Report["schedules"][number];
const everies = ["day", "week", "month"] as const;
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
const formats = ["csv", "xlsx", "pdf"] as const;

const usual: ScheduleGiven = {
  every: "month",
  weekday: null,
  monthDay: 1,
  minute: 7 * 60,
  format: "xlsx",
  recipients: [],
  folder: false,
  enabled: true,
};

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** When a report runs by itself, and who gets its file. */
export function SchedulePanel({ report }: { readonly report: Report }) {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const [editing, setEditing] = useState<Schedule | "new">();
  const refresh = () => queries.invalidateQueries({ queryKey: ["reports"] });
  const { reportId } = report;
  const run = useMutation({
    mutationFn: (scheduleId: number) => api.runSchedule(reportId, scheduleId),
    onSuccess: async () => {
      notifications.show({ message: t("rp.schedule-queued") });
      await refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (schedule: Schedule) => api.removeSchedule(reportId, schedule.scheduleId),
    onSuccess: async (_, schedule) => {
      await refresh();
      const undo = () => api.restoreSchedule(reportId, schedule.scheduleId).then(refresh);
      notifications.show({
        message: (
          <span className="e-row">
            {t("rp.gone", { name: when(schedule) })}
            <Button size="compact-sm" variant="default" onClick={() => void undo()}>
              {t("rp.undo")}
            </Button>
          </span>
        ),
      });
    },
  });
  const when = ({ every, weekday, monthDay, minute }: Schedule): string =>
    [
      t(`rp.every.${every}`),
      weekday === null ? "" : t(`rp.weekday.${weekday as (typeof weekdays)[number]}`),
      monthDay === null ? "" : String(monthDay),
      clock(minute),
    ]
      .filter((part) => part !== "")
      .join(", ");
  return (
    <section className="e-panel" aria-labelledby="rp-schedules">
      <div className="e-panel-head">
        <h2 id="rp-schedules">{t("rp.schedules")}</h2>
        <Button size="xs" variant="default" onClick={() => setEditing("new")}>
          {t("rp.schedule-add")}
        </Button>
      </div>
      {run.isError ? <ProblemNotice error={run.error} /> : null}
      {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      {report.schedules.length === 0 ? <p className="e-panel-body e-muted">{t("rp.schedule-none")}</p> : null}
      <ul className="e-panel-body e-action-list">
        {report.schedules.map((schedule) => (
          <li key={schedule.scheduleId} className="e-row" style={{ justifyContent: "space-between" }}>
            <span className="e-break">
              <strong>{when(schedule)}</strong> · {schedule.format.toUpperCase()} ·{" "}
              {[...schedule.recipients, ...(schedule.folder ? [t("rp.folder")] : [])].join(", ")}
              <br />
              <span className="e-small e-muted">
                {schedule.enabled
                  ? t("rp.schedule-next", { time: f.instant(Date.parse(schedule.nextDueAt)) })
                  : t("rp.schedule-off")}
              </span>
              {schedule.version < report.version ? (
                <>
                  <br />
                  <span className="e-small">
                    {t("rp.schedule-version", { version: schedule.version, newest: report.version })}
                  </span>
                </>
              ) : null}
            </span>
            <span className="e-row">
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`${t("rp.schedule-now")}: ${when(schedule)}`}
                onClick={() => run.mutate(schedule.scheduleId)}
              >
                {t("rp.schedule-now")}
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`${t("rp.schedule-change")}: ${when(schedule)}`}
                onClick={() => setEditing(schedule)}
              >
                {t("rp.schedule-change")}
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t("rp.remove-of", { name: when(schedule) })}
                onClick={() => remove.mutate(schedule)}
              >
                {t("rp.remove")}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <Modal
        opened={editing !== undefined}
        onClose={() => setEditing(undefined)}
        title={t(editing === "new" ? "rp.schedule-add" : "rp.schedule-change-title")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {editing === undefined ? null : (
          <ScheduleForm
            reportId={reportId}
            schedule={editing === "new" ? undefined : editing}
            onDone={async () => {
              setEditing(undefined);
              await refresh();
            }}
          />
        )}
      </Modal>
    </section>
  );
}

function ScheduleForm(props: {
  readonly reportId: number;
  readonly schedule: Schedule | undefined;
  readonly onDone: () => Promise<void>;
}) {
  const { t, zone } = useLocale();
  const { reportId, schedule } = props;
  const [given, setGiven] = useState<ScheduleGiven>(() => {
    if (!schedule) return usual;
    const { every, weekday, monthDay, minute, format, recipients, folder, enabled } = schedule;
    return { every, weekday, monthDay, minute, format, recipients, folder, enabled };
  });
  const [recipients, setRecipients] = useState(given.recipients.join(", "));
  const addresses = recipients.split(/[\s,;]+/).filter((address) => address !== "");
  const save = useMutation({
    mutationFn: () => {
      const body = { ...given, recipients: addresses };
      return schedule
        ? api.changeSchedule(reportId, schedule.scheduleId, body)
        : api.addSchedule(reportId, body);
    },
    onSuccess: props.onDone,
  });
  const set = (next: Partial<ScheduleGiven>) => setGiven({ ...given, ...next });
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      <Choice
        label={t("rp.every")}
        value={given.every}
        options={everies.map((every) => [every, t(`rp.every.${every}`)])}
        onChange={(value) => {
          const every = value as (typeof everies)[number];
          set({ every, weekday: every === "week" ? 1 : null, monthDay: every === "month" ? 1 : null });
        }}
      />
      {given.every === "week" ? (
        <Choice
          label={t("rp.weekday")}
          value={String(given.weekday ?? 1)}
          options={weekdays.map((day) => [String(day), t(`rp.weekday.${day}`)])}
          onChange={(value) => set({ weekday: Number(value) })}
        />
      ) : null}
      {given.every === "month" ? (
        <NumberInput
          label={t("rp.month-day")}
          description={t("rp.month-day-about")}
          min={1}
          max={31}
          value={given.monthDay ?? 1}
          onChange={(value) => set({ monthDay: Math.min(31, Math.max(1, Number(value) || 1)) })}
        />
      ) : null}
      <label className="e-row e-small">
        <span className="e-muted">{t("rp.at", { zone })}</span>
        <input
          type="time"
          className="e-cell-input"
          required
          value={clock(given.minute)}
          onChange={({ currentTarget: { value } }) => {
            const [hour, minute] = value.split(":").map(Number);
            if (hour !== undefined && minute !== undefined) set({ minute: hour * 60 + minute });
          }}
        />
      </label>
      <Choice
        label={t("rp.format")}
        value={given.format}
        options={formats.map((format) => [format, format.toUpperCase()])}
        onChange={(value) => set({ format: value as (typeof formats)[number] })}
      />
      <TextInput
        label={t("rp.recipients")}
        description={t("rp.recipients-about")}
        value={recipients}
        onChange={({ currentTarget }) => setRecipients(currentTarget.value)}
      />
      <Checkbox
        label={t("rp.folder")}
        checked={given.folder}
        onChange={({ currentTarget }) => set({ folder: currentTarget.checked })}
      />
      <Checkbox
        label={t("rp.enabled")}
        checked={given.enabled}
        onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
      />
      <p className="e-small e-muted">{t("rp.rights-about")}</p>
      <Button type="submit" loading={save.isPending} disabled={addresses.length === 0 && !given.folder}>
        {t("rp.save")}
      </Button>
    </form>
  );
}
