import { Button, CopyButton, Modal, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import { download } from "../parts/download.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { QrPicture } from "../parts/qr-picture.tsx";
import { useLocale } from "../text/provider.tsx";
import type { Tunnel } from "./vpn-page.tsx";

export type Opened = { readonly what: "add" } | { readonly what: "rotate" | "revoke"; readonly row: Tunnel };

/** What is done to one tunnel: a new one, new keys, its end. */
export function TunnelDialog(props: { readonly opened: Opened | undefined; readonly onClose: () => void }) {
  const { t } = useLocale();
  const { opened } = props;
  const name = opened && "row" in opened ? (opened.row.identity ?? opened.row.label) : "";
  return (
    <Modal
      opened={opened !== undefined}
      onClose={props.onClose}
      // A file that is shown once is not closed by a slip.
      closeOnClickOutside={false}
      size="lg"
      title={opened?.what === "add" ? t("vpn.add") : opened ? t(`vpn.${opened.what}-of`, { name }) : ""}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      {opened?.what === "revoke" ? (
        <Revoke row={opened.row} name={name} onDone={props.onClose} />
      ) : opened ? (
        <Make {...opened} name={name} onDone={props.onClose} />
      ) : null}
    </Modal>
  );
}

function Revoke(props: { readonly row: Tunnel; readonly name: string; readonly onDone: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.revokeTunnel(props.row.tunnelId),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["tunnels"] });
      props.onDone();
    },
  });
  return (
    <div className="e-stack">
      {revoke.isError ? <ProblemNotice error={revoke.error} /> : null}
      <p className="e-break">{t("vpn.revoke-lead", { name: props.name })}</p>
      <div className="e-row">
        <Button loading={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("vpn.revoke")}
        </Button>
      </div>
    </div>
  );
}

function Make(props: {
  readonly what: "add" | "rotate" | "revoke";
  readonly row?: Tunnel;
  readonly name: string;
  readonly onDone: () => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [identity, setIdentity] = useState("");
  const [label, setLabel] = useState("");
  const [days, setDays] = useState<number | string>(365);
  const make = useMutation({
    mutationFn: () =>
      props.row
        ? api.renewTunnelKeys(props.row.tunnelId, Number(days))
        : api.addTunnel({
            identity: identity.trim(),
            days: Number(days),
            ...(label.trim() === "" ? {} : { label: label.trim() }),
          }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["tunnels"] }),
    // The answer holds a private key: it goes with the dialog.
    gcTime: 0,
  });
  if (make.data)
    return <MadeFile name={props.name || identity.trim()} {...make.data} onKept={props.onDone} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      {make.isError ? <ProblemNotice error={make.error} /> : null}
      {props.row ? (
        <p className="e-break">{t("vpn.rotate-lead", { name: props.name })}</p>
      ) : (
        <>
          <TextInput
            label={t("vpn.identity")}
            description={t("vpn.identity-help")}
            required
            withAsterisk={false}
            maxLength={64}
            data-autofocus
            value={identity}
            onChange={(event) => setIdentity(event.currentTarget.value)}
          />
          <TextInput
            label={t("vpn.label")}
            description={t("vpn.label-help")}
            maxLength={80}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
        </>
      )}
      <NumberInput
        label={t("vpn.days")}
        min={1}
        max={3_650}
        allowDecimal={false}
        required
        withAsterisk={false}
        value={days}
        onChange={setDays}
      />
      <div className="e-row">
        <Button type="submit" loading={make.isPending}>
          {t("vpn.make")}
        </Button>
      </div>
    </form>
  );
}

function MadeFile(props: {
  readonly name: string;
  readonly address: string;
  readonly config: string;
  readonly onKept: () => void;
}) {
  const { t } = useLocale();
  const { config } = props;
  const file = `${props.name.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 15)}.conf`;
  return (
    <div className="e-stack">
      <p role="status">
        <strong>{t("vpn.once", { address: props.address })}</strong>
      </p>
      <div className="e-row" style={{ alignItems: "flex-start", gap: 16 }}>
        <QrPicture text={config} label={t("vpn.qr")} sizePx={240} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
        <section aria-label={t("vpn.file")} className="e-scroll-x" style={{ flex: "1 1 220px" }} tabIndex={0}>
          <pre className="e-small e-break" style={{ margin: 0, whiteSpace: "pre-wrap" }}>
            {config}
          </pre>
        </section>
      </div>
      <div className="e-row">
        <CopyButton value={config}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t("common.copied") : t("vpn.copy")}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={() => download(new Blob([config], { type: "text/plain" }), file)}>
          {t("vpn.download")}
        </Button>
        <Button onClick={props.onKept}>{t("vpn.kept")}</Button>
      </div>
    </div>
  );
}
