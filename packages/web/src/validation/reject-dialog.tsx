import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, type EditReason, type Finding } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { ReasonFields } from "./reason-fields.tsx";
import { usualReason } from "./words.ts";

export interface Edited {
  readonly editId: number;
  readonly state: "waiting" | "applied" | "refused" | "undone";
}

/** Refuses what was measured at the finding's intervals; an estimate takes its place. */
export function RejectDialog(props: {
  readonly detail: Finding;
  readonly slots: readonly number[];
  readonly onClose: () => void;
  readonly onDone: (edited: Edited) => void;
}) {
  const { t } = useLocale();
  const { finding } = props.detail;
  const [reason, setReason] = useState<EditReason>(() => usualReason(finding.rule));
  const [comment, setComment] = useState("");
  const reject = useMutation({
    mutationFn: () =>
      api.editValues({
        channelId: finding.channelId,
        day: finding.day,
        kind: "refusal",
        values: props.slots.map((slot) => ({ slot, value: 0 })),
        reason,
        comment: comment.trim(),
      }),
    onSuccess: props.onDone,
  });
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t("vee.reject")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <form
        className="e-stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (comment.trim() !== "") reject.mutate();
        }}
      >
        {reject.isError ? <ProblemNotice error={reject.error} /> : null}
        <p>{t("vee.reject-lead", { count: props.slots.length })}</p>
        <ReasonFields
          reason={reason}
          comment={comment}
          onReason={setReason}
          onComment={setComment}
          autoFocus
        />
        <div className="e-row">
          <Button type="submit" loading={reject.isPending} disabled={comment.trim() === ""}>
            {t("vee.reject")}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
