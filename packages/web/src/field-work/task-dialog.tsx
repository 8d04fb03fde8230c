import "./texts.ts";
import { Button, Checkbox, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { api, type FieldTaskQuery, type FieldTaskRow, type NewFieldTask } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { Goes } from "./assignee.tsx";
import { tasksQuery, touched } from "./queries.ts";
import { taskKinds, taskPriorities } from "./search.ts";
import { TaskLine } from "./task-line.tsx";

export type TaskSource = Pick<NewFieldTask, "findingIds" | "alarm" | "caseId" | "pointId" | "gatewayId">;

export interface DialogProps {
  /** For what somebody goes. */
  readonly source: TaskSource;
  /** Where, in the words of the title. */
  readonly where: string;
  readonly kind?: FieldTaskRow["kind"];
  /** Open tasks at the same place, which are shown first. */
  readonly place: Pick<FieldTaskQuery, "point" | "gateway">;
  /** Further findings that somebody can look after on the same way. */
  readonly siblings?: readonly number[];
  readonly onClose: () => void;
  readonly onDone?: () => void;
}

/** Opens a field task, or adds findings to one that is open at the place. */
export function TaskDialog(props: DialogProps) {
  const { t } = useLocale();
  const { source, siblings = [] } = props;
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState(props.kind ?? "look");
  const [priority, setPriority] = useState<FieldTaskRow["priority"]>("normal");
  const [dueDay, setDueDay] = useState("");
  const [assignee, setAssignee] = useState("");
  const [note, setNote] = useState("");
  const [withSiblings, setWithSiblings] = useState(true);
  const hasPlace = props.place.point !== undefined || props.place.gateway !== undefined;
  const there = useQuery({ ...tasksQuery({ ...props.place, state: "open" }), enabled: hasPlace });
  const findingIds = source.findingIds && [...source.findingIds, ...(withSiblings ? siblings : [])];
  const told = async (message: string) => {
    await Promise.all(touched.map((queryKey) => queries.invalidateQueries({ queryKey })));
    notifications.show({ color: "accent", withBorder: true, message });
    props.onClose();
    props.onDone?.();
  };
  const open = useMutation({
    mutationFn: () =>
      api.openFieldTask({
        ...source,
        ...(findingIds ? { findingIds } : {}),
        kind,
        priority,
        ...(dueDay === "" ? {} : { dueDay }),
        ...(assignee === "" ? {} : { assigneeId: Number(assignee) }),
        note: note.trim(),
      }),
    onSuccess: ({ taskId, opened }) =>
      told(t(opened ? "task.opened" : "task.there-already", { number: String(taskId) })),
  });
  const add = useMutation({
    mutationFn: (taskId: number) =>
      api.changeFieldTask(taskId, { ...(findingIds ? { findingIds } : {}), note: note.trim() }),
    onSuccess: (_nothing, taskId) => told(t("task.added", { number: String(taskId) })),
  });
  const present = hasPlace ? (there.data?.rows ?? []) : [];
  const error = open.error ?? add.error;
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={`${t("task.title")}: ${props.where}`}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <form
        ref={form}
        className="e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          open.mutate();
        }}
      >
        {error ? <ProblemNotice error={error} /> : null}
        {present.length > 0 ? (
          <section className="e-notice" data-tone="warning" aria-label={t("task.there")}>
            <div className="e-stack" style={{ gap: 6 }}>
              <strong>{t("task.there")}</strong>
              <ul className="e-stack" style={{ gap: 6 }}>
                {present.map((task) => (
                  <li key={task.taskId} className="e-row">
                    <TaskLine task={task} />
                    {findingIds ? (
                      <Button
                        size="compact-sm"
                        variant="default"
                        loading={add.isPending}
                        aria-label={`${t("task.add-to")}: ${t("task.number", { number: String(task.taskId) })}`}
                        onClick={() => add.mutate(task.taskId)}
                      >
                        {t("task.add-to")}
                      </Button>
                    ) : null}
                  </li>
                ))}
              </ul>
            </div>
          </section>
        ) : null}
        <div className="e-row" style={{ alignItems: "end" }}>
          <NativeSelect
            label={t("task.kind")}
            style={{ flex: "1 1 200px" }}
            value={kind}
            onChange={({ currentTarget: { value } }) =>
              setKind(taskKinds.find((one) => one === value) ?? "look")
            }
            data={taskKinds.map((value) => ({ value, label: t(`task.${value}`) }))}
          />
          <NativeSelect
            label={t("task.priority")}
            style={{ flex: "1 1 110px" }}
            value={priority}
            onChange={({ currentTarget: { value } }) =>
              setPriority(taskPriorities.find((one) => one === value) ?? "normal")
            }
            data={taskPriorities.map((value) => ({ value, label: t(`task.${value}`) }))}
          />
          <TextInput
            type="date"
            label={t("task.due")}
            style={{ flex: "1 1 150px" }}
            value={dueDay}
            onChange={(event) => setDueDay(event.currentTarget.value)}
          />
        </div>
        <Goes value={assignee} onChange={setAssignee} />
        {findingIds && siblings.length > 0 ? (
          <Checkbox
            label={t("task.siblings", { count: siblings.length })}
            checked={withSiblings}
            onChange={(event) => setWithSiblings(event.currentTarget.checked)}
          />
        ) : null}
        <Textarea
          label={t("task.note")}
          description={t("task.note-help")}
          inputWrapperOrder={["label", "input", "description"]}
          data-autofocus
          autosize
          minRows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit();
          }}
        />
        <div className="e-row">
          <Button type="submit" loading={open.isPending}>
            {t("task.open-it")}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
