import "./texts.ts";
import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, type LossCase } from "../api/client.ts";
import { TaskButton } from "../field-work/task-button.tsx";
import { TasksOf } from "../field-work/task-line.tsx";
import { EntryList } from "../parts/entry-list.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { CaseAssignee } from "./open-case.tsx";
import { settableCaseStates } from "./search.ts";
import { SuspectedWords } from "./suspects.tsx";

const outcomes = ["theft", "fault", "wrong-data", "nothing-found"] as const;

/** One case: what is looked into, what was suspected, everything that was done, and what comes next. */
export function CasePage() {
  const { t, f } = useLocale();
  const { caseId } = useParams({ from: "/inside/an/cases/$caseId" });
  const may = useMay();
  const query = useQuery({
    queryKey: ["loss-cases", caseId],
    queryFn: ({ signal }) => api.lossCase(caseId, signal),
  });
  const title = t("loss.case-at", { number: String(caseId) });
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.analyse") }, { label: t("nav.cases"), to: "/an/cases" }, { label: title }]}
        title={title}
        actions={
          query.data?.state === "open" ? (
            <TaskButton
              source={{ caseId }}
              where={query.data.pod ?? query.data.group}
              place={query.data.pointId === null ? {} : { point: query.data.pointId }}
            />
          ) : null
        }
      />
      {query.isPending ? (
        <Waiting />
      ) : query.data === undefined ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className="e-stack">
          <Facts found={query.data} />
          <TasksOf query={{ case: caseId, state: "all" }} />
          <div className="e-halves">
            <History found={query.data} />
            <div className="e-stack">
              {may("cases.change") ? <Change key={caseId} found={query.data} /> : null}
              {query.data.suspected ? (
                <section className="e-panel" aria-labelledby="suspected">
                  <div className="e-panel-head">
                    <h2 id="suspected">{t("case.suspected")}</h2>
                    <span className="e-muted e-small">
                      {f.days(query.data.suspected.from, query.data.suspected.to)}
                    </span>
                  </div>
                  <div className="e-panel-body">
                    <SuspectedWords suspected={query.data.suspected} />
                  </div>
                </section>
              ) : null}
            </div>
          </div>
        </div>
      )}
    </>
  );
}

