import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type FieldTask, type FieldTaskEdit } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { Goes } from "./assignee.tsx";
import { touched } from "./queries.ts";
import { taskKinds, taskPriorities } from "./search.ts";

function useEdit(task: FieldTask, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (edit: FieldTaskEdit) => api.changeFieldTask(task.taskId, edit),
    onSuccess: async () => {
      onDone();
      await Promise.all(touched.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}

/** How it ends, in words: done or cancelled; a closed one is opened again. */
export function CloseTask({ task }: { readonly task: FieldTask }) {
  const { t } = useLocale();
  const [words, setWords] = useState("");
  const edit = useEdit(task, () => setWords(""));
  const note = words.trim();
  const isOpen = task.state === "open";
  return (
    <section className="e-panel" aria-labelledby="close">
      <div className="e-panel-head">
        <h2 id="close">{t("task.ending")}</h2>
      </div>
      <form
        className="e-panel-body e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!isOpen) edit.mutate({ state: "open", note });
          else if (note !== "") edit.mutate({ state: "done", note });
        }}
      >
        {edit.isError ? <ProblemNotice error={edit.error} /> : null}
        <Textarea
          label={t(isOpen ? "task.outcome" : "task.add-note")}
          {...(isOpen ? { description: t("task.outcome-help") } : {})}
          autosize
          minRows={2}
          maxLength={2000}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <div className="e-field-actions">
          {isOpen ? (
            <>
              <Button type="submit" size="md" disabled={note === ""} loading={edit.isPending}>
                {t("task.do-done")}
              </Button>
              <Button
                size="md"
                variant="default"
                disabled={note === ""}
                loading={edit.isPending}
                onClick={() => edit.mutate({ state: "cancelled", note })}
              >
                {t("task.do-cancel")}
              </Button>
            </>
          ) : (
            <Button type="submit" size="md" variant="default" loading={edit.isPending}>
              {t("task.reopen")}
            </Button>
          )}
        </div>
      </form>
    </section>
  );
}

/** Who goes, what for, by when; or a note alone. */
export function EditTask({ task }: { readonly task: FieldTask }) {
  const { t } = useLocale();
  const [kind, setKind] = useState(task.kind);
  const [priority, setPriority] = useState(task.priority);
  const [dueDay, setDueDay] = useState(task.dueDay ?? "");
  const [assignee, setAssignee] = useState(task.assigneeId === null ? "" : String(task.assigneeId));
  const [words, setWords] = useState("");
  const edit = useEdit(task, () => setWords(""));
  const due = dueDay === "" ? null : dueDay;
  const assigneeId = assignee === "" ? null : Number(assignee);
  return (
    <details className="e-panel">
      <summary className="e-panel-head">{t("task.change")}</summary>
      <form
        className="e-panel-body e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          edit.mutate({
            ...(kind === task.kind ? {} : { kind }),
            ...(priority === task.priority ? {} : { priority }),
            ...(due === task.dueDay ? {} : { dueDay: due }),
            ...(assigneeId === task.assigneeId ? {} : { assigneeId }),
            note: words.trim(),
          });
        }}
      >
        {edit.isError ? <ProblemNotice error={edit.error} /> : null}
        <Goes value={assignee} name={task.assignee} onChange={setAssignee} />
        <NativeSelect
          label={t("task.kind")}
          value={kind}
          onChange={({ currentTarget: { value } }) =>
            setKind(taskKinds.find((one) => one === value) ?? task.kind)
          }
          data={taskKinds.map((value) => ({ value, label: t(`task.${value}`) }))}
        />
        <NativeSelect
          label={t("task.priority")}
          value={priority}
          onChange={({ currentTarget: { value } }) =>
            setPriority(taskPriorities.find((one) => one === value) ?? task.priority)
          }
          data={taskPriorities.map((value) => ({ value, label: t(`task.${value}`) }))}
        />
        <TextInput
          type="date"
          label={t("task.due")}
          value={dueDay}
          onChange={(event) => setDueDay(event.currentTarget.value)}
        />
        <Textarea
          label={t("task.add-note")}
          autosize
          minRows={2}
          maxLength={2000}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button type="submit" size="md" variant="default" loading={edit.isPending}>
          {t("task.save")}
        </Button>
      </form>
    </details>
  );
}
