import { Button, NativeSelect } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSubjectNames } from "../analysis/subject-picker.tsx";
import { api } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import type { Period } from "../time/period.ts";
import { worksQuery } from "./queries.ts";

const causes = ["planned", "force-majeure"] as const;

const refreshed = [["planned-works"], ["watch"]];

/** Works that were announced, and what nobody could help: they give interruptions their cause. */
export function WorksPanel({ period, of }: { readonly period: Period; readonly of: string }) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const query = useQuery(worksQuery(period));
  const withdraw = useMutation({
    mutationFn: api.withdrawPlannedWork,
    onSuccess: () => Promise.all(refreshed.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  const change = may("analysis.change");
  return (
    <section className="e-panel" aria-labelledby="works">
      <div className="e-panel-head">
        <h2 id="works">{t("watch.works")}</h2>
        {change && !open ? (
          <Button variant="default" size="xs" onClick={() => setOpen(true)}>
            {t("watch.work-add")}
          </Button>
        ) : null}
      </div>
      {open ? <WorkForm of={of} onEnd={() => setOpen(false)} /> : null}
      <div className="e-panel-body">
        {withdraw.isError ? <ProblemNotice error={withdraw.error} /> : null}
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.rows.length === 0 ? (
          <p className="e-muted">{t("watch.works-none")}</p>
        ) : (
          <Scrolled label={t("watch.works")}>
            <table className="e-list-table">
              <thead>
                <tr>
                  {(
                    ["watch.work-where", "watch.work-from", "watch.work-to", "watch.work-cause"] as const
                  ).map((key) => (
                    <th key={key} scope="col">
                      {t(key)}
                    </th>
                  ))}
                  <th scope="col">{t("watch.reason")}</th>
                  <th scope="col">{t("watch.by")}</th>
                  {change ? (
                    <th scope="col">
                      <span className="e-hidden">{t("watch.withdraw")}</span>
                    </th>
                  ) : null}
                </tr>
              </thead>
              <tbody>
                {query.data.rows.map((work) => (
                  <tr key={work.workId}>
                    <th scope="row">{work.name}</th>
                    <td className="e-nowrap">{f.instant(Date.parse(work.from))}</td>
                    <td className="e-nowrap">{f.instant(Date.parse(work.to))}</td>
                    <td>{t(`watch.cause.${work.cause}`)}</td>
                    <td>{work.reason}</td>
                    <td className="e-nowrap">{work.enteredBy}</td>
                    {change ? (
                      <td>
                        <Button
                          variant="subtle"
                          size="compact-sm"
                          loading={withdraw.isPending && withdraw.variables === work.workId}
                          aria-label={t("watch.work-withdraw", { name: work.name })}
                          onClick={() => withdraw.mutate(work.workId)}
                        >
                          {t("watch.withdraw")}
                        </Button>
                      </td>
                    ) : null}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
        )}
      </div>
    </section>
  );
}

function WorkForm({ of, onEnd }: { readonly of: string; readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const [place] = useSubjectNames([of]);
  const fits = /^[gb]\d/.test(of);
  const [from, setFrom] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [to, setTo] = useState("");
  const [cause, setCause] = useState<(typeof causes)[number]>("planned");
  const [reason, setReason] = useState("");
  const [fromAt, toAt] = [instantOfField(from, zone), instantOfField(to, zone)];
  return (
    <ChangeForm
      panel={t("watch.work-add")}
      changes={refreshed}
      run={() => api.addPlannedWork({ of, from: fromAt!, to: toAt!, cause, reason: reason.trim() })}
      complete={fits && fromAt !== undefined && toAt !== undefined && toAt > fromAt && isReason(reason)}
      onEnd={onEnd}
    >
      <p className="e-muted">
        {fits ? `${t("watch.work-where")}: ${place?.name ?? of}` : t("watch.work-place")}
      </p>
      <div className="e-fields">
        <Field first type="datetime-local" label={t("watch.work-from")} value={from} onChange={setFrom} />
        <Field type="datetime-local" label={t("watch.work-to")} value={to} onChange={setTo} />
        <NativeSelect
          label={t("watch.work-cause")}
          value={cause}
          data={causes.map((value) => ({ value, label: t(`watch.cause.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            setCause(causes.find((one) => one === value) ?? "planned")
          }
        />
        <ReasonField value={reason} onChange={setReason} />
      </div>
    </ChangeForm>
  );
}
