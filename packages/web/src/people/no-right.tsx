import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { EmptyNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { rightWords } from "./right-words.ts";

/** Instead of a page that one may not see: which right is missing and whom to ask. */
export function NoRight(props: { readonly right: string }) {
  const { t } = useLocale();
  const names = useNames(props.right);
  return (
    <EmptyNotice title={t("no-right.title", { right: rightWords(t, props.right) })}>
      {names ? t("no-right.ask", { names }) : t("no-right.ask-nobody")}
    </EmptyNotice>
  );
}

/** For somebody who may see no page at all. */
export function NoPages() {
  const { t } = useLocale();
  const names = useNames("users.change");
  return (
    <EmptyNotice title={t("no-right.none")}>
      {names ? t("no-right.ask", { names }) : t("no-right.ask-nobody")}
    </EmptyNotice>
  );
}

function useNames(right: string): string {
  const { language } = useLocale();
  const asked = useQuery({ queryKey: ["ask", right], queryFn: ({ signal }) => api.whomToAsk(right, signal) });
  return new Intl.ListFormat(language, { type: "disjunction" }).format(asked.data?.ask ?? []);
}
