import { Button, Checkbox, NativeSelect, Radio, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { severities } from "../alarms/search.ts";
import { energies } from "../analysis/search.ts";
import { SubjectPicker } from "../analysis/subject-picker.tsx";
import { api, type PeakRule } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import {
  basesOf,
  conditionOf,
  type Draft,
  draftOf,
  faultsOf,
  givenOf,
  newDraft,
  soundBasis,
} from "./draft.ts";
import { TrialResult } from "./trial.tsx";

const measured = energies.filter((energy) => energy !== "net");
const quarterChoices = [1, 2, 3, 4, 6, 8, 12];
const dayKinds = ["all", "workdays", "restdays"] as const;
const halfHours = Array.from(
  { length: 48 },
  (_, nth) => `${String(Math.floor(nth / 2)).padStart(2, "0")}:${nth % 2 === 0 ? "00" : "30"}`,
);
const trialDays = [7, 30, 92] as const;

/** Half hours, and the quarter-hour that a rule has already. */
const timesWith = (time: string): { value: string; label: string }[] =>
  [...new Set([...halfHours, ...(time === "" ? [] : [time])])]
    .sort()
    .map((value) => ({ value, label: value }));

/** A rule as it is written; it can be tried on the days that were before it is saved. */
export function RuleForm({
  rule,
  onEnd,
}: {
  readonly rule: PeakRule | undefined;
  readonly onEnd: () => void;
}) {
  const { t, language } = useLocale();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => (rule ? draftOf(rule, language === "ro") : newDraft));
  const [tried, setTried] = useState(false);
  const [days, setDays] = useState<number>(30);
  const faults = faultsOf(draft);
  const trial = useMutation({
    mutationFn: () => api.tryPeakRule({ ...conditionOf(givenOf(draft)), days }),
  });
  const change = (next: Partial<Draft>) => {
    setDraft((now) => soundBasis({ ...now, ...next }));
    // What was tried is another rule than the one that is written now.
    trial.reset();
  };
  const save = useMutation({
    mutationFn: async () => {
      if (rule) await api.changePeakRule(rule.ruleId, { ...givenOf(draft), seen: rule.changedAt });
      else await api.addPeakRule(givenOf(draft));
    },
    onSuccess: async () => {
      notifications.show({ message: t("peaks.saved") });
      await queries.invalidateQueries({ queryKey: ["peak-rules"] });
      onEnd();
    },
  });
  const wrong = (field: Parameters<(typeof faults)["has"]>[0], words: string) =>
    tried && faults.has(field) ? words : undefined;
  const tryable = [...faults].every((fault) => fault === "name");
  return (
    <form
      className="e-panel-body e-stack"
      aria-label={rule ? t("peaks.edit", { name: rule.name }) : t("peaks.new")}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        setTried(true);
        if (faults.size === 0) save.mutate();
      }}
    >
      <div className="e-fields">
        <TextInput
          label={t("peaks.name")}
          data-autofocus
          maxLength={80}
          autoComplete="off"
          value={draft.name}
          error={wrong("name", t("peaks.wrong-name"))}
          onChange={({ currentTarget: { value } }) => setDraft((now) => ({ ...now, name: value }))}
        />
        <NativeSelect
          label={t("an.energy")}
          value={draft.energy}
          data={measured.map((value) => ({ value, label: t(`an.energy.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            change({ energy: measured.find((one) => one === value) ?? "A+" })
          }
        />
        <NativeSelect
          label={t("peaks.severity")}
          value={draft.severity}
          data={severities.map((value) => ({ value, label: t(`alarms.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            setDraft((now) => ({ ...now, severity: severities.find((one) => one === value) ?? "medium" }))
          }
        />
      </div>
      <Radio.Group
        label={t("peaks.watches")}
        value={draft.every ? "every" : "one"}
        onChange={(value) => change({ every: value === "every" })}
      >
        <div className="e-row" style={{ gap: "8px 24px" }}>
          <Radio value="one" label={t("peaks.of-one")} />
          <Radio value="every" label={t("peaks.of-approved")} />
        </div>
      </Radio.Group>
      {draft.every ? null : (
        <div className="e-row">
          <SubjectPicker
            subjects={draft.of === undefined ? [] : [draft.of]}
            single
            choose={t("peaks.choose")}
            accepts={(of) => /^[pg]/.test(of)}
            onChange={([of]) => change({ of })}
          />
          {draft.of === undefined || draft.of.startsWith("p") ? null : (
            <NativeSelect
              size="xs"
              aria-label={t("peaks.side")}
              value={draft.of[0]}
              data={[
                { value: "g", label: t("peaks.members") },
                { value: "m", label: t("peaks.balance") },
              ]}
              onChange={({ currentTarget: { value } }) => change({ of: `${value}${draft.of!.slice(1)}` })}
            />
          )}
          {wrong("of", t("peaks.choose")) ? (
            <span className="e-tone-bad e-small" role="alert">
              <b aria-hidden="true">▲</b> {t("peaks.choose")}
            </span>
          ) : null}
        </div>
      )}
      <div className="e-fields">
        <NativeSelect
          label={t("peaks.basis")}
          value={draft.basis}
          data={basesOf(draft).map((value) => ({ value, label: t(`peaks.basis-${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            change({ basis: basesOf(draft).find((one) => one === value) ?? "power" })
          }
        />
        {draft.basis === "power" ? (
          <TextInput
            label={t("peaks.power")}
            inputMode="decimal"
            value={draft.power}
            error={wrong("power", t("peaks.wrong-number"))}
            onChange={({ currentTarget: { value } }) => change({ power: value })}
          />
        ) : (
          <TextInput
            label={t("peaks.percent")}
            inputMode="decimal"
            value={draft.percent}
            error={wrong("percent", t("peaks.wrong-number"))}
            onChange={({ currentTarget: { value } }) => change({ percent: value })}
          />
        )}
        {draft.basis === "former" ? (
          <TextInput
            label={t("peaks.days-before")}
            inputMode="numeric"
            value={draft.formerDays}
            error={wrong("formerDays", t("peaks.wrong-days"))}
            onChange={({ currentTarget: { value } }) => change({ formerDays: value })}
          />
        ) : null}
        <NativeSelect
          label={t("peaks.quarters")}
          value={String(draft.quarters)}
          data={[...new Set([...quarterChoices, draft.quarters])].sort((a, b) => a - b).map(String)}
          onChange={({ currentTarget: { value } }) => change({ quarters: Number(value) })}
        />
      </div>
      <div className="e-fields">
        <NativeSelect
          label={t("peaks.day-kind")}
          value={draft.dayKind}
          data={dayKinds.map((value) => ({ value, label: t(`peaks.days-${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            change({ dayKind: dayKinds.find((one) => one === value) ?? "all" })
          }
        />
        <NativeSelect
          label={t("peaks.hours-from")}
          value={draft.startTime}
          data={[{ value: "", label: t("peaks.whole-day") }, ...timesWith(draft.startTime)]}
          onChange={({ currentTarget: { value } }) =>
            change({ startTime: value, endTime: value === "" ? "" : draft.endTime || "22:00" })
          }
        />
        {draft.startTime === "" ? null : (
          <NativeSelect
            label={t("peaks.hours-to")}
            value={draft.endTime}
            data={timesWith(draft.endTime)}
            error={wrong("hours", t("peaks.wrong-hours"))}
            onChange={({ currentTarget: { value } }) => change({ endTime: value })}
          />
        )}
      </div>
      <Checkbox
        label={t("peaks.estimates")}
        checked={draft.estimates}
        onChange={({ currentTarget: { checked } }) => change({ estimates: checked })}
      />
      <Checkbox
        label={t("peaks.enabled")}
        checked={draft.enabled}
        onChange={({ currentTarget: { checked } }) => setDraft((now) => ({ ...now, enabled: checked }))}
      />
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      {trial.isError ? <ProblemNotice error={trial.error} /> : null}
      <div className="e-row">
        <Button type="submit" loading={save.isPending}>
          {t("peaks.save")}
        </Button>
        <Button variant="default" onClick={onEnd}>
          {t("common.cancel")}
        </Button>
        <span style={{ flex: "1 1 0" }} />
        <span className="e-row">
          <Button
            variant="default"
            loading={trial.isPending}
            onClick={() => {
              if (tryable) trial.mutate();
              else setTried(true);
            }}
          >
            {t("peaks.try")}
          </Button>
          <NativeSelect
            aria-label={t("peaks.try-days")}
            value={String(days)}
            data={trialDays.map((value) => ({
              value: String(value),
              label: `${t("peaks.try-days")} ${t("peaks.days", { count: value })}`,
            }))}
            onChange={({ currentTarget: { value } }) => {
              setDays(Number(value));
              trial.reset();
            }}
          />
        </span>
      </div>
      {trial.data ? <TrialResult trial={trial.data} energy={draft.energy} /> : null}
    </form>
  );
}
