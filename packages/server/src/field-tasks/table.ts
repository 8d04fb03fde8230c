import type { Language } from "@energsys/store";
import type { ReportTable } from "../analysis/table.ts";
import { dayCell, whole } from "../csv.ts";
import type { FieldTaskRow } from "../schemas/field-tasks.ts";
import { word } from "../words.ts";

const heads = [
  "taskNumber",
  "taskKind",
  "state",
  "taskPriority",
  "taskDue",
  "pod",
  "name",
  "address",
  "serial",
  "taskGateway",
  "group",
  "branch",
  "caseAssignee",
  "taskFindings",
  "caseOpened",
  "caseOpenedBy",
  "taskClosed",
  "taskClosedBy",
  "taskOutcome",
] as const;

/** Field tasks as a file has them: a line for each. */
export function tasksTable(
  rows: readonly FieldTaskRow[],
  { zone, language }: { readonly zone: string; readonly language: Language },
): ReportTable {
  return {
    name: "field-tasks",
    title: word("taskList", language),
    facts: [[word("zone", language), zone]],
    columns: heads.map((key) => word(key, language)),
    rows: rows.map((row) => [
      whole(row.taskId),
      word(`task_${row.kind}`, language),
      word(`task_${row.state}`, language),
      word(`task_${row.priority}`, language),
      row.dueDay === null ? null : dayCell(row.dueDay),
      row.pod,
      row.name,
      row.address,
      row.serial,
      row.gateway,
      row.group,
      row.branch.join(" › "),
      row.assignee,
      whole(row.findings),
      row.openedAt,
      row.openedBy,
      row.closedAt,
      row.closedBy,
      row.outcome,
    ]),
  };
}
