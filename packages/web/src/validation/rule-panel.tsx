import { Button, NativeSelect, NumberInput, Switch, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type LongJob, type RuleSetting, type ValidationRule } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { isOpenJob, longJobsQuery } from "../shell/long-jobs.tsx";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";
import { severities } from "./search.ts";
import { ruleWords, thresholdWords } from "./words.ts";

const trialDays = [7, 30, 90, 365] as const;
const trialPoints = 1_000;
const classes = ["household", "business", "industry", "prosumer", "producer", "balance", "lighting"] as const;
type PointClass = (typeof classes)[number];

/** One rule: what holds for each class, a form for one of them, the trial on history, and only then the change. */
export function RulePanel(props: { readonly rule: ValidationRule; readonly onBack: () => void }) {
  const { t, f } = useLocale();
  const { rule } = props;
  const [of, setOf] = useState<PointClass>("household");
  return (
    <section className="e-panel" aria-labelledby="rule">
      <div className="e-panel-head">
        <div>
          <button type="button" className="e-quiet-button e-work-back" onClick={props.onBack}>
            ← {t("vee.back")}
          </button>
          <h2 id="rule">
            {rule.rule} {ruleWords(t, rule.rule)}
          </h2>
        </div>
      </div>
      <div className="e-panel-body e-stack">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
        <section className="e-scroll-x" tabIndex={0} aria-labelledby="rule">
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("rules.class")}</th>
                <th scope="col">{t("rules.runs")}</th>
                <th scope="col">{t("vee.severity")}</th>
                {Object.keys(rule.thresholds).map((name) => (
                  <th key={name} scope="col" className="e-end">
                    {thresholdWords(t, name)}
                  </th>
                ))}
                <th scope="col">{t("rules.since")}</th>
              </tr>
            </thead>
            <tbody>
              {rule.classes.map((row) => (
                <tr key={row.class}>
                  <td>{t(`rules.class.${row.class}`)}</td>
                  <td>{t(row.enabled ? "rules.on" : "rules.off")}</td>
                  <td>
                    {row.severity === null
                      ? t("rules.as-it-comes")
                      : t(`vee.severity.${row.severity as "F"}`)}
                  </td>
                  {Object.keys(rule.thresholds).map((name) => (
                    <td key={name} className="e-num">
                      {f.number(row.thresholds[name] ?? 0)}
                    </td>
                  ))}
                  <td>
                    {row.from === null
                      ? t("rules.as-it-comes")
                      : `${f.day(row.from)}, ${row.setBy ?? ""}: ${row.reason ?? ""}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <NativeSelect
          label={t("rules.class")}
          value={of}
          data={classes.map((value) => ({ value, label: t(`rules.class.${value}`) }))}
          onChange={(event) => {
            const next = classes.find((one) => one === event.currentTarget.value);
            if (next) setOf(next);
          }}
          style={{ maxWidth: 240 }}
        />
        <Setting key={of} rule={rule} of={of} />
      </div>
    </section>
  );
}

function Setting({ rule, of }: { readonly rule: ValidationRule; readonly of: PointClass }) {
  const { t, zone } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const today = dayOf(useNow(600_000), zone);
  const now = rule.classes.find((row) => row.class === of)!;
  const [enabled, setEnabled] = useState(now.enabled);
  const [severity, setSeverity] = useState(now.severity ?? "");
  const [thresholds, setThresholds] = useState<Readonly<Record<string, number | string>>>(now.thresholds);
  const [from, setFrom] = useState<string>(today);
  const [reason, setReason] = useState("");
  const [days, setDays] = useState<number>(30);
  const [jobId, setJobId] = useState<number>();
  const wrong = Object.entries(thresholds).some(([name, value]) => {
    const bounds = rule.thresholds[name];
    return !bounds || value === "" || Number(value) < bounds.min || Number(value) > bounds.max;
  });
  const setting = {
    rule: rule.rule,
    class: of,
    enabled,
    thresholds: Object.fromEntries(Object.entries(thresholds).map(([name, value]) => [name, Number(value)])),
    ...(severity === "" ? {} : { severity: severity as "F" }),
  } satisfies Omit<RuleSetting, "from" | "reason">;
  const trial = useMutation({
    mutationFn: () =>
      api.dryRunRules({
        settings: [setting],
        from: Temporal.PlainDate.from(today).subtract({ days }).toString(),
        to: today,
        pointsMax: trialPoints,
      }),
    onSuccess: async (started) => {
      setJobId(started?.jobId);
      await queries.invalidateQueries({ queryKey: longJobsQuery.queryKey });
    },
  });
  const save = useMutation({
    mutationFn: () => api.setValidationRule({ ...setting, from, reason: reason.trim() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["validation"] }),
  });
  const job = useQuery(longJobsQuery).data?.rows.find((row) => row.jobId === jobId);
  return (
    <>
      <div className="e-row" style={{ alignItems: "end", gap: 12 }}>
        <Switch
          label={t("rules.runs")}
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        <NativeSelect
          label={t("vee.severity")}
          value={severity}
          data={[
            { value: "", label: t("rules.as-it-comes") },
            ...severities.map((value) => ({ value, label: t(`vee.severity.${value}`) })),
          ]}
          onChange={(event) => setSeverity(event.currentTarget.value)}
        />
        {Object.entries(rule.thresholds).map(([name, bounds]) => (
          <NumberInput
            hideControls
            key={name}
            label={thresholdWords(t, name)}
            description={t("rules.bounds", { min: bounds.min, max: bounds.max })}
            min={bounds.min}
            max={bounds.max}
            allowDecimal={false}
            style={{ width: 170 }}
            value={thresholds[name] ?? bounds.default}
            onChange={(value) => setThresholds({ ...thresholds, [name]: value })}
          />
        ))}
      </div>
      <div className="e-row" style={{ alignItems: "end" }}>
        <NativeSelect
          label={t("rules.trial-days")}
          value={String(days)}
          data={trialDays.map((value) => ({ value: String(value), label: t("rules.days", { days: value }) }))}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
        />
        <Button
          variant="default"
          loading={trial.isPending || (job !== undefined && isOpenJob(job))}
          disabled={wrong}
          onClick={() => trial.mutate()}
        >
          {t("rules.try")}
        </Button>
      </div>
      {trial.isError ? <ProblemNotice error={trial.error} /> : null}
      {job ? <Trial job={job} rule={rule.rule} /> : null}
      {may("validation-rules.change") ? (
        <form
          className="e-row"
          style={{ alignItems: "end" }}
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim() !== "" && !wrong) save.mutate();
          }}
        >
          <TextInput
            type="date"
            label={t("rules.from")}
            required
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            label={t("vee.reason")}
            style={{ flex: "1 1 200px" }}
            required
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button
            type="submit"
            loading={save.isPending}
            disabled={wrong || reason.trim() === "" || from === ""}
          >
            {t("rules.save")}
          </Button>
        </form>
      ) : null}
      {save.isError ? <ProblemNotice error={save.error} /> : null}
    </>
  );
}

interface TrialResult {
  readonly points?: number;
  readonly days?: number;
  readonly elapsedMs?: number;
  readonly rulesMs?: { readonly asSet: number; readonly asTried: number };
  readonly counts?: readonly {
    readonly rule: string;
    readonly severity: "F" | "W" | "I";
    readonly asSet: number;
    readonly asTried: number;
  }[];
}

/** What the trial would have raised, as set and as tried, and what it costs. */
function Trial({ job, rule }: { readonly job: LongJob; readonly rule: string }) {
  const { t, f } = useLocale();
  if (isOpenJob(job)) return <p role="status">{t("rules.running")}</p>;
  const result = (job.result ?? {}) as TrialResult;
  const counts = (result.counts ?? []).filter((row) => row.rule === rule);
  const sum = (of: "asSet" | "asTried") => counts.reduce((total, row) => total + row[of], 0);
  return (
    <section className="e-fieldset" aria-label={t("rules.result")} role="status">
      <dl className="e-figures">
        <div>
          <dt className="e-muted e-small">{t("rules.as-set")}</dt>
          <dd className="e-num">{f.number(sum("asSet"))}</dd>
        </div>
        <div>
          <dt className="e-muted e-small">{t("rules.as-tried")}</dt>
          <dd className="e-num">
            {f.number(sum("asTried"))} ({f.signed(sum("asTried") - sum("asSet"))})
          </dd>
        </div>
        <div>
          <dt className="e-muted e-small">{t("rules.looked-at")}</dt>
          <dd className="e-num">
            {t("rules.looked-at-value", { days: result.days ?? 0, points: result.points ?? 0 })}
          </dd>
        </div>
        <div>
          <dt className="e-muted e-small">{t("rules.cost")}</dt>
          <dd className="e-num">
            {t("rules.cost-value", {
              set: f.number(result.rulesMs?.asSet ?? 0),
              tried: f.number(result.rulesMs?.asTried ?? 0),
              all: f.number((result.elapsedMs ?? 0) / 1000, 1),
            })}
          </dd>
        </div>
      </dl>
    </section>
  );
}
