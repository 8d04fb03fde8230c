import { Button, CopyButton, TextInput } from "@mantine/core";
import { startRegistration } from "@simplewebauthn/browser";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import { focusOnShow } from "../parts/focus.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { QrPicture } from "../parts/qr-picture.tsx";
import { useLocale } from "../text/provider.tsx";

interface Added {
  readonly recoveryCodes: readonly string[];
  readonly signedIn: boolean;
}

/** Sets up an authenticator or a security key, and shows the recovery codes that come with the first one. */
export function NewFactor(props: { readonly onDone: (added: Added) => void }) {
  const { t } = useLocale();
  const [label, setLabel] = useState("");
  const [code, setCode] = useState("");
  const [added, setAdded] = useState<Added>();
  const end = (outcome: Added) => {
    if (outcome.recoveryCodes.length > 0) setAdded(outcome);
    else props.onDone(outcome);
  };
  const begin = useMutation({ mutationFn: () => api.beginTotp(label) });
  const confirm = useMutation({ mutationFn: () => api.confirmTotp(code), onSuccess: end });
  const key = useMutation({
    mutationFn: async () => {
      const { options } = await api.beginKey();
      const credential = await startRegistration({ optionsJSON: options as never });
      return api.confirmKey(label, { ...credential });
    },
    onSuccess: end,
  });
  if (added) return <RecoveryCodes codes={added.recoveryCodes} onKept={() => props.onDone(added)} />;
  const error = confirm.error ?? begin.error ?? key.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (begin.data) confirm.mutate();
    else begin.mutate();
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      {error ? <ProblemNotice error={error} /> : null}
      {begin.data ? (
        <>
          <p>{t("factor.scan")}</p>
          <QrPicture text={begin.data.address} label={t("factor.picture")} />
          <p className="e-small">
            {t("factor.typed")} <code>{begin.data.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
          </p>
          <TextInput
            ref={focusOnShow}
            label={t("factor.code")}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            withAsterisk={false}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value.replaceAll(/\D/g, "").slice(0, 6))}
          />
          <Button type="submit" loading={confirm.isPending}>
            {t("factor.confirm")}
          </Button>
        </>
      ) : (
        <>
          <TextInput
            ref={focusOnShow}
            data-autofocus
            label={t("factor.label")}
            description={t("factor.label-help")}
            required
            withAsterisk={false}
            maxLength={80}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <div className="e-row">
            <Button type="submit" loading={begin.isPending}>
              {t("factor.totp")}
            </Button>
            <Button
              variant="default"
              disabled={label.trim() === ""}
              loading={key.isPending}
              onClick={() => key.mutate()}
            >
              {t("factor.webauthn")}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

export function RecoveryCodes(props: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const { t } = useLocale();
  return (
    <div className="e-stack">
      <strong role="status">{t("recovery.title")}</strong>
      <p>{t("recovery.lead")}</p>
      <pre className="e-panel" style={{ margin: 0 }}>
        {props.codes.join("\n")}
      </pre>
      <div className="e-row">
        <CopyButton value={props.codes.join("\n")}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t("common.copied") : t("recovery.copy")}
            </Button>
          )}
        </CopyButton>
        <Button onClick={props.onKept}>{t("recovery.kept")}</Button>
      </div>
    </div>
  );
}
