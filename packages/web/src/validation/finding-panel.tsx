import { Button, Radio } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api, type Finding } from "../api/client.ts";
import { TaskDialog } from "../field-work/task-dialog.tsx";
import { TasksOf } from "../field-work/task-line.tsx";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { obisSymbol } from "../parts/obis.ts";
import { useMay, useSessionName } from "../session.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { useLocale } from "../text/provider.tsx";
import { BulkDialog } from "./bulk-dialog.tsx";
import { DayChart } from "./day-chart.tsx";
import { type Draft, EditTable, valuesOf } from "./edit-table.tsx";
import { exactUnit, shown } from "./exact.ts";
import { FindingFacts } from "./finding-facts.tsx";
import { FindingHistory } from "./finding-history.tsx";
import { type Act, actOver, beginAct } from "./last-act.ts";
import { siblingsQuery } from "./queries.ts";
import { type Edited, RejectDialog } from "./reject-dialog.tsx";
import type { ValidationSearch } from "./search.ts";
import { tellWithUndo } from "./undo-toast.tsx";
import {
  type Choice,
  energyWords,
  firstChoice,
  methodWords,
  rangeWords,
  ruleWords,
  severityMarks,
  usualReason,
} from "./words.ts";

const noDraft: Draft = new Map();

/** One finding: what was measured, what would count, and the keys that decide: e Enter, r, s. */
export function FindingPanel(props: {
  readonly detail: Finding;
  readonly search: ValidationSearch;
  readonly onNext: () => void;
  readonly onBack: () => void;
}) {
  const locale = useLocale();
  const { t, f } = locale;
  const { detail } = props;
  const { finding, estimates } = detail;
  const may = useMay();
  const me = useSessionName();
  const queries = useQueryClient();
  const [choice, setChoice] = useState<Choice>(() => firstChoice(detail));
  const [doing, setDoing] = useState<"confirm" | "edit" | "reject" | "bulk" | "task">();
  const [original, setOriginal] = useState(false);
  const [draft, setDraft] = useState<Draft>(noDraft);
  const confirm = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (doing === "confirm") confirm.current?.focus();
  }, [doing]);

  const refresh = () => queries.invalidateQueries({ queryKey: ["validation"] });
  const undoEdit = (editId: number) => api.undoEdit(editId, t("vee.undone"));
  const undo = useMutation({ mutationFn: undoEdit, onSettled: refresh });

  const chosen = estimates.find(({ method }) => method === choice);
  const stands = chosen !== undefined && finding.state === "estimated" && finding.method === chosen.method;
  const what = chosen
    ? `${methodWords(t, chosen.method)}, ${energyWords(chosen.total, finding, f)}`
    : t(finding.severity === "F" && finding.count > 0 ? "vee.choice.measured" : "vee.choice.looked");

  const accept = useMutation({
    mutationFn: async (_act: Act): Promise<Edited | undefined> => {
      if (!chosen) return void (await api.acceptFinding(finding.findingId, "measured"));
      if (stands) return void (await api.acceptFinding(finding.findingId, "estimate"));
      const [method] = chosen.method.split("+");
      return api.chooseEstimate(finding.findingId, {
        method: method as "E3",
        reason: usualReason(finding.rule),
        comment: methodWords(t, chosen.method),
      });
    },
    onSuccess: (edited, act) => finish(act, edited),
    onError: (_error, act) => actOver(act),
  });
  const finish = (act: Act, edited: Edited | undefined) => {
    setDoing(undefined);
    setDraft(noDraft);
    const words =
      edited === undefined
        ? t("vee.accepted", { what })
        : t(edited.state === "waiting" ? "vee.waits" : "vee.applied");
    tellWithUndo(t, words, act, () =>
      (edited ? undoEdit(edited.editId) : api.reopenFinding(finding.findingId)).finally(refresh),
    );
    props.onNext();
    void refresh();
  };
  const done = (edited: Edited) => finish(beginAct(), edited);

  const assign = useMutation({
    mutationFn: () => api.assignFinding(finding.findingId, finding.assignedTo === me ? null : (me ?? null)),
    onSettled: refresh,
  });

  const hasMeasured =
    detail.slots.length === 0 ||
    estimates.length === 0 ||
    detail.slots.some((slot) => detail.measured[slot] !== null);
  const change = may("validation.change");
  const goes = may("field-tasks.change") && finding.fieldTask !== "waiting";
  const siblings = useQuery({ ...siblingsQuery(finding.pointId), enabled: doing === "task" });
  const open = ["open", "estimated", "edited"].includes(finding.state);
  const refusable = detail.slots.filter(
    (slot) => detail.measured[slot] !== null && !detail.refused.includes(slot),
  );
  const likeMethod = finding.state === "estimated" && finding.method?.startsWith("E") ? finding.method : null;
  const on = (allowed: boolean, run: () => void): (() => void) =>
    allowed && doing !== "edit" ? run : () => undefined;
  useShortcuts({
    e: on(change && open, () => setDoing("confirm")),
    v: on(change, () => setDoing("edit")),
    r: on(change && refusable.length > 0, () => setDoing("reject")),
    t: on(goes, () => setDoing("task")),
    b: on(change && likeMethod !== null, () => setDoing("bulk")),
    a: on(change, () => assign.mutate()),
    s: on(true, props.onNext),
    o: () => setOriginal(!original),
    escape: () => setDoing(undefined),
  });

  const preview = detail.measured.map((_, slot) => {
    const drafted =
      doing === "edit" ? valuesOf(draft, detail).find((value) => value.slot === slot) : undefined;
    if (drafted) return drafted.value;
    return doing !== "edit" && chosen && !stands ? (chosen.values[slot] ?? null) : null;
  });
  const unit = exactUnit(finding.unit, finding.scale);
  const [shape, tone] = severityMarks[finding.severity];
  const known =
    detail.register && detail.register.measured !== null
      ? detail.register.step - detail.register.measured
      : undefined;
  return (
    <section className="e-panel" aria-labelledby="finding">
      <div className="e-panel-head">
        <div>
          <button type="button" className="e-quiet-button e-work-back" onClick={props.onBack}>
            ← {t("vee.back")}
          </button>
          <h2 id="finding">
            <Link
              className="e-target"
              to="/points/$pointId"
              params={{ pointId: finding.pointId }}
              search={{}}
            >
              {finding.pod || finding.name}
            </Link>{" "}
            <span className="e-muted">{obisSymbol(finding.obis)}</span>{" "}
            <Mark shape={shape} tone={tone}>
              {ruleWords(t, finding.rule)}
            </Mark>
          </h2>
          <p className="e-num e-small">
            {rangeWords(finding, locale)}{" "}
            {finding.count > 0 ? `(${t("vee.intervals", { count: finding.count })})` : ""}{" "}
            <span className="e-muted">{finding.branch.join(" › ")}</span>
          </p>
        </div>
        <span className="e-small e-muted">
          {t(`vee.is.${finding.state}`)}
          {finding.assignedTo ? ` · ${t("vee.owner-is", { name: finding.assignedTo })}` : ""}
        </span>
      </div>
      <div className="e-panel-body e-stack">
        <TasksOf query={{ finding: finding.findingId, state: "all" }} />
        <DayChart
          detail={detail}
          preview={preview}
          original={original}
          {...(doing === "edit"
            ? {
                onDrag: (slot: number, value: number) =>
                  setDraft(new Map([...draft, [slot, shown(value, unit, f)]])),
              }
            : {})}
        />
        {detail.closed ? (
          <p className="e-notice" role="note">
            {t("vee.month-closed")}
          </p>
        ) : null}
        {doing === "edit" ? (
          <EditTable
            detail={detail}
            draft={draft}
            onDraft={setDraft}
            onClose={() => {
              setDoing(undefined);
              setDraft(noDraft);
            }}
            onDone={done}
          />
        ) : (
          <>
            <Radio.Group label={t("vee.estimate")} value={choice} onChange={setChoice}>
              <div className="e-row" style={{ gap: "6px 20px", marginTop: 4 }}>
                {estimates.map(({ method, total }) => (
                  <Radio
                    key={method}
                    value={method}
                    label={`${methodWords(t, method)} · ${energyWords(total, finding, f)}${
                      total === known ? ` ${t("vee.matches")}` : ""
                    }`}
                  />
                ))}
                {hasMeasured ? (
                  <Radio
                    value="measured"
                    label={t(
                      finding.severity === "F" && finding.count > 0
                        ? "vee.choice.measured"
                        : "vee.choice.looked",
                    )}
                  />
                ) : null}
              </div>
            </Radio.Group>
            {accept.isError ? <ProblemNotice error={accept.error} /> : null}
            {undo.isError ? <ProblemNotice error={undo.error} /> : null}
            {assign.isError ? <ProblemNotice error={assign.error} /> : null}
            {doing === "confirm" ? (
              <div className="e-row e-confirm">
                <Button ref={confirm} loading={accept.isPending} onClick={() => accept.mutate(beginAct())}>
                  {t("vee.confirm", { what })}
                </Button>
                <Button variant="default" onClick={() => setDoing(undefined)}>
                  {t("common.cancel")}
                </Button>
              </div>
            ) : (
              <div className="e-row">
                {change ? (
                  <>
                    <Button disabled={!open} onClick={() => setDoing("confirm")}>
                      {t("vee.accept")} (e)
                    </Button>
                    <Button variant="default" onClick={() => setDoing("edit")}>
                      {t("vee.edit")} (v)
                    </Button>
                    <Button
                      variant="default"
                      disabled={refusable.length === 0}
                      onClick={() => setDoing("reject")}
                    >
                      {t("vee.reject")} (r)
                    </Button>
                    <Button variant="default" onClick={() => assign.mutate()}>
                      {t(finding.assignedTo === me ? "vee.give-back" : "vee.take")} (a)
                    </Button>
                    {likeMethod ? (
                      <Button variant="default" onClick={() => setDoing("bulk")}>
                        {t("vee.bulk")} (b)
                      </Button>
                    ) : null}
                  </>
                ) : null}
                {may("field-tasks.change") ? (
                  <Button variant="default" disabled={!goes} onClick={() => setDoing("task")}>
                    {t("task.title")} (t)
                  </Button>
                ) : null}
                <Button variant="default" onClick={props.onNext}>
                  {t("vee.skip")} (s)
                </Button>
                <Button variant="subtle" aria-pressed={original} onClick={() => setOriginal(!original)}>
                  {t("vee.original")}
                </Button>
              </div>
            )}
          </>
        )}
        <FindingFacts detail={detail} />
        <FindingHistory detail={detail} onUndo={change ? (editId) => undo.mutate(editId) : undefined} />
      </div>
      {doing === "reject" ? (
        <RejectDialog detail={detail} slots={refusable} onClose={() => setDoing(undefined)} onDone={done} />
      ) : null}
      {doing === "task" && !siblings.isPending ? (
        <TaskDialog
          source={{ findingIds: [finding.findingId] }}
          siblings={(siblings.data?.rows ?? []).flatMap(({ findingId }) =>
            findingId === finding.findingId ? [] : [findingId],
          )}
          where={finding.pod || finding.name}
          {...(finding.rule === "V03" ? { kind: "communication" as const } : {})}
          place={{ point: finding.pointId }}
          onClose={() => setDoing(undefined)}
          onDone={props.onNext}
        />
      ) : null}
      {doing === "bulk" && likeMethod ? (
        <BulkDialog
          like={{
            rule: finding.rule as "V03",
            method: likeMethod as "E3",
            ...(props.search.branchId ? { branchId: props.search.branchId } : {}),
          }}
          onClose={() => setDoing(undefined)}
        />
      ) : null}
    </section>
  );
}
