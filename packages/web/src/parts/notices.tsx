import { Button, CopyButton } from "@mantine/core";
import type { ReactNode } from "react";
import { asProblem } from "../api/problem.ts";
import { rightWords } from "../people/right-words.ts";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";

/** What went wrong, what to do, and a code to copy. */
export function ProblemNotice(props: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t, language } = useLocale();
  const problem = asProblem(props.error);
  const words = problemWords(problem.code);
  const quote = problem.reference ? `${problem.code} ${problem.reference}` : problem.code;
  return (
    <div className="e-notice" role="alert">
      <strong>{t(words.what)}</strong>
      {problem.right === undefined ? null : (
        <span>{t("no-right.title", { right: rightWords(t, problem.right) })}</span>
      )}
      <span>
        {problem.ask.length === 0
          ? t(words.todo)
          : t("no-right.ask", {
              names: new Intl.ListFormat(language, { type: "disjunction" }).format(problem.ask),
            })}
      </span>
      <span className="e-row">
        <span className="e-muted e-small">
          {t("common.code", { code: problem.code })}
          {problem.reference ? `, ${t("common.reference", { reference: problem.reference })}` : ""}
        </span>
        <CopyButton value={quote}>
          {({ copied, copy }) => (
            <Button variant="subtle" size="compact-sm" onClick={copy}>
              {copied ? t("common.copied") : t("common.copy-code")}
            </Button>
          )}
        </CopyButton>
        {props.onRetry ? (
          <Button variant="default" size="compact-sm" onClick={props.onRetry}>
            {t("common.retry")}
          </Button>
        ) : null}
      </span>
    </div>
  );
}

/** Nothing yet, no result, or no right: why, and the button that helps. */
export function EmptyNotice(props: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="e-empty">
      <strong>{props.title}</strong>
      {props.children ? <span>{props.children}</span> : null}
      {props.action}
    </div>
  );
}

/** A quiet bar while something is asked for. */
export function Waiting(props: { readonly label?: string }) {
  const { t } = useLocale();
  return (
    <div role="status" aria-busy="true">
      <div className="e-bar-wait" />
      <p className="e-muted e-small" style={{ padding: "8px 0" }}>
        {props.label ?? t("app.loading")}
      </p>
    </div>
  );
}
