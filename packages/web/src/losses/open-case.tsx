import { Button, Checkbox, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import "../field-work/texts.ts";
import { Assignee } from "../parts/assignee.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import type { Period } from "../time/period.ts";

/** Opens a case: of a suspect with what the ranking said of it, or by hand at a point or in the whole group. */
export function OpenCase(props: {
  readonly groupId: number;
  readonly period?: Period;
  readonly point?: { readonly pointId: number; readonly pod: string };
  readonly onClose: () => void;
}) {
  const { t } = useLocale();
  const { groupId, period, point } = props;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [pod, setPod] = useState("");
  const [note, setNote] = useState("");
  const [assignee, setAssignee] = useState("");
  const [goes, setGoes] = useState(false);
  const may = useMay();
  const open = useMutation({
    mutationFn: async () => {
      const given = {
        ...(assignee === "" ? {} : { assigneeId: Number(assignee) }),
        note: note.trim(),
      };
      const { caseId } = await api.openLossCase({
        groupId,
        ...(point ? { pointId: point.pointId } : pod.trim() === "" ? {} : { pod: pod.trim() }),
        ...(point && period ? { ...period } : {}),
        ...given,
      });
      if (goes) await api.openFieldTask({ caseId, kind: "look", ...given });
      return { caseId };
    },
    onSuccess: async ({ caseId }) => {
      await queries.invalidateQueries({ queryKey: ["losses"] });
      await queries.invalidateQueries({ queryKey: ["loss-cases"] });
      await queries.invalidateQueries({ queryKey: ["field-tasks"] });
      await navigate({ to: "/an/cases/$caseId", params: { caseId } });
    },
  });
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={point ? `${t("loss.open-case")}: ${point.pod}` : t("case.by-hand")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <form
        className="e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          open.mutate();
        }}
      >
        {open.isError ? <ProblemNotice error={open.error} /> : null}
        {point ? null : (
          <TextInput
            label={t("case.pod")}
            value={pod}
            maxLength={100}
            onChange={(event) => setPod(event.currentTarget.value)}
          />
        )}
        <CaseAssignee value={assignee} onChange={setAssignee} />
        <Textarea
          label={t("case.note")}
          data-autofocus
          autosize
          minRows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {may("field-tasks.change") ? (
          <Checkbox
            label={t("task.with-case")}
            checked={goes}
            onChange={(event) => setGoes(event.currentTarget.checked)}
          />
        ) : null}
        <div className="e-row">
          <Button type="submit" loading={open.isPending}>
            {t("loss.open-case")}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Whom a case is given to. */
export function CaseAssignee(props: {
  readonly value: string;
  readonly name?: string | null;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useLocale();
  return (
    <Assignee
      {...props}
      label={t("case.assignee")}
      nobody={t("case.nobody")}
      of="loss-case-assignees"
      load={api.lossCaseAssignees}
    />
  );
}
