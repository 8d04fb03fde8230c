import { Drawer } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { StepUpDialog } from "../account/step-up.tsx";
import { api, onRightMissing, onSignedOut, type Session } from "../api/client.ts";
import { LiveProvider } from "../live/provider.tsx";
import { sessionQuery } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { JobsTray } from "./jobs-tray.tsx";
import { LanguageMenu, ThemeMenu } from "./language-menu.tsx";
import { LiveIndicator } from "./live-indicator.tsx";
import { useLiveQueries } from "./live-queries.ts";
import { groups, openPages, type PageEntry } from "./pages.ts";
import { SeenAsBanner } from "./seen-as-banner.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { UserMenu } from "./user-menu.tsx";

const Palette = lazy(() => import("./palette.tsx").then((module) => ({ default: module.Palette })));
const ShortcutList = lazy(() =>
  import("./shortcut-list.tsx").then((module) => ({ default: module.ShortcutList })),
);

/** Header, menu and the page between them, for somebody who is signed in. */
export function Shell(props: { readonly session: Session }) {
  return (
    <LiveProvider>
      <Frame session={props.session} />
    </LiveProvider>
  );
}

function Frame(props: { readonly session: Session }) {
  const { t } = useLocale();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [open, setDialog] = useState<"palette" | "keys" | "menu">();
  const opener = useRef<Element>(null);
  const setOpen = (dialog: "palette" | "keys" | "menu") => {
    if (open === undefined) opener.current = document.activeElement;
    setDialog(dialog);
  };
  const close = () => {
    setDialog(undefined);
    // Dialogs that are taken away at once cannot give the focus back themselves.
    const back = opener.current;
    requestAnimationFrame(() => {
      if (back instanceof HTMLElement && back.isConnected && document.activeElement === document.body)
        back.focus();
    });
  };
  const leave = () => {
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, null);
    void navigate({ to: "/sign-in" });
  };
  const signOut = useMutation({ mutationFn: api.signOut, onSettled: leave });

  useLiveQueries();
  useEffect(
    () =>
      onSignedOut(() => {
        queries.setQueryData(sessionQuery.queryKey, null);
        void navigate({ to: "/sign-in", search: { next: location.pathname + location.search } });
      }),
    [navigate, queries],
  );
  // What the menu shows follows what was given or taken away.
  useEffect(
    () => onRightMissing(() => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })),
    [queries],
  );
  const session = useQuery(sessionQuery).data ?? props.session;
  const shownPages = openPages(session.actions);
  useShortcuts({
    "ctrl+k": () => setOpen("palette"),
    "?": () => setOpen("keys"),
    "g o": () => void navigate({ to: "/op" }),
    "g p": () => void navigate({ to: "/points", search: {} }),
    "/": () => document.querySelector<HTMLInputElement>("[data-filter]")?.focus(),
  });
  // A screen reader hears that a new page begins, and the next Tab starts in it.
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [first] = useState(path);
  useEffect(() => {
    if (path !== first) document.getElementById("main")?.focus({ preventScroll: true });
  }, [path, first]);

  return (
    <>
      <a className="e-skip" href="#main">
        {t("app.skip")}
      </a>
      <header className="e-header">
        <button
          type="button"
          className="e-quiet-button e-narrow-only"
          aria-label={t("nav.open")}
          aria-expanded={open === "menu"}
          onClick={() => setOpen("menu")}
        >
          <span aria-hidden="true">☰</span>
        </button>
        <Link to="/" className="e-brand" aria-label="ENERGSys">
          <img src="/icon.svg" alt="" />
          <span>ENERGSys</span>
        </Link>
        <button
          type="button"
          className="e-palette-button"
          aria-keyshortcuts="Control+K"
          onClick={() => setOpen("palette")}
        >
          <span>{t("palette.button")}</span>
          <span className="e-kbd e-wide-only">Ctrl K</span>
        </button>
        <div className="e-header-end">
          <span className="e-scope e-wide-only">
            {t("scope.label", { name: scopeName(session) ?? t("scope.all") })}
          </span>
          <LiveIndicator />
          <JobsTray />
          <span className="e-wide-only">
            <LanguageMenu signedIn />
          </span>
          <span className="e-wide-only">
            <ThemeMenu />
          </span>
          <UserMenu
            session={session}
            onShortcuts={() => setOpen("keys")}
            onSignOut={() => signOut.mutate()}
          />
        </div>
      </header>
      {session.seenAs === null ? null : <SeenAsBanner name={session.seenAs} />}
      <div className="e-body">
        <nav className="e-nav e-wide-only" aria-label={t("nav.label")}>
          <MenuLinks pages={shownPages} onFollow={close} />
        </nav>
        <main id="main" className="e-main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Drawer
        opened={open === "menu"}
        onClose={close}
        size={260}
        title={t("nav.label")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        <nav aria-label={t("nav.label")}>
          <MenuLinks pages={shownPages} onFollow={close} />
        </nav>
      </Drawer>
      <StepUpDialog />
      <Suspense fallback={null}>
        {open === "palette" ? (
          <Palette
            pages={shownPages}
            onClose={close}
            actions={[
              { label: t("user.shortcuts"), run: () => setOpen("keys") },
              { label: t("user.sign-out"), run: () => signOut.mutate() },
            ]}
          />
        ) : null}
        {open === "keys" ? <ShortcutList onClose={close} /> : null}
      </Suspense>
    </>
  );
}

/** Names of the branches that the person's rights reach; nothing for the whole network. */
const scopeName = ({ branches }: Session): string | undefined =>
  branches?.map((path) => path.at(-1)).join(", ");

/** The menus that have a page; one without is not shown. */
function MenuLinks(props: { readonly pages: readonly PageEntry[]; readonly onFollow: () => void }) {
  const { t } = useLocale();
  return groups.map((group) => {
    const links = props.pages.filter((page) => page.group === group && page.menu);
    if (links.length === 0) return null;
    return (
      <div key={group}>
        <p className="e-nav-title" id={`nav-${group}`}>
          {t(`nav.${group}`)}
        </p>
        <ul aria-labelledby={`nav-${group}`}>
          {links.map((page) => (
            <li key={page.key}>
              <Link
                to={page.to}
                search={{}}
                className="e-nav-link"
                // Below /op are pages of their own.
                activeOptions={{ exact: page.to === "/op", includeSearch: false }}
                onClick={props.onFollow}
              >
                {t(page.key)}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    );
  });
}
