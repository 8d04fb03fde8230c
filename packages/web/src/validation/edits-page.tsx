import "./texts.ts";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type ValueEdit } from "../api/client.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { exactUnit, shown } from "./exact.ts";
import { policyQuery } from "./queries.ts";
import { energyWords, methodWords } from "./words.ts";

/** Edits above the limit: what counts now, what would count, and a second person who decides. */
export function EditsPage() {
  const { t, f } = useLocale();
  const edits = useQuery({
    queryKey: ["validation", "edits", "waiting"],
    queryFn: ({ signal }) => api.valueEdits({ state: "waiting" }, signal),
    refetchInterval: 60_000,
  });
  const policy = useQuery(policyQuery).data;
  return (
    <>
      <PageHead
        crumbs={[
          { label: t("nav.operate") },
          { label: t("nav.validation"), to: "/op/validation" },
          { label: t("nav.validation-edits") },
        ]}
        title={t("nav.validation-edits")}
      />
      <div className="e-stack">
        {policy ? (
          <p className="e-muted e-num">
            {t("vee.edits-lead", { limit: `${f.number(policy.alonePerEditWh / 1000)} kWh` })}
          </p>
        ) : null}
        {edits.isPending ? <Waiting /> : null}
        {edits.isError ? <ProblemNotice error={edits.error} onRetry={() => void edits.refetch()} /> : null}
        {edits.data?.rows.length === 0 ? (
          <section className="e-panel">
            <EmptyNotice title={t("vee.edits-none")}>{t("vee.edits-none-do")}</EmptyNotice>
          </section>
        ) : null}
        {edits.data?.rows.map((edit) => (
          <WaitingEdit key={edit.editId} edit={edit} />
        ))}
      </div>
    </>
  );
}

function WaitingEdit({ edit }: { readonly edit: ValueEdit }) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const decide = useMutation({
    mutationFn: (approve: boolean) =>
      api.decideEdit(edit.editId, { approve, ...(note.trim() === "" ? {} : { note: note.trim() }) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["validation"] }),
  });
  const takeBack = useMutation({
    mutationFn: () => api.undoEdit(edit.editId, t("vee.undone")),
    onSettled: () => queries.invalidateQueries({ queryKey: ["validation"] }),
  });
  const unit = exactUnit(edit.unit, edit.scale);
  const told = (value: number | null) => (value === null ? noValue : shown(value, unit, f));
  const startMs = Date.parse(edit.dayStart);
  const id = `edit-${edit.editId}`;
  return (
    <section className="e-panel" aria-labelledby={id}>
      <div className="e-panel-head">
        <h2 id={id}>
          <Link className="e-target" to="/points/$pointId" params={{ pointId: edit.pointId }} search={{}}>
            {edit.pod || edit.name}
          </Link>{" "}
          · {f.day(edit.day)}
        </h2>
        <span className="e-small e-num">
          {t(`vee.edit-kind.${edit.kind}`)}
          {edit.method ? ` (${methodWords(t, edit.method)})` : ""} ·{" "}
          {t("vee.edits-moves", { value: energyWords(edit.energy, edit, f) })}
        </span>
      </div>
      <div className="e-panel-body e-stack">
        <p>
          {edit.requestedBy}, {f.instant(Date.parse(edit.requestedAt))}: {t(`vee.reason.${edit.reason}`)} –{" "}
          {edit.comment}
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
        <section className="e-edit-scroll e-scroll-x" tabIndex={0} aria-labelledby={id}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("vee.column.interval")}</th>
                <th scope="col" className="e-end">
                  {t("vee.column.before", { unit: unit.label })}
                </th>
                <th scope="col" className="e-end">
                  {t("vee.column.after", { unit: unit.label })}
                </th>
              </tr>
            </thead>
            <tbody>
              {edit.values.map(({ slot, value, before }) => (
                <tr key={slot}>
                  <td>{f.interval(startMs + slot * edit.periodSeconds * 1000, edit.periodSeconds)}</td>
                  <td className="e-num">{told(before)}</td>
                  <td className="e-num">
                    {edit.kind === "refusal" ? t("vee.estimated-instead") : told(value)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        {decide.isError ? <ProblemNotice error={decide.error} /> : null}
        {takeBack.isError ? <ProblemNotice error={takeBack.error} /> : null}
        {edit.own ? (
          <div className="e-row">
            <span className="e-muted">{t("vee.edits-own")}</span>
            {may("validation.change") ? (
              <Button
                variant="default"
                size="compact-sm"
                loading={takeBack.isPending}
                onClick={() => takeBack.mutate()}
              >
                {t("vee.edits-take-back")}
              </Button>
            ) : null}
          </div>
        ) : null}
        {!edit.own && may("validation.approve") ? (
          <div className="e-row" style={{ alignItems: "end" }}>
            <TextInput
              label={t("vee.note")}
              style={{ flex: "1 1 200px" }}
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <Button loading={decide.isPending} onClick={() => decide.mutate(true)}>
              {t("vee.approve")}
            </Button>
            <Button variant="default" disabled={decide.isPending} onClick={() => decide.mutate(false)}>
              {t("vee.refuse")}
            </Button>
          </div>
        ) : null}
      </div>
    </section>
  );
}
