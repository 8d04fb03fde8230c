import { Link } from "@tanstack/react-router";
import { NoRight } from "../people/no-right.tsx";
import { MissingRight } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "./notices.tsx";

export function NotFoundPage() {
  const { t } = useLocale();
  return (
    <main className="e-main">
      <EmptyNotice title={t("common.not-found")} action={<Link to="/">{t("common.to-operations")}</Link>}>
        {t("common.not-found-do")}
      </EmptyNotice>
    </main>
  );
}

export function ProblemPage(props: { readonly error: unknown }) {
  if (props.error instanceof MissingRight) return <NoRight right={props.error.right} />;
  return (
    <div className="e-main">
      <ProblemNotice error={props.error} onRetry={() => location.reload()} />
    </div>
  );
}

export function WaitingPage() {
  return (
    <div className="e-main">
      <Waiting />
    </div>
  );
}
