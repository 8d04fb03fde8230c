import { Checkbox, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

const whens = ["period", "window", "moments"] as const;
const time = /^([01]\d|2[0-3]):[0-5]\d$/;
const parts = ["profile", "registers", "events"] as const;

/** By which plan a device, or several, are read from now on: one that is there, a new one, or none. */
export function PlanForm<Answer>(props: {
  /** Of the plan that holds; null: none; absent: devices of several. */
  readonly planName?: string | null;
  /** What is read anew, beside the plans. */
  readonly changes: readonly (readonly unknown[])[];
  readonly give: (given: { readonly planId: number | null; readonly reason: string }) => Promise<Answer>;
  /** Takes away what holds, where something does, and how that is called. */
  readonly end?: { readonly label: string; readonly run: (reason: string) => Promise<Answer> };
  readonly done?: (answer: Answer) => string;
  readonly onEnd: () => void;
}) {
  const { t, f } = useLocale();
  const { planName, give, done, onEnd } = props;
  const plans = useQuery({ queryKey: ["reading-plans"], queryFn: ({ signal }) => api.readingPlans(signal) });
  const [chosen, setChosen] = useState<string>();
  const [name, setName] = useState("");
  const [minutes, setMinutes] = useState("15");
  const [when, setWhen] = useState<(typeof whens)[number]>("period");
  const [moments, setMoments] = useState("");
  const [window, setWindow] = useState("");
  const [days, setDays] = useState("40");
  const [reads, setReads] = useState({ profile: true, registers: true, events: true });
  const [reason, setReason] = useState("");
  if (plans.isPending) return <Waiting />;
  if (plans.isError) return <ProblemNotice error={plans.error} onRetry={() => void plans.refetch()} />;
  const rows = plans.data.rows;
  const present = planName === undefined ? rows[0] : rows.find((plan) => plan.name === planName);
  const value = chosen ?? (present ? String(present.planId) : planName === undefined ? "new" : "none");
  const isNew = value === "new";
  const everySeconds = /^\d{1,5}$/.test(minutes.trim()) ? Number(minutes) * 60 : 0;
  const backfillDays = /^\d{1,3}$/.test(days.trim()) ? Number(days) : -1;
  const times = moments.split(/[\s,;]+/).filter((text) => text !== "");
  const [from = "", to = "", ...more] = window.trim().split(/\s*[-–]\s*/);
  const goodMoments =
    when !== "moments" || (times.length > 0 && times.length <= 24 && times.every((text) => time.test(text)));
  const goodWindow =
    when !== "window" || (time.test(from) && time.test(to) && from !== to && more.length === 0);
  const goodPeriod = when === "moments" || (everySeconds >= 60 && everySeconds <= 31 * 86_400);
  const goodDays = backfillDays >= 0 && backfillDays <= 400;
  const isWhole =
    !isNew ||
    (name.trim() !== "" &&
      goodPeriod &&
      goodMoments &&
      goodWindow &&
      goodDays &&
      parts.some((part) => reads[part]));
  const run = async () => {
    const given = reason.trim();
    if (value === "end" && props.end) return props.end.run(given);
    const planId = isNew
      ? (
          await api.addReadingPlan({
            name: name.trim(),
            everySeconds: when === "moments" ? 86_400 : everySeconds,
            moments: when === "moments" ? times : [],
            between: when === "window" ? { from, to } : null,
            backfillDays,
            ...reads,
            reason: given,
          })
        ).planId
      : value === "none"
        ? null
        : Number(value);
    return give({ planId, reason: given });
  };
  return (
    <ChangeForm
      changes={[...props.changes, ["reading-plans"]]}
      onEnd={onEnd}
      {...(done ? { done } : {})}
      complete={isWhole && isReason(reason)}
      run={run}
    >
      <NativeSelect
        label={t("plan.read-by")}
        description={t("plan.help")}
        value={value}
        data={[
          ...rows.map((plan) => ({
            value: String(plan.planId),
            label:
              plan.moments.length > 0
                ? t("plan.option-moments", {
                    name: plan.name,
                    moments: plan.moments.join(", "),
                    count: plan.devices,
                  })
                : t("plan.option", {
                    name: plan.name,
                    every: [
                      f.duration(plan.everySeconds * 1000),
                      ...(plan.between ? [`${plan.between.from}–${plan.between.to}`] : []),
                    ].join(", "),
                    count: plan.devices,
                  }),
          })),
          { value: "new", label: t("plan.new") },
          { value: "none", label: t("plan.none") },
          ...(props.end ? [{ value: "end", label: props.end.label }] : []),
        ]}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      {isNew ? (
        <>
          <Field label={t("plan.name")} value={name} onChange={setName} />
          <NativeSelect
            label={t("plan.when")}
            value={when}
            data={whens.map((one) => ({ value: one, label: t(`plan.when-${one}`) }))}
            onChange={(event) => setWhen(whens.find((one) => one === event.currentTarget.value) ?? "period")}
          />
          {when === "moments" ? (
            <Field
              label={t("plan.moments")}
              help={t("plan.moments-help")}
              value={moments}
              wrong={moments === "" || goodMoments ? undefined : t("plan.moments-wrong")}
              onChange={setMoments}
            />
          ) : (
            <Field
              label={t("plan.minutes")}
              value={minutes}
              wrong={goodPeriod ? undefined : t("plan.minutes-wrong")}
              onChange={setMinutes}
            />
          )}
          {when === "window" ? (
            <Field
              label={t("plan.window")}
              help={t("plan.window-help")}
              value={window}
              wrong={window === "" || goodWindow ? undefined : t("plan.window-wrong")}
              onChange={setWindow}
            />
          ) : null}
          <Field
            label={t("plan.days")}
            help={t("plan.days-help")}
            value={days}
            wrong={goodDays ? undefined : t("plan.days-wrong")}
            onChange={setDays}
          />
          {parts.map((part) => (
            <Checkbox
              key={part}
              label={t(`plan.${part}`)}
              checked={reads[part]}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                setReads((now) => ({ ...now, [part]: checked }));
              }}
            />
          ))}
        </>
      ) : null}
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
