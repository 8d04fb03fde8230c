import "./texts.ts";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type PeakRule } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { givenOfRule } from "./draft.ts";
import { RemoveRule } from "./remove-rule.tsx";
import { RuleForm } from "./rule-form.tsx";

/** Rules that watch demand: what each looks for, on or off, how much it raised; they are made, tried and changed here. */
export function PeakRulesPage() {
  const { t } = useLocale();
  const change = useMay()("peak-rules.change");
  /** The rule that is being changed, or `new`. */
  const [open, setOpen] = useState<PeakRule | "new">();
  const query = useQuery({
    queryKey: ["peak-rules"],
    queryFn: ({ signal }) => api.peakRules(signal),
    refetchInterval: 60_000,
  });
  const rule = open === "new" ? undefined : open;
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.analyse") }, { label: t("nav.peak-rules") }]}
        title={t("nav.peak-rules")}
        actions={change && !open ? <Button onClick={() => setOpen("new")}>{t("peaks.new")}</Button> : null}
      />
      <div className="e-stack">
        <p className="e-muted e-prose">{t("peaks.lead")}</p>
        {open ? (
          <section className="e-panel" aria-labelledby="peak-rule-form">
            <div className="e-panel-head">
              <h2 id="peak-rule-form">{rule ? t("peaks.edit", { name: rule.name }) : t("peaks.new")}</h2>
              {rule ? (
                <RemoveRule key={rule.ruleId} ruleId={rule.ruleId} onEnd={() => setOpen(undefined)} />
              ) : null}
            </div>
            <RuleForm key={rule?.ruleId ?? 0} rule={rule} onEnd={() => setOpen(undefined)} />
          </section>
        ) : null}
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.rows.length === 0 ? (
          <section className="e-panel">
            <EmptyNotice title={t("peaks.none")}>
              {t(change ? "peaks.none-do" : "peaks.none-see")}
            </EmptyNotice>
          </section>
        ) : (
          <RuleTable rows={query.data.rows} change={change ? setOpen : undefined} />
        )}
        <details className="e-panel">
          <summary className="e-panel-head">{t("peaks.help-head")}</summary>
          <div className="e-panel-body e-prose">
            <p>{t("peaks.help")}</p>
          </div>
        </details>
      </div>
    </>
  );
}

function RuleTable(props: {
  readonly rows: readonly PeakRule[];
  readonly change: ((rule: PeakRule) => void) | undefined;
}) {
  const { t } = useLocale();
  const columns = ["name", "watches", "threshold", "severity", "state", "raised"] as const;
  return (
    <section className="e-panel" aria-label={t("peaks.rules")}>
      <Scrolled label={t("peaks.rules")}>
        <table className="e-list-table">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {t(`peaks.${column}`)}
                </th>
              ))}
              {props.change ? (
                <th scope="col">
                  <span className="e-hidden">{t("peaks.actions")}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {props.rows.map((rule) => (
              <RuleRow key={rule.ruleId} rule={rule} change={props.change} />
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

function RuleRow({
  rule,
  change,
}: {
  readonly rule: PeakRule;
  readonly change: ((rule: PeakRule) => void) | undefined;
}) {
  const { t, f } = useLocale();
  const may = useMay();
  return (
    <tr>
      <th scope="row">{rule.name}</th>
      <td>
        {rule.of === "approved" ? t("peaks.of-approved") : (rule.subject ?? rule.of)}
        {rule.of.startsWith("m") ? ` (${t("peaks.balance")})` : ""}
        <div className="e-muted e-small">
          {t(`an.energy.${rule.energy}`)}
          {rule.detail ? ` · ${rule.detail}` : ""}
        </div>
      </td>
      <td>
        <Above rule={rule} />
      </td>
      <td>{t(`alarms.${rule.severity}`)}</td>
      <td className="e-nowrap">
        {rule.enabled ? (
          <Mark shape="●" tone="ok">
            {t("peaks.on", { day: f.day(rule.from) })}
          </Mark>
        ) : (
          <Mark shape="○" tone="muted">
            {t("peaks.off")}
          </Mark>
        )}
        <div className="e-muted e-small" style={{ whiteSpace: "normal" }}>
          {t("peaks.changed-by", { name: rule.changedBy, time: f.instant(Date.parse(rule.changedAt)) })}
        </div>
      </td>
      <td className="e-nowrap">
        {rule.raised > 0 && may("alarms.see") ? (
          <Link to="/op/alarms" search={{ state: "all" }}>
            {t("peaks.raised-count", { count: rule.raised })}
          </Link>
        ) : (
          t("peaks.raised-count", { count: rule.raised })
        )}
      </td>
      {change ? (
        <td>
          <RuleActions rule={rule} change={change} />
        </td>
      ) : null}
    </tr>
  );
}

/** Above what, how long, and of which values. */
function Above({ rule }: { readonly rule: PeakRule }) {
  const { t, f } = useLocale();
  const { basis, powerKw, percent, formerDays, quarters, estimates, dayKind, startTime, endTime } = rule;
  const more = [
    ...(quarters > 1 ? [t("peaks.for-quarters", { count: quarters })] : []),
    ...(dayKind === "all" ? [] : [t(`peaks.on-${dayKind}`)]),
    ...(startTime && endTime ? [`${startTime}–${endTime}`] : []),
    ...(estimates ? [t("peaks.with-estimates")] : []),
  ];
  return (
    <>
      {basis === "power"
        ? t("peaks.above-power", { power: f.decimal(powerKw ?? "0") })
        : basis === "approved"
          ? t("peaks.above-approved", { percent: f.decimal(percent ?? "0") })
          : t("peaks.above-former", { percent: f.decimal(percent ?? "0"), days: formerDays ?? 0 })}
      {more.length > 0 ? <div className="e-muted e-small">{more.join(" · ")}</div> : null}
    </>
  );
}

function RuleActions({
  rule,
  change,
}: {
  readonly rule: PeakRule;
  readonly change: (rule: PeakRule) => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const turn = useMutation({
    mutationFn: () => api.changePeakRule(rule.ruleId, { ...givenOfRule(rule), enabled: !rule.enabled }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["peak-rules"] }),
  });
  return (
    <>
      {turn.isError ? <ProblemNotice error={turn.error} /> : null}
      <div className="e-row" style={{ flexWrap: "nowrap" }}>
        <Button
          size="compact-sm"
          variant="default"
          loading={turn.isPending}
          aria-label={t(rule.enabled ? "peaks.turn-off-rule" : "peaks.turn-on-rule", { name: rule.name })}
          onClick={() => turn.mutate()}
        >
          {t(rule.enabled ? "peaks.turn-off" : "peaks.turn-on")}
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={t("peaks.edit", { name: rule.name })}
          onClick={() => {
            change(rule);
            window.scrollTo({ top: 0 });
          }}
        >
          {t("peaks.change")}
        </Button>
      </div>
    </>
  );
}
