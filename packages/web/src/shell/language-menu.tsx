import { Menu } from "@mantine/core";
import { useLocale } from "../text/provider.tsx";
import { LanguageItems, ThemeItems } from "./preferences.tsx";

/** RO ▾ */
export function LanguageMenu(props: { readonly signedIn: boolean }) {
  const { t, language } = useLocale();
  return (
    <Menu position="bottom-end" width={160} shadow="md">
      <Menu.Target>
        <button type="button" className="e-quiet-button e-more-below">
          {language.toUpperCase()}
          <span className="e-hidden">
            , {t("language.label")}: {t(`language.${language}`)}
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <LanguageItems signedIn={props.signedIn} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** ◐ ▾ */
export function ThemeMenu() {
  const { t } = useLocale();
  return (
    <Menu position="bottom-end" width={180} shadow="md">
      <Menu.Target>
        <button type="button" className="e-quiet-button e-theme-sign" aria-label={t("theme.label")} />
      </Menu.Target>
      <Menu.Dropdown>
        <ThemeItems />
      </Menu.Dropdown>
    </Menu>
  );
}
