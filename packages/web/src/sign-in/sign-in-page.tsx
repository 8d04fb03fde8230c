import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useContext, useEffect, useState } from "react";
import { api, keepCsrfToken, type Session } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { sessionQuery } from "../session.ts";
import { LanguageMenu, ThemeMenu } from "../shell/language-menu.tsx";
import { LanguageChange } from "../shell/preferences.tsx";
import { useLocale } from "../text/provider.tsx";

/** The way in. The address that was asked for is gone to afterwards. */
export function SignInPage() {
  const { t } = useLocale();
  const { next } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const changeLanguage = useContext(LanguageChange);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: api.signIn,
    onSuccess: (session: Session) => {
      keepCsrfToken(session.csrfToken);
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      changeLanguage(session.account.language);
      void navigate({ href: safeNext(next), replace: true });
    },
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
          {signIn.isError ? <ProblemNotice error={signIn.error} /> : null}
          <Button type="submit" size="md" loading={signIn.isPending}>
            {t("sign-in.submit")}
          </Button>
        </form>
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
