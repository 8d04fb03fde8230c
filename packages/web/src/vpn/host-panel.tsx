import { Button, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type TunnelList } from "../api/client.ts";
import { download } from "../parts/download.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { withoutSecrets } from "./dump.ts";

/** The host of the tunnels: where it is, what it is given, and what it says. */
export function HostPanel(props: { readonly settings: NonNullable<TunnelList["settings"]> }) {
  const { t } = useLocale();
  const may = useMay();
  const { network, serverAddress, endpoint, serverPublicKey } = props.settings;
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("vpn.host")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        <dl className="e-facts">
          <dt>{t("vpn.network")}</dt>
          <dd>{network}</dd>
          <dt>{t("vpn.server-address")}</dt>
          <dd>{serverAddress}</dd>
          <dt>{t("vpn.endpoint")}</dt>
          <dd className="e-break">{endpoint}</dd>
          <dt>{t("vpn.public-key")}</dt>
          <dd>
            <code className="e-break">{serverPublicKey}</code>
          </dd>
        </dl>
        {may("vpn.change") ? (
          <>
            <Peers />
            <HostState />
          </>
        ) : null}
      </div>
    </section>
  );
}

function Peers() {
  const { t } = useLocale();
  const give = useMutation({
    mutationFn: () => api.exportTunnelPeers(),
    onSuccess: (file) => download(file, "energsys-peers.conf"),
    gcTime: 0,
  });
  return (
    <>
      {give.isError ? <ProblemNotice error={give.error} /> : null}
      <p className="e-muted e-break">{t("vpn.host-how")}</p>
      <div className="e-row">
        <Button size="xs" variant="default" loading={give.isPending} onClick={() => give.mutate()}>
          {t("vpn.peers")}
        </Button>
      </div>
    </>
  );
}

function HostState() {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [dump, setDump] = useState("");
  const take = useMutation({
    mutationFn: () => api.takeTunnelState(withoutSecrets(dump)),
    onSuccess: () => {
      setDump("");
      return queries.invalidateQueries({ queryKey: ["tunnels"] });
    },
  });
  const nothing = dump.trim() !== "" && withoutSecrets(dump) === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take.mutate();
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      {take.isError ? <ProblemNotice error={take.error} /> : null}
      <Textarea
        label={t("vpn.dump")}
        description={t("vpn.dump-help")}
        error={nothing ? t("vpn.dump-none") : undefined}
        rows={3}
        spellCheck={false}
        autoComplete="off"
        value={dump}
        onChange={(event) => setDump(event.currentTarget.value)}
      />
      {take.data ? <p role="status">{t("vpn.dump-taken", { ...take.data })}</p> : null}
      <div className="e-row">
        <Button
          type="submit"
          size="xs"
          variant="default"
          loading={take.isPending}
          disabled={withoutSecrets(dump) === ""}
        >
          {t("vpn.dump-take")}
        </Button>
      </div>
    </form>
  );
}
