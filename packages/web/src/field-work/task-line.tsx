import "./texts.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { FieldTaskQuery, FieldTaskRow } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { tasksQuery } from "./queries.ts";

const stateMarks: Record<FieldTaskRow["state"], readonly [shape: string, tone: Tone]> = {
  open: ["◌", "accent"],
  done: ["●", "ok"],
  cancelled: ["⊘", "muted"],
};

export function TaskState({ state }: { readonly state: FieldTaskRow["state"] }) {
  const { t } = useLocale();
  const [shape, tone] = stateMarks[state];
  return (
    <Mark shape={shape} tone={tone}>
      {t(`task.${state}`)}
    </Mark>
  );
}

/** When it is due; what is late says so in words. */
export function DueDay({ task }: { readonly task: Pick<FieldTaskRow, "dueDay" | "overdue"> }) {
  const { t, f } = useLocale();
  if (task.dueDay === null) return null;
  const day = f.day(task.dueDay);
  return task.overdue ? (
    <Mark shape="▲" tone="bad">
      {t("task.overdue", { day })}
    </Mark>
  ) : (
    <span className="e-num">{t("task.due-day", { day })}</span>
  );
}

/** A task in a line: its number leads to it, then how it stands, who goes, and what it came to. */
export function TaskLine({ task }: { readonly task: FieldTaskRow }) {
  const { t } = useLocale();
  return (
    <>
      <Link className="e-target" to="/op/field/$taskId" params={{ taskId: task.taskId }}>
        {t("task.number", { number: String(task.taskId) })}
      </Link>
      <TaskState state={task.state} />
      <span>{t(`task.${task.kind}`)}</span>
      {task.state === "open" ? <DueDay task={task} /> : null}
      <span className="e-muted">{task.assignee ?? t("task.nobody")}</span>
      {task.outcome === null ? null : <strong>{task.outcome || t("task.erased")}</strong>}
    </>
  );
}

/** Field tasks of something, for who may see them; nothing where there is none. */
export function TasksOf(props: { readonly query: FieldTaskQuery }) {
  const { t } = useLocale();
  const may = useMay();
  const found = useQuery({ ...tasksQuery(props.query), enabled: may("field-tasks.see") });
  const rows = found.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <section className="e-notice" data-tone="info" aria-label={t("task.of")}>
      <ul className="e-stack e-small" style={{ gap: 6 }}>
        {rows.map((task) => (
          <li key={task.taskId} className="e-row">
            <TaskLine task={task} />
          </li>
        ))}
      </ul>
    </section>
  );
}
