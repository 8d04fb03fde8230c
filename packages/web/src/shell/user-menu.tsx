import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Session } from "../api/client.ts";
import { firstRunQuery } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { LanguageItems, ThemeItems } from "./preferences.tsx";

/** Language, theme, shortcuts and the way out. */
export function UserMenu(props: {
  readonly session: Session;
  readonly onShortcuts: () => void;
  readonly onSignOut: () => void;
}) {
  const { t } = useLocale();
  const { displayName } = props.session.account;
  const firstRun = useQuery(firstRunQuery);
  return (
    <Menu position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <button type="button" className="e-quiet-button">
          <span className="e-initials">{initials(displayName)}</span>
          <span className="e-hidden">{t("user.label", { name: displayName })}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{displayName}</Menu.Label>
        <LanguageItems signedIn />
        <Menu.Divider />
        <ThemeItems />
        <Menu.Divider />
        <Menu.Item renderRoot={(own) => <Link to="/account" {...own} />}>{t("account.title")}</Menu.Item>
        <Menu.Item onClick={props.onShortcuts} rightSection={<span className="e-kbd">?</span>}>
          {t("user.shortcuts")}
        </Menu.Item>
        <Menu.Item onClick={props.onSignOut}>{t("user.sign-out")}</Menu.Item>
        {firstRun.data ? (
          <Menu.Label>{t("user.version", { version: firstRun.data.version })}</Menu.Label>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

/** "Ana Viorescu" → "AV". */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : [words[0] ?? ""];
  return letters
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}
