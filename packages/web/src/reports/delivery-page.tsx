import "./texts.ts";
import { Button, NumberInput, PasswordInput, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Choice } from "../analysis/frame.tsx";
import { api, type DeliverySettings } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

const securities = ["tls", "starttls", "none"] as const;
const queryKey = ["delivery-settings"];

/** The mail server and the folder by which files of reports leave, and for how long they are kept. */
export function DeliveryPage() {
  const { t } = useLocale();
  const query = useQuery({ queryKey, queryFn: ({ signal }) => api.deliverySettings(signal) });
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.admin") }, { label: t("nav.delivery") }]}
        title={t("nav.delivery")}
      />
      <div className="e-stack">
        <p className="e-muted">{t("rp.mail-lead")}</p>
        {query.isPending ? <Waiting /> : null}
        {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
        {query.data ? (
          <>
            <p className={query.data.failed > 0 ? "e-tone-bad" : ""}>
              {query.data.failed > 0 ? "▲ " : "● "}
              {t("rp.mail-state", { waiting: query.data.waiting, failed: query.data.failed })}
            </p>
            <SettingsForm stored={query.data} />
            <Trial />
          </>
        ) : null}
      </div>
    </>
  );
}

function SettingsForm({ stored }: { readonly stored: DeliverySettings }) {
  const { t } = useLocale();
  const mayChange = useMay()("delivery.change");
  const queries = useQueryClient();
  const { host, port, security, userName, sender, folder, fileDays } = stored;
  const [given, setGiven] = useState({ host, port, security, userName, sender, folder, fileDays });
  const [changedAt, setChangedAt] = useState(stored.changedAt);
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () =>
      api.changeDeliverySettings({ ...given, changedAt, ...(password === "" ? {} : { password }) }),
    onSuccess: (now) => {
      setChangedAt(now.changedAt);
      setPassword("");
      queries.setQueryData(queryKey, now);
      notifications.show({ message: t("rp.mail-saved") });
    },
  });
  const set = (next: Partial<typeof given>) => setGiven({ ...given, ...next });
  return (
    <form
      className="e-panel"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className="e-panel-head">
        <h2>{t("rp.mail-title")}</h2>
      </div>
      <div className="e-panel-body e-stack" style={{ maxWidth: 560 }}>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <TextInput
          label={t("rp.mail-host")}
          value={given.host}
          readOnly={!mayChange}
          onChange={({ currentTarget }) => set({ host: currentTarget.value.trim() })}
        />
        <NumberInput
          label={t("rp.mail-port")}
          min={1}
          max={65_535}
          value={given.port}
          readOnly={!mayChange}
          onChange={(value) => set({ port: Number(value) || 0 })}
        />
        <Choice
          label={t("rp.mail-security")}
          value={given.security}
          options={securities.map((kind) => [kind, t(`rp.mail-security.${kind}`)])}
          onChange={(value) => set({ security: value as (typeof securities)[number] })}
        />
        <TextInput
          label={t("rp.mail-user")}
          value={given.userName}
          autoComplete="off"
          readOnly={!mayChange}
          onChange={({ currentTarget }) => set({ userName: currentTarget.value })}
        />
        <PasswordInput
          label={t("rp.mail-password")}
          description={stored.passwordThere ? t("rp.mail-password-there") : undefined}
          value={password}
          autoComplete="new-password"
          readOnly={!mayChange}
          visibilityToggleButtonProps={{ "aria-hidden": true }}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <TextInput
          label={t("rp.mail-sender")}
          value={given.sender}
          readOnly={!mayChange}
          onChange={({ currentTarget }) => set({ sender: currentTarget.value.trim() })}
        />
        <TextInput
          label={t("rp.mail-folder")}
          value={given.folder}
          readOnly={!mayChange}
          onChange={({ currentTarget }) => set({ folder: currentTarget.value })}
        />
        <NumberInput
          label={t("rp.mail-days")}
          min={1}
          max={400}
          value={given.fileDays}
          readOnly={!mayChange}
          onChange={(value) => set({ fileDays: Number(value) || 1 })}
        />
        {mayChange ? (
          <Button type="submit" loading={save.isPending}>
            {t("rp.save")}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

function Trial() {
  const { t } = useLocale();
  const mayChange = useMay()("delivery.change");
  const [to, setTo] = useState("");
  const attempt = useMutation({ mutationFn: () => api.tryMail({ to }) });
  if (!mayChange) return null;
  return (
    <form
      className="e-controls"
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate();
      }}
    >
      <TextInput
        label={t("rp.mail-to")}
        type="email"
        required
        value={to}
        onChange={({ currentTarget }) => setTo(currentTarget.value.trim())}
      />
      <Button type="submit" variant="default" loading={attempt.isPending} disabled={to === ""}>
        {t("rp.mail-try")}
      </Button>
      <div role="status" className="e-small e-break">
        {attempt.isError ? <ProblemNotice error={attempt.error} /> : null}
        {attempt.data?.sent ? <span className="e-tone-ok">{t("rp.mail-sent")}</span> : null}
        {attempt.data && !attempt.data.sent ? (
          <span className="e-tone-bad">
            ▲ {attempt.data.sentence} <span className="e-muted">{attempt.data.detail}</span>
          </span>
        ) : null}
      </div>
    </form>
  );
}
