import "./field.css";
import "./texts.ts";
import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Choice } from "../analysis/frame.tsx";
import { type FieldTaskRow, fileAddress } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useLocale } from "../text/provider.tsx";
import { tasksQuery } from "./queries.ts";
import { dues, type FieldSearch, fieldSearch, owners, taskKinds, taskStates } from "./search.ts";
import { DueDay, TaskState } from "./task-line.tsx";

/** What somebody goes somewhere for: what is due first, each a card that leads to its task. */
export function FieldPage() {
  const { t, f } = useLocale();
  const search = useSearch({ from: "/inside/op/field" });
  const query = useQuery({ ...tasksQuery(search), placeholderData: keepPreviousData });
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.operate") }, { label: t("nav.field") }]}
        title={t("nav.field")}
        actions={
          <span className="e-field-head e-row">
            {(["csv", "xlsx", "pdf"] as const).map((format) => (
              <Button
                key={format}
                component="a"
                download
                variant="default"
                size="xs"
                href={fileAddress(`/field-tasks.${format}`, { ...search })}
              >
                {format.toUpperCase()}
              </Button>
            ))}
          </span>
        }
      />
      <div className="e-field">
        <Filters search={search} branches={query.data?.branches ?? []} />
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.rows.length === 0 ? (
          <section className="e-panel">
            <EmptyNotice title={t("task.empty")}>{t("task.empty-do")}</EmptyNotice>
          </section>
        ) : (
          <div className="e-stack" aria-busy={query.isPlaceholderData}>
            <ul className="e-field-tasks" aria-label={t("task.of")}>
              {query.data.rows.map((task) => (
                <li key={task.taskId}>
                  <Card task={task} />
                </li>
              ))}
            </ul>
            <p className="e-muted e-num" role="status">
              {t("task.shown-of", {
                shown: f.number(query.data.rows.length),
                total: f.number(query.data.total),
              })}
            </p>
          </div>
        )}
        <details className="e-panel">
          <summary className="e-panel-head">{t("task.help-title")}</summary>
          <div className="e-panel-body e-prose">
            <p>{t("task.help")}</p>
          </div>
        </details>
      </div>
    </>
  );
}

/** Where somebody goes, in a word. */
export const placeOf = (task: FieldTaskRow): string =>
  task.pod ?? task.gateway ?? task.group ?? String(task.taskId);

function Card({ task }: { readonly task: FieldTaskRow }) {
  const { t } = useLocale();
  return (
    <Link to="/op/field/$taskId" params={{ taskId: task.taskId }}>
      <span className="e-row" style={{ gap: "4px 12px" }}>
        <strong>{t(`task.${task.kind}`)}</strong>
        {task.priority === "high" ? (
          <Mark shape="■" tone="bad">
            {t("task.urgent")}
          </Mark>
        ) : null}
        {task.state === "open" ? <DueDay task={task} /> : <TaskState state={task.state} />}
      </span>
      <strong className="e-field-place">{placeOf(task)}</strong>
      {task.name ? <span>{task.name}</span> : null}
      <span>{task.address ?? task.branch.join(" › ")}</span>
      <span className="e-muted">
        {[task.serial === null ? "" : `${t("task.meter")} ${task.serial}`, task.assignee ?? t("task.nobody")]
          .filter((word) => word !== "")
          .join(" · ")}
      </span>
      {task.outcome === null ? null : <span>{task.outcome || t("task.erased")}</span>}
    </Link>
  );
}

function Filters(props: {
  readonly search: FieldSearch;
  readonly branches: readonly { readonly branchId: number; readonly branch: readonly string[] }[];
}) {
  const { t } = useLocale();
  const navigate = useNavigate();
  const { search, branches } = props;
  const change = (next: Readonly<Record<string, unknown>>) =>
    void navigate({ to: "/op/field", search: fieldSearch({ ...search, ...next }), replace: true });
  return (
    <section className="e-field-filters e-no-print" aria-label={t("task.filters")}>
      <Choice
        label={t("task.assignee")}
        value={search.assignee ?? ""}
        options={[
          ["", t("task.anybody")],
          ...owners.map((one): [string, string] => [one, t(one === "me" ? "task.mine" : "task.nobodys")]),
        ]}
        onChange={(assignee) => change({ assignee })}
      />
      <Choice
        label={t("task.state")}
        value={search.state ?? "open"}
        options={taskStates.map((state) => [state, t(`task.${state}`)])}
        onChange={(state) => change({ state })}
      />
      <Choice
        label={t("task.due")}
        value={search.due ?? ""}
        options={[
          ["", t("task.any-due")],
          ...dues.map((due): [string, string] => [due, t(`task.due-${due}`)]),
        ]}
        onChange={(due) => change({ due })}
      />
      <Choice
        label={t("task.kind")}
        value={search.kind ?? ""}
        options={[
          ["", t("task.any-kind")],
          ...taskKinds.map((kind): [string, string] => [kind, t(`task.${kind}`)]),
        ]}
        onChange={(kind) => change({ kind })}
      />
      {branches.length > 1 || search.branch !== undefined ? (
        <Choice
          label={t("task.branch")}
          value={String(search.branch ?? "")}
          options={[
            ["", t("task.any-branch")],
            ...branches.map(({ branchId, branch }): [string, string] => [
              String(branchId),
              branch.join(" › "),
            ]),
          ]}
          onChange={(branch) => change({ branch: Number(branch) })}
        />
      ) : null}
    </section>
  );
}
