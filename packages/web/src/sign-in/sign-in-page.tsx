import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, lazy, Suspense, useContext, useEffect, useState } from "react";
import { api, keepCsrfToken, type Session } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { sessionQuery } from "../session.ts";
import { LanguageMenu, ThemeMenu } from "../shell/language-menu.tsx";
import { LanguageChange } from "../shell/preferences.tsx";
import { useLocale } from "../text/provider.tsx";

const SecondStep = lazy(() => import("./second-step.tsx").then((module) => ({ default: module.SecondStep })));

/** The way in. The address that was asked for is gone to afterwards. */
export function SignInPage() {
  const { t } = useLocale();
  const { next } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const changeLanguage = useContext(LanguageChange);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const enter = (session: Session) => {
    keepCsrfToken(session.csrfToken);
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, session);
    changeLanguage(session.account.language);
    void navigate({ href: safeNext(next), replace: true });
  };
  const signIn = useMutation({ mutationFn: api.signIn, onSuccess: enter });
  const needsStep = signIn.isError && asProblem(signIn.error).code === "sign-in.factor-needed";
  const ways = useQuery({ queryKey: ["sign-in-ways"], queryFn: ({ signal }) => api.signInWays(signal) });
  const leave = useMutation({
    mutationFn: api.beginProvider,
    onSuccess: ({ location: address }) => location.assign(address),
  });
  useEffect(() => {
    document.title = `${t("sign-in.title")} · ENERGSys`;
  }, [t]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ name: name.trim(), password });
  };

  return (
    <main className="e-door">
      <div className="e-door-card">
        <div className="e-door-brand">
          <img src="/icon.svg" alt="" width={40} height={40} />
          <div>
            <h1>ENERGSys</h1>
            <p className="e-muted e-small">{t("sign-in.lead")}</p>
          </div>
        </div>
        {needsStep ? (
          <Suspense fallback={<Waiting />}>
            <SecondStep onDone={enter} />
            <Button variant="subtle" onClick={() => signIn.reset()}>
              {t("step.back")}
            </Button>
          </Suspense>
        ) : (
          <>
            <form className="e-stack" onSubmit={submit}>
              <TextInput
                label={t("sign-in.name")}
                name="name"
                autoComplete="username"
                required
                withAsterisk={false}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <PasswordInput
                label={t("sign-in.password")}
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                value={password}
                visibilityToggleButtonProps={{ "aria-label": t("sign-in.show"), tabIndex: 0 }}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              {ways.data?.directoryAway ? <p role="status">{t("ways.away")}</p> : null}
              {signIn.isError ? <ProblemNotice error={signIn.error} /> : null}
              <Button type="submit" size="md" loading={signIn.isPending}>
                {t("sign-in.submit")}
              </Button>
            </form>
            {(ways.data?.providers.length ?? 0) > 0 ? (
              <div className="e-stack">
                <p className="e-muted e-small">{t("ways.or")}</p>
                {leave.isError ? <ProblemNotice error={leave.error} /> : null}
                {ways.data?.providers.map(({ sourceId, label }) => (
                  <Button
                    key={sourceId}
                    variant="default"
                    loading={leave.isPending}
                    onClick={() => leave.mutate(sourceId)}
                  >
                    {t("ways.provider", { name: label })}
                  </Button>
                ))}
              </div>
            ) : null}
          </>
        )}
      </div>
      <div className="e-door-foot">
        <LanguageMenu signedIn={false} />
        <ThemeMenu />
      </div>
    </main>
  );
}

/** Only an address of our own is gone to: `next` comes from outside. */
export function safeNext(next: string | undefined): string {
  return next?.startsWith("/") && !/^\/[/\\]/.test(next) && !next.startsWith("/sign-in") ? next : "/";
}
