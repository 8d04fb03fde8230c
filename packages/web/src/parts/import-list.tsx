import "./form-texts.ts";
import "../meters/texts.ts";
import { fileText } from "@energsys/metering/file-text";
import { Button, FileInput, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocale } from "../text/provider.tsx";
import { isReason } from "./change-form.tsx";
import { ProblemNotice } from "./notices.tsx";

interface Outcome {
  readonly applied: boolean;
  readonly faults: readonly { readonly line: number; readonly code: string }[];
}

/** A list by file: checked line by line first, then taken in as a whole. */
export function ImportList<Brought extends Outcome>(props: {
  readonly help: string;
  readonly bring: (given: { text: string; apply: boolean; reason: string }) => Promise<Brought>;
  /** What it would do, in a sentence. */
  readonly effect: (outcome: Brought) => string;
  /** What is read anew, by the beginnings of its keys. */
  readonly changes: readonly (readonly unknown[])[];
  readonly onEnd: () => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [reason, setReason] = useState("");
  const bring = useMutation({
    mutationFn: async (apply: boolean) =>
      props.bring({
        text: file ? fileText(new Uint8Array(await file.arrayBuffer())) : "",
        apply,
        reason: reason.trim(),
      }),
    onSuccess: async ({ applied }) => {
      if (!applied) return;
      notifications.show({ message: t("meters.import-done") });
      await Promise.all(props.changes.map((queryKey) => queries.invalidateQueries({ queryKey })));
      props.onEnd();
    },
  });
  const checked = bring.data;
  const ready = file !== null && isReason(reason);
  return (
    <div className="e-stack">
      {bring.isError ? <ProblemNotice error={bring.error} /> : null}
      <FileInput
        label={t("meters.import-file")}
        description={props.help}
        accept=".csv,text/csv"
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          bring.reset();
        }}
      />
      <TextInput
        label={t("form.reason")}
        description={t("form.reason-help")}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {checked ? (
        <div className="e-notice" data-tone={checked.faults.length > 0 ? "warning" : "info"} role="status">
          <strong>{props.effect(checked)}</strong>
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
        <Button variant="default" onClick={props.onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </div>
  );
}
