import "./texts.ts";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useContext, useEffect, useState } from "react";
import { api, keepCsrfToken, type Session } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { firstRunQuery, sessionQuery } from "../session.ts";
import { LanguageMenu, ThemeMenu } from "../shell/language-menu.tsx";
import { LanguageChange } from "../shell/preferences.tsx";
import { useLocale } from "../text/provider.tsx";

/** The first start: an account, then something to read. Each step can be left and taken up again. */
export function FirstRunPage() {
  const { t } = useLocale();
  const session = useQuery(sessionQuery);
  const { step } = useSearch({ from: "/first-run" });
  useEffect(() => {
    document.title = `${t("first.title")} · ENERGSys`;
  }, [t]);
  return (
    <main className="e-door">
      <div className="e-door-card" data-wide={session.data ? "" : undefined}>
        <div className="e-door-brand">
          <img src="/icon.svg" alt="" width={40} height={40} />
          <h1>
            {session.data
              ? t(step === "sample" ? "first.sample-title" : "first.choice-title")
              : t("first.title")}
          </h1>
        </div>
        {session.data ? step === "sample" ? <SampleNetwork /> : <Choice /> : <AccountForm />}
      </div>
      <div className="e-door-foot">
        <LanguageMenu signedIn={Boolean(session.data)} />
        <ThemeMenu />
      </div>
    </main>
  );
}

/** The token that the printed address brings behind its `#`: it never reaches a server's log. */
export function tokenIn(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "";
}

function AccountForm() {
  const { t, language } = useLocale();
  const queries = useQueryClient();
  const changeLanguage = useContext(LanguageChange);
  const [came] = useState(() => tokenIn(location.hash));
  const [token, setToken] = useState(came);
  const [name, setName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [password, setPassword] = useState("");
  const make = useMutation({
    mutationFn: api.firstAccount,
    onSuccess: (session: Session) => {
      keepCsrfToken(session.csrfToken);
      history.replaceState(history.state, "", location.pathname + location.search);
      changeLanguage(session.account.language);
      queries.setQueryData(sessionQuery.queryKey, session);
      void queries.invalidateQueries({ queryKey: firstRunQuery.queryKey });
    },
  });
  const fields = make.error ? asProblem(make.error).fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({
      token: token.trim(),
      name: name.trim(),
      displayName: displayName.trim(),
      password,
      language,
    });
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      <p>{t("first.account-lead")}</p>
      {make.isError ? <ProblemNotice error={make.error} /> : null}
      {came && !make.isError ? (
        <p className="e-muted e-small">✓ {t("first.token-there")}</p>
      ) : (
        <TextInput
          label={t("first.token")}
          description={t("first.token-help")}
          required
          withAsterisk={false}
          autoComplete="off"
          value={token}
          error={fields.token}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={t("first.display-name")}
        autoComplete="name"
        required
        withAsterisk={false}
        value={displayName}
        error={fields.displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
      <TextInput
        label={t("first.name")}
        autoComplete="username"
        required
        withAsterisk={false}
        value={name}
        error={fields.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("first.password")}
        description={t("first.password-help")}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={12}
        value={password}
        error={fields.password}
        visibilityToggleButtonProps={{ "aria-label": t("sign-in.show"), tabIndex: 0 }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" size="md" loading={make.isPending}>
        {t("first.make")}
      </Button>
    </form>
  );
}

function Choice() {
  const { t } = useLocale();
  const { data } = useQuery({ ...firstRunQuery, staleTime: 0, refetchInterval: 2_000 });
  const there = data?.points ?? 0;
  const card = (title: string, lead: string, action: ReactNode) => (
    <section className="e-panel e-choice">
      <h2>{title}</h2>
      <p className="e-muted">{lead}</p>
      {action}
    </section>
  );
  return (
    <div className="e-stack">
      {there > 0 ? (
        <div className="e-row">
          <strong role="status">{t("first.there", { count: there })}</strong>
          <Button renderRoot={(own) => <Link to="/op" {...own} />}>{t("first.to-operations")}</Button>
        </div>
      ) : null}
      <p>{t("first.choice-lead")}</p>
      <div className="e-pair">
        {card(
          t("first.device-title"),
          t("first.device-lead"),
          <Button
            {...(there > 0 ? { variant: "default" } : {})}
            renderRoot={(own) => <Link to="/devices/new" {...own} />}
          >
            {t("first.device-do")}
          </Button>,
        )}
        {card(
          t("first.sample-title"),
          t("first.sample-lead"),
          <Button
            variant="default"
            renderRoot={(own) => <Link to="/first-run" search={{ step: "sample" }} {...own} />}
          >
            {t(data?.sampleNetwork === "available" || !data ? "first.sample-do" : "first.sample-see")}
          </Button>,
        )}
      </div>
      {there > 0 ? null : <Link to="/op">{t("first.later")}</Link>}
    </div>
  );
}

/** Starts the sample network and shows how far it is, until its first readings are stored. */
function SampleNetwork() {
  const { t } = useLocale();
  const queries = useQueryClient();
  const state = useQuery({ ...firstRunQuery, staleTime: 0, refetchInterval: 1_000 });
  const start = useMutation({
    mutationFn: api.startSampleNetwork,
    onSettled: () => queries.invalidateQueries({ queryKey: firstRunQuery.queryKey }),
  });
  const { data } = state;
  if (state.isError) return <ProblemNotice error={state.error} onRetry={() => void state.refetch()} />;
  if (!data) return <Waiting />;
  const available = data.sampleNetwork === "available" && !start.isPending && !start.isSuccess;
  const ready = data.sampleNetwork === "running" && data.readings === true;
  return (
    <div className="e-stack">
      <p>{t("first.sample-lead")}</p>
      {start.isError ? <ProblemNotice error={start.error} /> : null}
      {available ? (
        <Button style={{ alignSelf: "flex-start" }} onClick={() => start.mutate()}>
          {t("first.sample-do")}
        </Button>
      ) : (
        <div role="status" className="e-stack" style={{ gap: 8 }}>
          <strong>
            {t(data.sampleNetwork === "running" ? "first.sample-running" : "first.sample-starting")}
          </strong>
          {ready ? null : <div className="e-bar-wait" />}
          <span className="e-num">
            <span aria-hidden="true">{(data.points ?? 0) > 0 ? "✓" : "◌"}</span>{" "}
            {t("first.sample-points", { count: data.points ?? 0 })}
          </span>
          <span>
            <span aria-hidden="true">{data.readings ? "✓" : "◌"}</span>{" "}
            {t(data.readings ? "first.sample-read" : "first.sample-waiting")}
          </span>
        </div>
      )}
      <div className="e-row">
        {ready ? (
          <Button renderRoot={(own) => <Link to="/op" {...own} />}>{t("first.to-operations")}</Button>
        ) : (
          <Link to="/op">{t("first.later")}</Link>
        )}
      </div>
    </div>
  );
}
