import { Button, PasswordInput, TextInput } from "@mantine/core";
import { startAuthentication } from "@simplewebauthn/browser";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, keepCsrfToken, type Session } from "../api/client.ts";
import { focusOnShow } from "../parts/focus.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { sessionQuery } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

/** Where the browser's own store keeps the page to come back to after a proof at the provider. */
export const afterProof = "energsys.after-proof";

/** Asks who somebody is, by what is open to them now: a code, a security key, the password, or the provider. */
export function ProofForm(props: { readonly onDone: (session: Session) => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const proof = useQuery({ queryKey: ["proof"], queryFn: ({ signal }) => api.proof(signal), gcTime: 0 });
  const prove = useMutation({
    mutationFn: async (way: "typed" | "key") => {
      if (proof.data) keepCsrfToken(proof.data.csrfToken);
      if (way === "typed") {
        return api.prove(proof.data?.ways.includes("password") ? { password: typed } : { code: typed });
      }
      const { options } = await api.keyChallenge();
      const credential = await startAuthentication({ optionsJSON: options as never });
      return api.prove({ credential: { ...credential } });
    },
    onSuccess: (session: Session) => {
      keepCsrfToken(session.csrfToken);
      queries.setQueryData(sessionQuery.queryKey, session);
      props.onDone(session);
    },
  });
  const leave = useMutation({
    mutationFn: () => {
      if (proof.data) keepCsrfToken(proof.data.csrfToken);
      return api.beginProviderProof();
    },
    onSuccess: ({ location: address }) => {
      sessionStorage.setItem(afterProof, location.pathname);
      location.assign(address);
    },
  });
  if (proof.isError) return <ProblemNotice error={proof.error} onRetry={() => void proof.refetch()} />;
  if (!proof.data) return <Waiting />;
  const { ways } = proof.data;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    prove.mutate("typed");
  };
  if (ways.includes("provider")) {
    return (
      <div className="e-stack">
        {leave.isError ? <ProblemNotice error={leave.error} /> : null}
        <p>{t("proof.provider-lead")}</p>
        <Button data-autofocus loading={leave.isPending} onClick={() => leave.mutate()}>
          {t("proof.provider")}
        </Button>
      </div>
    );
  }
  const common = {
    ref: focusOnShow,
    value: typed,
    required: true,
    withAsterisk: false,
    "data-autofocus": true,
  } as const;
  return (
    <form className="e-stack" onSubmit={submit}>
      {prove.isError ? <ProblemNotice error={prove.error} /> : null}
      {ways.includes("webauthn") ? (
        <Button
          variant={ways.includes("totp") ? "default" : "filled"}
          loading={prove.isPending && prove.variables === "key"}
          onClick={() => prove.mutate("key")}
        >
          {t("proof.key")}
        </Button>
      ) : null}
      {ways.includes("password") ? (
        <PasswordInput
          {...common}
          label={t("sign-in.password")}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": t("sign-in.show"), tabIndex: 0 }}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          {...common}
          label={t("proof.code")}
          description={t("proof.code-help")}
          autoComplete="one-time-code"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <Button type="submit" loading={prove.isPending && prove.variables === "typed"}>
        {t("proof.submit")}
      </Button>
    </form>
  );
}
