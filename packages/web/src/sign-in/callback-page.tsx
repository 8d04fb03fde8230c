import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useContext, useEffect, useRef, useState } from "react";
import { afterProof } from "../account/proof-form.tsx";
import { api, keepCsrfToken, type Session } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { sessionQuery } from "../session.ts";
import { LanguageChange } from "../shell/preferences.tsx";
import { useLocale } from "../text/provider.tsx";
import { SecondStep } from "./second-step.tsx";
import { safeNext } from "./sign-in-page.tsx";

/** Signs in with what the OpenID provider sent back in the address. */
export function CallbackPage() {
  const { t } = useLocale();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const changeLanguage = useContext(LanguageChange);
  const [brought] = useState(() => Object.fromEntries(new URLSearchParams(location.search)));
  const enter = (session: Session) => {
    keepCsrfToken(session.csrfToken);
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, session);
    changeLanguage(session.account.language);
    const back = sessionStorage.getItem(afterProof);
    sessionStorage.removeItem(afterProof);
    void navigate({ href: safeNext(back ?? "/op"), replace: true });
  };
  const finish = useMutation({ mutationFn: () => api.finishProvider(brought), onSuccess: enter });
  // What was brought opens once, so it is sent once.
  const sent = useRef(false);
  useEffect(() => {
    document.title = `${t("sign-in.title")} · ENERGSys`;
    if (sent.current) return;
    sent.current = true;
    history.replaceState(history.state, "", location.pathname);
    finish.mutate();
  });
  const needsStep = finish.isError && asProblem(finish.error).code === "sign-in.factor-needed";
  return (
    <main className="e-door">
      <div className="e-door-card">
        <h1>ENERGSys</h1>
        {needsStep ? (
          <SecondStep onDone={enter} />
        ) : finish.isError ? (
          <>
            <ProblemNotice error={finish.error} />
            <Link to="/sign-in">{t("step.back")}</Link>
          </>
        ) : (
          <Waiting />
        )}
      </div>
    </main>
  );
}
