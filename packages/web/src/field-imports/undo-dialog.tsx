import { Modal } from "@mantine/core";
import { useState } from "react";
import { api, type FieldImport } from "../api/client.ts";
import { ChangeForm, isReason, ReasonField } from "../parts/change-form.tsx";
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
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      changes={[["field-imports"]]}
      run={() => api.undoFieldImport(props.row.importId, reason.trim())}
      complete={isReason(reason)}
      submit={t("field.undo")}
      done={(undone) => t("field.undo-done", { ...undone })}
      onEnd={props.onClose}
    >
      <p>{t("field.undo-lead")}</p>
      <ReasonField first value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
