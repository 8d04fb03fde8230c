import { Button, Modal, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type CertificateList } from "../api/client.ts";
import { download } from "../parts/download.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

export type Certificate = CertificateList["rows"][number];
export type Opened =
  | { readonly what: "issue" }
  | { readonly what: "replace" | "revoke"; readonly row: Certificate };

/** What is done to a certificate: a first one, another one, its end. */
export function CertificateDialog(props: {
  readonly opened: Opened | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useLocale();
  const { opened } = props;
  const name = opened && "row" in opened ? opened.row.identity : "";
  return (
    <Modal
      opened={opened !== undefined}
      onClose={props.onClose}
      // A file that is shown once is not closed by a slip.
      closeOnClickOutside={false}
      size="lg"
      title={
        opened?.what === "issue"
          ? t("certificates.issue")
          : opened
            ? t(`certificates.${opened.what}-of`, { name })
            : ""
      }
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      {opened?.what === "revoke" ? (
        <Revoke row={opened.row} onDone={props.onClose} />
      ) : opened ? (
        <Make row={opened.what === "replace" ? opened.row : undefined} onDone={props.onClose} />
      ) : null}
    </Modal>
  );
}

function Revoke(props: { readonly row: Certificate; readonly onDone: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.revokeCertificate(props.row.certificateId),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["certificates"] });
      props.onDone();
    },
  });
  return (
    <div className="e-stack">
      {revoke.isError ? <ProblemNotice error={revoke.error} /> : null}
      <p className="e-break">{t("certificates.revoke-lead", { name: props.row.identity })}</p>
      <div className="e-row">
        <Button loading={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("certificates.revoke")}
        </Button>
      </div>
    </div>
  );
}

function Make(props: { readonly row: Certificate | undefined; readonly onDone: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [identity, setIdentity] = useState(props.row?.identity ?? "");
  const [address, setAddress] = useState("");
  const [days, setDays] = useState<number | string>(730);
  const make = useMutation({
    mutationFn: () =>
      api.issueCertificate({
        identity: identity.trim(),
        days: Number(days),
        ...(address.trim() === "" ? {} : { address: address.trim() }),
        ...(props.row ? { replace: true } : {}),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["certificates"] }),
    // The answer holds a private key: it goes with the dialog.
    gcTime: 0,
  });
  if (make.data) return <MadeFile name={identity.trim()} file={make.data.file} onKept={props.onDone} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      {make.isError ? <ProblemNotice error={make.error} /> : null}
      {props.row ? (
        <p className="e-break">{t("certificates.replace-lead", { name: props.row.identity })}</p>
      ) : (
        <TextInput
          label={t("certificates.identity")}
          description={t("certificates.identity-help")}
          required
          withAsterisk={false}
          maxLength={64}
          data-autofocus
          value={identity}
          onChange={(event) => setIdentity(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={t("certificates.call")}
        description={t("certificates.call-help")}
        placeholder="centre.example:4061"
        maxLength={260}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <NumberInput
        label={t("certificates.days")}
        min={1}
        max={1_095}
        allowDecimal={false}
        required
        withAsterisk={false}
        value={days}
        onChange={setDays}
      />
      <div className="e-row">
        <Button type="submit" loading={make.isPending}>
          {t("certificates.make")}
        </Button>
      </div>
    </form>
  );
}

function MadeFile(props: { readonly name: string; readonly file: string; readonly onKept: () => void }) {
  const { t } = useLocale();
  const name = `${props.name}.pem`;
  return (
    <div className="e-stack">
      <p className="e-break" role="status">
        {t("certificates.made-lead", { name: props.name })}
      </p>
      <div className="e-row">
        <Button
          data-autofocus
          onClick={() => download(new Blob([props.file], { type: "application/x-pem-file" }), name)}
        >
          {t("certificates.save", { file: name })}
        </Button>
        <Button variant="default" onClick={props.onKept}>
          {t("certificates.saved")}
        </Button>
      </div>
    </div>
  );
}
