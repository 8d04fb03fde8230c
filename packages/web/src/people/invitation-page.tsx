import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { api } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { LanguageMenu, ThemeMenu } from "../shell/language-menu.tsx";
import { useLocale } from "../text/provider.tsx";

/** Where an invitation leads: its holder chooses a password, then signs in. The token stays in the fragment, which is sent nowhere. */
export function InvitationPage() {
  const { t } = useLocale();
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => {
    document.title = `${t("invitation.title")} · ENERGSys`;
    // Not left in the history of a shared browser.
    history.replaceState(null, "", location.pathname);
  }, [t]);
  return (
    <main className="e-door">
      <div className="e-door-card">
        <h1>{t("invitation.title")}</h1>
        {token === "" ? <p>{t("invitation.missing")}</p> : <Choose token={token} />}
      </div>
      <div className="e-door-foot">
        <LanguageMenu signedIn={false} />
        <ThemeMenu />
      </div>
    </main>
  );
}

function Choose(props: { readonly token: string }) {
  const { t } = useLocale();
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const invited = useQuery({
    queryKey: ["invitation", props.token],
    queryFn: () => api.invitedPerson(props.token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const take = useMutation({
    mutationFn: () => api.takeInvitation({ token: props.token, password }),
    onSuccess: () => navigate({ to: "/sign-in", replace: true }),
  });
  if (invited.isPending) return <Waiting />;
  if (invited.isError) return <ProblemNotice error={invited.error} />;
  const differs = password !== again;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!differs) take.mutate();
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      <p>{t("invitation.lead", { name: invited.data.displayName, signIn: invited.data.name })}</p>
      <input type="text" name="username" autoComplete="username" value={invited.data.name} readOnly hidden />
      <PasswordInput
        label={t("invitation.password")}
        description={t("invitation.password-do")}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={password}
        visibilityToggleButtonProps={{ "aria-label": t("sign-in.show"), tabIndex: 0 }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("invitation.again")}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={again}
        error={tried && differs ? t("invitation.differs") : undefined}
        visibilityToggleButtonProps={{ "aria-label": t("sign-in.show"), tabIndex: 0 }}
        onChange={(event) => setAgain(event.currentTarget.value)}
      />
      {take.isError ? <ProblemNotice error={take.error} /> : null}
      <Button type="submit" size="md" loading={take.isPending}>
        {t("invitation.submit")}
      </Button>
    </form>
  );
}
