import { Button, Textarea, TextInput } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Networks } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

const networksQuery = queryOptions({
  queryKey: ["networks"],
  queryFn: ({ signal }) => api.networks(signal),
});
const purposes = ["devices", "directories", "providers", "mail"] as const;

const entriesOf = (text: string): string[] => text.split(/[\s,;]+/).filter((entry) => entry !== "");

/** Where this system may call when a person typed the address: changed with a fresh proof, tried before it is stored. */
export function NetworksPanel() {
  const { t } = useLocale();
  const networks = useQuery(networksQuery);
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("networks.title")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        <p className="e-muted e-break">{t("networks.about")}</p>
        {networks.isPending ? <Waiting label={t("vpn.loading")} /> : null}
        {networks.isError ? (
          <ProblemNotice error={networks.error} onRetry={() => void networks.refetch()} />
        ) : null}
        {networks.data ? <NetworksForm stored={networks.data} /> : null}
      </div>
    </section>
  );
}

function NetworksForm({ stored }: { readonly stored: Networks }) {
  const { t } = useLocale();
  const mayChange = useMay()("vpn.change");
  const queries = useQueryClient();
  const textOf = (lists: Networks) => ({
    devices: lists.devices.join("\n"),
    directories: lists.directories.join("\n"),
    providers: lists.providers.join("\n"),
    mail: lists.mail.join("\n"),
  });
  const [texts, setTexts] = useState(() => textOf(stored));
  const [address, setAddress] = useState("");
  const lists: Networks = {
    devices: entriesOf(texts.devices),
    directories: entriesOf(texts.directories),
    providers: entriesOf(texts.providers),
    mail: entriesOf(texts.mail),
  };
  const save = useMutation({
    mutationFn: () => api.changeNetworks(lists),
    onSuccess: (now) => {
      setTexts(textOf(now));
      queries.setQueryData(networksQuery.queryKey, now);
    },
  });
  const attempt = useMutation({ mutationFn: () => api.tryNetworks({ address: address.trim(), ...lists }) });
  const changed = purposes.some((purpose) => lists[purpose].join() !== stored[purpose].join());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const tryAddress = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <>
      <form className="e-stack" onSubmit={submit}>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        {purposes.map((purpose) => (
          <Textarea
            key={purpose}
            label={t(`networks.${purpose}`)}
            rows={3}
            spellCheck={false}
            readOnly={!mayChange}
            value={texts[purpose]}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setTexts((before) => ({ ...before, [purpose]: value }));
            }}
          />
        ))}
        {save.isSuccess && !changed ? <p role="status">{t("networks.saved")}</p> : null}
        {mayChange ? (
          <div className="e-row">
            <Button type="submit" size="xs" loading={save.isPending} disabled={!changed}>
              {t("networks.save")}
            </Button>
          </div>
        ) : null}
      </form>
      <form className="e-row" onSubmit={tryAddress}>
        <TextInput
          label={t("networks.address")}
          placeholder="10.90.0.2"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button
          type="submit"
          size="xs"
          variant="default"
          style={{ alignSelf: "end" }}
          loading={attempt.isPending}
          disabled={address.trim() === ""}
        >
          {t("networks.try")}
        </Button>
      </form>
      {attempt.isError ? <ProblemNotice error={attempt.error} /> : null}
      {attempt.data ? (
        <p role="status">
          {attempt.data.address}:{" "}
          {purposes
            .map(
              (purpose) =>
                `${t(`networks.${purpose}`)} ${t(attempt.data[purpose] ? "networks.allowed" : "networks.refused")}`,
            )
            .join(" · ")}
        </p>
      ) : null}
    </>
  );
}
