import { type MantineColorScheme, Menu, useMantineColorScheme } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { api, type Session } from "../api/client.ts";
import { sessionQuery } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { isLanguage } from "../text/settings.ts";
import { type Language, languages } from "../time/format.ts";

/** Changes the language of this browser; when somebody is signed in, the account is told as well. */
export const LanguageChange = createContext<(language: Language) => void>(() => {});

export function LanguageItems(props: { readonly signedIn: boolean }) {
  const { t, language } = useLocale();
  const change = useContext(LanguageChange);
  const queries = useQueryClient();
  const tell = useMutation({
    mutationFn: api.changeLanguage,
    onSuccess: (session: Session) => queries.setQueryData(sessionQuery.queryKey, session),
  });
  const choose = (value: string) => {
    if (!isLanguage(value)) return;
    change(value);
    if (props.signedIn) tell.mutate(value);
  };
  return (
    <Menu.RadioGroup value={language} onChange={choose}>
      {languages.map((one) => (
        <Menu.RadioItem key={one} value={one} lang={one}>
          {t(`language.${one}`)}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

const schemes: readonly MantineColorScheme[] = ["light", "dark", "auto"];

export function ThemeItems() {
  const { t } = useLocale();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)}>
      {schemes.map((scheme) => (
        <Menu.RadioItem key={scheme} value={scheme}>
          {t(`theme.${scheme}`)}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
