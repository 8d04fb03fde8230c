import { MantineProvider, MantineThemeProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { ProblemPage } from "./parts/whole-pages.tsx";
import { router } from "./router.tsx";
import { firstRunQuery, queryClient, sessionQuery } from "./session.ts";
import { LanguageChange } from "./shell/preferences.tsx";
import { LocaleProvider, useLocale } from "./text/provider.tsx";
import { firstLanguage, recall, remember } from "./text/settings.ts";
import { resolveVariables, theme } from "./theme.ts";
import type { Language } from "./time/format.ts";

const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? "";
/** A test asks for stretched texts this way, and says by an event of the storage that it does. */
const isStretched = () => recall("stretched") === "yes";
function onStorage(changed: () => void): () => void {
  addEventListener("storage", changed);
  return () => removeEventListener("storage", changed);
}
const usualZone = "Europe/Bucharest";

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <Localized />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** What is told at the edge of the page; the button that closes each has a name. */
function Messages() {
  const { t } = useLocale();
  const close = t("nav.close");
  const named = useMemo(
    () => ({
      components: { Notification: { defaultProps: { closeButtonProps: { "aria-label": close } } } },
    }),
    [close],
  );
  return (
    <MantineThemeProvider theme={named}>
      <Notifications position="bottom-right" />
    </MantineThemeProvider>
  );
}

/** Waits for the network's zone: no instant is shown in any other. */
function Localized() {
  const [first] = useState(firstLanguage);
  const firstRun = useQuery(firstRunQuery);
  const session = useQuery(sessionQuery);
  const account = session.data?.account;
  // The account's language holds wherever its owner signs in; what is chosen on this page holds at once, for this account.
  const [choice, setChoice] = useState<{
    readonly language: Language;
    readonly accountId: number | undefined;
  }>();
  const accountId = account?.accountId;
  const change = useCallback((language: Language) => setChoice({ language, accountId }), [accountId]);
  const chosen =
    choice && choice.accountId === accountId
      ? choice.language
      : (account?.language ?? choice?.language ?? first);
  useEffect(() => {
    if (!session.isPending) remember("language", chosen);
  }, [chosen, session.isPending]);
  const stretched = useSyncExternalStore(onStorage, isStretched);
  const zone = firstRun.data?.zone;
  const ready = zone !== undefined && !session.isPending;
  return (
    <LanguageChange value={change}>
      <LocaleProvider language={chosen} zone={zone ?? usualZone} stretched={stretched}>
        <Messages />
        {ready ? (
          <RouterProvider router={router} />
        ) : firstRun.isError ? (
          <ProblemPage error={firstRun.error} />
        ) : null}
      </LocaleProvider>
    </LanguageChange>
  );
}
