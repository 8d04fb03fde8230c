import { Button, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { problemWords } from "../text/problem-words.ts";
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
  const open = useMutation({
    mutationFn: () =>
      api.openLossCase({
        groupId,
        ...(point ? { pointId: point.pointId } : pod.trim() === "" ? {} : { pod: pod.trim() }),
        ...(point && period ? { ...period } : {}),
        ...(assignee === "" ? {} : { assigneeId: Number(assignee) }),
        note: note.trim(),
      }),
    onSuccess: async ({ caseId }) => {
      await queries.invalidateQueries({ queryKey: ["losses"] });
      await queries.invalidateQueries({ queryKey: ["loss-cases"] });
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
        <Assignee value={assignee} onChange={setAssignee} />
        <Textarea
          label={t("case.note")}
          data-autofocus
          autosize
          minRows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
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

/** Whom a case is given to. Somebody who may have no case any more keeps the one that they have. */
export function Assignee(props: {
  readonly value: string;
  /** Of whom has it now. */
  readonly name?: string | null;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useLocale();
  const people = useQuery({
    queryKey: ["loss-case-assignees"],
    queryFn: ({ signal }) => api.lossCaseAssignees(signal),
    staleTime: 300_000,
  });
  const rows = (people.data?.rows ?? []).map(({ accountId, name }) => ({
    value: String(accountId),
    label: name,
  }));
  const { value, name } = props;
  const known = value === "" || rows.some((row) => row.value === value);
  return (
    <NativeSelect
      label={t("case.assignee")}
      disabled={people.isPending}
      error={people.isError ? t(problemWords(asProblem(people.error).code).what) : undefined}
      value={value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      data={[
        { value: "", label: t("case.nobody") },
        ...(known ? [] : [{ value, label: name ?? t("app.loading") }]),
        ...rows,
      ]}
    />
  );
}
