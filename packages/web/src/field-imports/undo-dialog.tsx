import { Button, Modal, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type FieldImport } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

/** Takes an import back: what that does, and why it is done. */
export function UndoDialog(props: { readonly row: FieldImport | undefined; readonly onClose: () => void }) {
  const { t } = useLocale();
  return (
    <Modal
      opened={props.row !== undefined}
      onClose={props.onClose}
      title={props.row ? t("field.undo-of", { name: props.row.fileName }) : ""}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      {props.row ? <UndoForm row={props.row} onClose={props.onClose} /> : null}
    </Modal>
  );
}

function UndoForm(props: { readonly row: FieldImport; readonly onClose: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const undo = useMutation({
    mutationFn: () => api.undoFieldImport(props.row.importId, reason.trim()),
    onSuccess: async (undone) => {
      await queries.invalidateQueries({ queryKey: ["field-imports"] });
      notifications.show({
        color: "accent",
        message: t("field.undo-done", { ...undone }),
        autoClose: 8_000,
        withBorder: true,
      });
      props.onClose();
    },
  });
  const complete = reason.trim().length >= 3;
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) undo.mutate();
      }}
    >
      {undo.isError ? <ProblemNotice error={undo.error} /> : null}
      <p>{t("field.undo-lead")}</p>
      <Textarea
        label={t("gateway-dialog.reason")}
        description={t("gateway-dialog.reason-help")}
        required
        withAsterisk={false}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className="e-row">
        <Button type="submit" disabled={!complete} loading={undo.isPending}>
          {t("field.undo")}
        </Button>
        <Button variant="default" onClick={props.onClose}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
