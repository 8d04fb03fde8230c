import { Button, FileInput, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

/** A list of meters: checked line by line first, then taken in as a whole. */
export function ImportMeters({ onEnd }: { readonly onEnd: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [reason, setReason] = useState("");
  const bring = useMutation({
    mutationFn: async (apply: boolean) =>
      api.importMeters({ text: (await file?.text()) ?? "", apply, reason: reason.trim() }),
    onSuccess: async ({ applied }) => {
      if (!applied) return;
      notifications.show({ message: t("meters.import-done") });
      await queries.invalidateQueries({ queryKey: ["meters"] });
      onEnd();
    },
  });
  const checked = bring.data;
  const ready = file !== null && reason.trim().length >= 3;
  return (
    <div className="e-stack">
      {bring.isError ? <ProblemNotice error={bring.error} /> : null}
      <FileInput
        label={t("meters.import-file")}
        description={t("meters.import-help")}
        accept=".csv,text/csv"
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          bring.reset();
        }}
      />
      <TextInput
        label={t("meters.reason")}
        description={t("meters.reason-help")}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {checked ? (
        <div className="e-notice" data-tone={checked.faults.length > 0 ? "warning" : "info"} role="status">
          <strong>
            {t("meters.import-effect", {
              added: checked.added,
              known: checked.known,
              verifications: checked.verifications,
            })}
          </strong>
          <ul className="e-plain-list">
            {checked.faults.slice(0, 50).map(({ line, code }) => (
              <li key={`${line} ${code}`}>{t("meters.import-fault", { line, code })}</li>
            ))}
          </ul>
        </div>
      ) : null}
      <div className="e-row">
        <Button
          variant={checked ? "default" : "filled"}
          loading={bring.isPending}
          disabled={!ready}
          onClick={() => bring.mutate(false)}
        >
          {t("meters.import-check")}
        </Button>
        {checked && checked.faults.length === 0 ? (
          <Button loading={bring.isPending} onClick={() => bring.mutate(true)}>
            {t("meters.import-run")}
          </Button>
        ) : null}
        <Button variant="default" onClick={onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </div>
  );
}