function Facts({ found }: { readonly found: LossCase }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-label={t("case.state")}>
      <dl className="e-figures e-panel-body">
        <div>
          <dt className="e-muted e-small">{t("case.group")}</dt>
          <dd>
            <Link to="/an/balance/$groupId" params={{ groupId: found.groupId }} search={{}}>
              {found.group}
            </Link>
          </dd>
        </div>
        <div>
          <dt className="e-muted e-small">{t("case.point")}</dt>
          <dd>
            {found.pointId === null ? (
              noValue
            ) : (
              <Link to="/points/$pointId" params={{ pointId: found.pointId }} search={{}}>
                {found.pod ?? found.pointId}
              </Link>
            )}
          </dd>
        </div>
        <div>
          <dt className="e-muted e-small">{t("case.state")}</dt>
          <dd>
            {t(`case.${found.state}`)}
            {found.outcome ? ` · ${t(`case.${found.outcome}`)}` : ""}
          </dd>
        </div>
        <div>
          <dt className="e-muted e-small">{t("case.assignee")}</dt>
          <dd>{found.assignee ?? noValue}</dd>
        </div>
        <div>
          <dt className="e-muted e-small">{t("case.recovered")}</dt>
          <dd className="e-num">
            {found.recoveredWh === null ? noValue : f.number(found.recoveredWh / 1000, 1)}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function History({ found }: { readonly found: LossCase }) {
  const { t, f } = useLocale();
  const told = (field: string, value: string | null) =>
    value === null
      ? noValue
      : field === "state" || field === "outcome"
        ? t(`case.${value}` as MessageKey)
        : field === "recoveredWh"
          ? f.number(Number(value), 0)
          : value;
  return (
    <section className="e-panel" aria-labelledby="history">
      <div className="e-panel-head">
        <h2 id="history">{t("case.history")}</h2>
      </div>
      <div className="e-panel-body">
        <EntryList entries={found.entries} label={(field) => t(`case.${field}`)} told={told} />
      </div>
    </section>
  );
}

type Settable = (typeof settableCaseStates)[number];
type Changeable = Pick<LossCase, "outcome" | "assigneeId" | "recoveredWh"> & { readonly state: Settable };
const settableOf = (state: LossCase["state"]): Settable => (state === "closed" ? "closed" : "open");

function changesOf(before: LossCase, { state, outcome, assigneeId, recoveredWh }: Changeable) {
  return {
    ...(state === settableOf(before.state) ? {} : { state }),
    ...(outcome === null || outcome === before.outcome ? {} : { outcome }),
    ...(assigneeId === before.assigneeId ? {} : { assigneeId }),
    ...(recoveredWh === before.recoveredWh ? {} : { recoveredWh }),
  };
}

/** What is written stays when somebody else changes the case meanwhile: only what was changed here is sent. */
function Change({ found }: { readonly found: LossCase }) {
  const { t } = useLocale();
  const [before, setBefore] = useState(found);
  const queries = useQueryClient();
  const [state, setState] = useState(settableOf(found.state));
  const [outcome, setOutcome] = useState<string>(found.outcome ?? "");
  const [assignee, setAssignee] = useState(found.assigneeId === null ? "" : String(found.assigneeId));
  const [recovered, setRecovered] = useState(
    found.recoveredWh === null ? "" : String(found.recoveredWh / 1000),
  );
  const [note, setNote] = useState("");
  const kwh = recovered.trim() === "" ? null : Number(recovered.trim().replace(",", "."));
  const chosen = outcomes.find((one) => one === outcome);
  const complete = (kwh === null || (Number.isFinite(kwh) && kwh >= 0)) && (state !== "closed" || chosen);
  const now: Changeable = {
    state,
    outcome: state === "closed" ? (chosen ?? null) : null,
    assigneeId: assignee === "" ? null : Number(assignee),
    recoveredWh: kwh === null ? null : Math.round(kwh * 1000),
  };
  const save = useMutation({
    mutationFn: () =>
      api.changeLossCase(found.caseId, {
        ...changesOf(before, now),
        note: note.trim(),
      }),
    onSuccess: async () => {
      setBefore({ ...before, ...now });
      setNote("");
      await queries.invalidateQueries({ queryKey: ["loss-cases"] });
    },
  });
  return (
    <section className="e-panel" aria-labelledby="change-case">
      <div className="e-panel-head">
        <h2 id="change-case">{t("case.change")}</h2>
      </div>
      <form
        className="e-panel-body e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (complete) save.mutate();
        }}
      >
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <NativeSelect
          label={t("case.state")}
          value={state}
          onChange={({ currentTarget: { value } }) =>
            setState(settableCaseStates.find((one) => one === value) ?? "open")
          }
          data={settableCaseStates.map((value) => ({ value, label: t(`case.${value}`) }))}
        />
        {state === "closed" ? (
          <NativeSelect
            label={t("case.outcome")}
            value={outcome}
            onChange={(event) => setOutcome(event.currentTarget.value)}
            data={[
              { value: "", label: noValue },
              ...outcomes.map((value) => ({ value, label: t(`case.${value}`) })),
            ]}
          />
        ) : null}
        <CaseAssignee value={assignee} name={before.assignee} onChange={setAssignee} />
        <TextInput
          label={t("case.recovered")}
          inputMode="decimal"
          value={recovered}
          onChange={(event) => setRecovered(event.currentTarget.value)}
        />
        <Textarea
          label={t("case.note")}
          autosize
          minRows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button type="submit" loading={save.isPending} disabled={!complete}>
          {t("case.save")}
        </Button>
      </form>
    </section>
  );
}
