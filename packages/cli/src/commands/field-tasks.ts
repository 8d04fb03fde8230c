import {
  actingAs,
  changeTask,
  type Database,
  everywhere,
  type FieldTask,
  listTasks,
  openTask,
  type TaskFilter,
  type TaskKind,
  type TaskPriority,
  type TaskSource,
  type TaskState,
  taskKinds,
  taskPriorities,
  taskStates,
} from "@energsys/store";
import { type Command, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, dayOf, idOf, print, wholeNumber } from "./options.ts";
import { pointOf } from "./point-of.ts";

const bigNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

interface ListOptions extends Common {
  readonly state: TaskState | "all";
  readonly kind?: TaskKind;
  readonly dueBy?: string;
  readonly point?: string;
  readonly limit: number;
}

interface OpenOptions extends Common {
  readonly point?: string;
  readonly findings?: readonly number[];
  readonly case?: number;
  readonly gateway?: number;
  readonly kind: TaskKind;
  readonly priority: TaskPriority;
  readonly due?: string;
  readonly note: string;
}

const by = () => ({ name: `cli:${process.env.USER ?? "unknown"}`, nowMs: Date.now() });
const acting = (db: Database, operation: string): Database => actingAs(db, { actor: by().name, operation });

const line = ({ taskId, kind, pod, gateway, group, state, priority, dueDay, assignee, outcome }: FieldTask) =>
  [
    String(taskId).padStart(6),
    state,
    kind,
    pod ?? gateway ?? group ?? "",
    priority,
    dueDay === null ? "no day" : `due ${dueDay}`,
    assignee ?? "nobody",
    ...(outcome === null ? [] : [outcome]),
  ].join("  ");

/** For what somebody goes: exactly one thing. */
async function sourceOf(
  db: Database,
  { point, findings, gateway, ...given }: OpenOptions,
): Promise<TaskSource> {
  const found: TaskSource[] = [
    ...(point === undefined ? [] : [{ pointId: await pointOf(db, point) }]),
    ...(findings === undefined ? [] : [{ findingIds: findings }]),
    ...(given.case === undefined ? [] : [{ caseId: given.case }]),
    ...(gateway === undefined ? [] : [{ gatewayId: gateway }]),
  ];
  if (found.length !== 1)
    throw new CliError("input.invalid", "give one of --point, --finding, --case and --gateway");
  return found[0]!;
}

/** What somebody goes somewhere for. */
export function addFieldTasks(program: Command): void {
  const tasks = program.command("field-tasks").description("what somebody goes somewhere for");

  common(
    tasks
      .command("list")
      .description("tasks, what is due first")
      .addOption(new Option("--state <state>", "only these").choices([...taskStates, "all"]).default("open"))
      .addOption(new Option("--kind <kind>", "only of this kind").choices(taskKinds))
      .option("--due-by <day>", "due on this day or before", dayOf)
      .option("--point <code>", "only at this point")
      .option("--limit <count>", "at most so many", wholeNumber(1, 100_000), 200),
  ).action(({ data, json, state, kind, dueBy, point, limit }: ListOptions) =>
    withKeys(data, async (db) => {
      const filter: TaskFilter = {
        ...(state === "all" ? {} : { states: [state] }),
        ...(kind === undefined ? {} : { kind }),
        ...(dueBy === undefined ? {} : { dueBy }),
        ...(point === undefined ? {} : { pointId: await pointOf(db, point) }),
      };
      const { total, rows } = await listTasks(db, everywhere, filter, limit);
      print(
        json
          ? [JSON.stringify({ total, tasks: rows })]
          : [...rows.map(line), `${rows.length} of ${total} field tasks`],
      );
    }),
  );

  common(
    tasks
      .command("open")
      .description("opens one; while one is open for the same finding or case, that one is told")
      .option("--point <code>", "at this point")
      .option(
        "--finding <number>",
        "for this finding of validation; several of one point",
        (text, before: readonly number[] = []) => [...before, bigNumber(text)],
      )
      .option("--case <number>", "for this loss case", idOf)
      .option("--gateway <number>", "at this concentrator", idOf)
      .addOption(new Option("--kind <kind>", "what for").choices(taskKinds).default("look"))
      .addOption(new Option("--priority <priority>", "how urgent").choices(taskPriorities).default("normal"))
      .option("--due <day>", "day by which it is to be done", dayOf)
      .option("--note <text>", "what who goes there should know", ""),
  ).action(({ finding, ...options }: OpenOptions & { readonly finding?: readonly number[] }) =>
    withKeys(options.data, async (plain) => {
      const db = acting(plain, "field-tasks open");
      const { kind, priority, due, note, json } = options;
      const source = await sourceOf(db, { ...options, ...(finding ? { findings: finding } : {}) });
      const task = {
        source,
        kind,
        priority,
        note: note.trim(),
        ...(due === undefined ? {} : { dueDay: due }),
      };
      const opened = await openTask(db, everywhere, task, by());
      print([
        json
          ? JSON.stringify(opened)
          : `field task ${opened.taskId} ${opened.opened ? "opened" : "is open already"}`,
      ]);
    }),
  );

  const closing = (name: string, state: TaskState, description: string) =>
    common(
      tasks
        .command(name)
        .argument("<task>", "number of the task", idOf)
        .description(description)
        .requiredOption("--note <text>", "what it came to, in words"),
    ).action((taskId: number, { data, json, note }: Common & { readonly note: string }) =>
      withKeys(data, async (plain) => {
        const db = acting(plain, `field-tasks ${name}`);
        await changeTask(db, everywhere, taskId, { state, note: note.trim() }, by());
        print([json ? JSON.stringify({ taskId, state }) : `field task ${taskId} ${state}`]);
      }),
    );
  closing("done", "done", "says that one was done, and what it came to");
  closing("cancel", "cancelled", "says that nobody goes, and why");
}
