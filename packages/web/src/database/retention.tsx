import { Button, Modal, NumberInput, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type RetentionState } from "../api/client.ts";
import { ChangeForm, isReason } from "../parts/change-form.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

type Rule = RetentionState["rules"][number];

/** How long each class of data is kept and for what, what a run would take now, and what runs took. */
export function Retention() {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [changing, setChanging] = useState<Rule>();
  const [asking, setAsking] = useState(false);
  const query = useQuery({ queryKey: ["retention"], queryFn: ({ signal }) => api.retention(signal) });
  const run = useMutation({
    mutationFn: () => api.runRetention(),
    onSuccess: async () => {
      setAsking(false);
      notifications.show({ message: t("retention.begun") });
      await queries.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
  const data = query.data;
  const due = data?.effects.map((effect) => ({
    class: effect.class,
    months: effect.months.length,
    rows: [...effect.months, ...effect.rows].reduce((sum, { rows }) => sum + rows, 0),
    bytes: effect.months.reduce((sum, { bytes }) => sum + bytes, 0),
    cutoff: effect.cutoff,
    kept: effect.kept,
  }));
  const anything = due?.some(({ rows, months }) => rows > 0 || months > 0) === true;
  return (
    <section className="e-panel" aria-labelledby="retention">
      <div className="e-panel-head">
        <h2 id="retention">{t("retention.title")}</h2>
        {may("database.command") ? (
          <Button size="xs" variant="default" disabled={!anything} onClick={() => setAsking(true)}>
            {t("retention.run")}
          </Button>
        ) : null}
      </div>
      <p className="e-panel-body e-small e-muted">{t("retention.lead")}</p>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {data && due ? (
        <Scrolled label={t("retention.title")}>
          <table className="e-list-table e-block-table">
            <thead>
              <tr>
                <th scope="col">{t("retention.class")}</th>
                <th scope="col">{t("retention.purpose")}</th>
                <th scope="col" className="e-num">
                  {t("retention.kept-for")}
                </th>
                <th scope="col">{t("retention.due")}</th>
              </tr>
            </thead>
            <tbody>
              {data.rules.map((rule, nth) => (
                <tr key={rule.class}>
                  <th scope="row">{t(`retention.class-${rule.class}`)}</th>
                  <td data-label={t("retention.purpose")}>
                    {rule.purpose}
                    {rule.setBy && rule.setAt ? (
                      <div className="e-small e-muted">
                        {rule.setBy}, {f.instant(Date.parse(rule.setAt))}
                      </div>
                    ) : null}
                  </td>
                  <td className="e-num" data-label={t("retention.kept-for")}>
                    {t("retention.months", { count: rule.months })}
                    {may("database.change") ? (
                      <div>
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={t("retention.change-of", { class: t(`retention.class-${rule.class}`) })}
                          onClick={() => setChanging(rule)}
                        >
                          {t("database.change")}
                        </Button>
                      </div>
                    ) : null}
                  </td>
                  <td data-label={t("retention.due")}>
                    {due[nth]!.rows === 0 && due[nth]!.months === 0
                      ? t("retention.nothing", { day: f.day(due[nth]!.cutoff) })
                      : t("retention.effect", {
                          day: f.day(due[nth]!.cutoff),
                          rows: f.number(due[nth]!.rows),
                          months: due[nth]!.months,
                          bytes: f.bytes(due[nth]!.bytes),
                        })}
                    {due[nth]!.kept.length > 0 ? (
                      <div className="e-small">
                        {t("retention.stays", { months: due[nth]!.kept.join(", ") })}
                      </div>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      ) : null}
      {data && data.runs.length > 0 ? (
        <div className="e-panel-body">
          <h3 className="e-story-head">{t("retention.runs")}</h3>
          <ul className="e-billing-issues">
            {data.runs.map((each) => (
              <li key={each.runId} className="e-small">
                {t("retention.ran", {
                  time: f.instant(Date.parse(each.runAt)),
                  who: each.runBy,
                  class: t(`retention.class-${each.class}`),
                  day: f.day(each.cutoff),
                  months: each.monthsDropped.length,
                  rows: f.number(each.rowsRemoved),
                  bytes: f.bytes(each.bytesFreed),
                })}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("retention.run")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        <div className="e-stack">
          {run.isError ? <ProblemNotice error={run.error} /> : null}
          {due
            ?.filter(({ rows, months }) => rows > 0 || months > 0)
            .map((each) => (
              <p key={each.class}>
                <strong>{t(`retention.class-${each.class}`)}</strong>:{" "}
                {t("retention.effect", {
                  day: f.day(each.cutoff),
                  rows: f.number(each.rows),
                  months: each.months,
                  bytes: f.bytes(each.bytes),
                })}
              </p>
            ))}
          <p>{t("retention.for-ever")}</p>
          <div className="e-row">
            <Button color="red" loading={run.isPending} onClick={() => run.mutate()}>
              {t("retention.run-now")}
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              {t("common.cancel")}
            </Button>
          </div>
        </div>
      </Modal>
      <Modal
        opened={changing !== undefined}
        onClose={() => setChanging(undefined)}
        title={changing ? t("retention.change-of", { class: t(`retention.class-${changing.class}`) }) : ""}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {changing ? (
          <RuleForm key={changing.class} rule={changing} onEnd={() => setChanging(undefined)} />
        ) : null}
      </Modal>
    </section>
  );
}

function RuleForm(props: { readonly rule: Rule; readonly onEnd: () => void }) {
  const { t } = useLocale();
  const [months, setMonths] = useState<string | number>(props.rule.months);
  const [purpose, setPurpose] = useState(props.rule.purpose);
  return (
    <ChangeForm
      changes={[["retention"]]}
      run={() => api.setRetention(props.rule.class, { months: Number(months), purpose: purpose.trim() })}
      complete={Number(months) >= props.rule.monthsMin && isReason(purpose)}
      onEnd={props.onEnd}
    >
      <NumberInput
        label={t("retention.kept-for")}
        description={t("retention.least", { count: props.rule.monthsMin })}
        min={props.rule.monthsMin}
        max={1_200}
        allowDecimal={false}
        value={months}
        onChange={setMonths}
        data-autofocus
      />
      <Textarea
        label={t("retention.purpose")}
        maxLength={500}
        autosize
        minRows={2}
        value={purpose}
        onChange={(event) => setPurpose(event.currentTarget.value)}
      />
    </ChangeForm>
  );
}
