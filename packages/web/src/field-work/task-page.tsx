import "./field.css";
import "./texts.ts";
import "../validation/texts.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { FieldTask } from "../api/client.ts";
import { EntryList } from "../parts/entry-list.tsx";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { obisSymbol } from "../parts/obis.ts";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { eventKey } from "../text/event-words.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { ruleWords, severityMarks } from "../validation/words.ts";
import { placeOf } from "./field-page.tsx";
import { taskQuery } from "./queries.ts";
import { CloseTask, EditTask } from "./task-forms.tsx";
import { DueDay, TaskState } from "./task-line.tsx";
import { GatewayPlace, PointPlace } from "./task-place.tsx";

/** One task on the phone of who goes there: the place, why, what can be done there, and how it ends. */
export function TaskPage() {
  const { t } = useLocale();
  const { taskId } = useParams({ from: "/inside/op/field/$taskId" });
  const may = useMay();
  const query = useQuery(taskQuery(taskId));
  const task = query.data;
  const number = t("task.number", { number: String(taskId) });
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.operate") }, { label: t("nav.field"), to: "/op/field" }, { label: number }]}
        title={task ? `${t(`task.${task.kind}`)}: ${placeOf(task)}` : number}
        aside={
          task ? (
            <span className="e-field-head e-row">
              <TaskState state={task.state} />
              <DueDay task={task} />
              {task.priority === "high" ? (
                <Mark shape="■" tone="bad">
                  {t("task.urgent")}
                </Mark>
              ) : null}
            </span>
          ) : null
        }
      />
      <div className="e-field">
        {query.isPending ? (
          <Waiting />
        ) : task === undefined ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <>
            <Told task={task} />
            {task.pointId !== null ? (
              <PointPlace task={task} pointId={task.pointId} />
            ) : task.gatewayId !== null ? (
              <GatewayPlace gatewayId={task.gatewayId} name={task.gateway ?? ""} />
            ) : task.groupId !== null ? (
              <section className="e-panel" aria-labelledby="place">
                <div className="e-panel-head">
                  <h2 id="place">{t("task.group")}</h2>
                </div>
                <div className="e-panel-body">
                  {may("groups.see") ? (
                    <Link
                      className="e-field-link"
                      to="/cfg/groups/$groupId"
                      params={{ groupId: task.groupId }}
                    >
                      {task.group}
                    </Link>
                  ) : (
                    task.group
                  )}
                </div>
              </section>
            ) : null}
            <Why task={task} />
            {may("field-tasks.change") ? <CloseTask key={task.state} task={task} /> : null}
            <History task={task} />
            {may("field-tasks.change") && task.state === "open" ? (
              <EditTask key={task.changedAt} task={task} />
            ) : null}
          </>
        )}
      </div>
    </>
  );
}

/** Who goes, who sent them, what they were told, and how it ended. */
function Told({ task }: { readonly task: FieldTask }) {
  const { t, f } = useLocale();
  const first = task.entries[0]?.note ?? "";
  return (
    <section className="e-panel" aria-label={t("task.title")}>
      <div className="e-panel-body e-stack">
        {task.outcome === null ? null : (
          <p>
            <span className="e-muted">{t("task.outcome")}: </span>
            <strong>{task.outcome || t("task.erased")}</strong>{" "}
            <span className="e-muted">
              {t("task.by-at", {
                name: task.closedBy ?? "",
                time: task.closedAt === null ? noValue : f.instant(Date.parse(task.closedAt)),
              })}
            </span>
          </p>
        )}
        {first === "" ? null : <p className="e-field-place">{first}</p>}
        <p className="e-muted">
          {t("task.assignee")}: {task.assignee ?? t("task.nobody")} · {t("task.opened-by")}:{" "}
          {t("task.by-at", { name: task.openedBy, time: f.instant(Date.parse(task.openedAt)) })}
        </p>
      </div>
    </section>
  );
}

/** What it is for: findings, alarm, case. */
function Why({ task }: { readonly task: FieldTask }) {
  const { t, f } = useLocale();
  const may = useMay();
  const { about, alarm, alarmName, caseId } = task;
  if (about.length === 0 && alarm === null && caseId === null) return null;
  const words = eventKey(alarmName);
  return (
    <section className="e-panel" aria-labelledby="why">
      <div className="e-panel-head">
        <h2 id="why">
          {t(about.length > 0 ? "task.findings" : alarm ? "task.alarm" : "task.case")}
          {about.length > 1 ? ` (${f.number(about.length)})` : ""}
        </h2>
      </div>
      <ul className="e-panel-body e-stack" style={{ gap: 4 }}>
        {about.map((finding) => {
          const [shape, tone] = severityMarks[finding.severity];
          const line = (
            <span className="e-row" style={{ gap: "2px 10px" }}>
              <Mark shape={shape} tone={tone}>
                {ruleWords(t, finding.rule)}
              </Mark>
              <span className="e-num">
                {f.day(finding.day)}
                {finding.count > 0 ? ` (${t("vee.intervals", { count: finding.count })})` : ""}
              </span>
              <span>{obisSymbol(finding.obis)}</span>
              <span className="e-muted">{t(`vee.is.${finding.state}`)}</span>
            </span>
          );
          return (
            <li key={finding.findingId}>
              {may("validation.see") ? (
                <Link className="e-field-link" to="/op/validation" search={{ finding: finding.findingId }}>
                  {line}
                </Link>
              ) : (
                line
              )}
            </li>
          );
        })}
        {alarm === null ? null : (
          <li>
            <strong>{words ? t(words) : alarm.code}</strong>, {f.instant(Date.parse(alarm.at))}
          </li>
        )}
        {caseId === null ? null : (
          <li>
            {may("cases.see") ? (
              <Link className="e-field-link" to="/an/cases/$caseId" params={{ caseId }}>
                {t("task.case")} {caseId}
              </Link>
            ) : (
              `${t("task.case")} ${caseId}`
            )}
          </li>
        )}
      </ul>
    </section>
  );
}

function History({ task }: { readonly task: FieldTask }) {
  const { t, f } = useLocale();
  return (
    <details className="e-panel">
      <summary className="e-panel-head">{t("task.history")}</summary>
      <div className="e-panel-body">
        <EntryList
          entries={task.entries}
          label={(field) => t(`task.${field}`)}
          told={(field, value) =>
            value === null
              ? noValue
              : field === "state" || field === "kind" || field === "priority"
                ? t(`task.${value}` as "task.open")
                : field === "dueDay"
                  ? f.day(value)
                  : value
          }
        />
      </div>
    </details>
  );
}
