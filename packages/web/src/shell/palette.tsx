import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { api, type Found, type FoundPoint } from "../api/client.ts";
import { useMay } from "../session.ts";
import { fold } from "../text/fold.ts";
import { useLocale } from "../text/provider.tsx";
import type { PageEntry } from "./pages.ts";

export interface PaletteAction {
  readonly label: string;
  run(): void;
}

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  run(): void;
}

/** Ctrl+K: points by POD, serial, name or address; locations, meters of the store, modems, cards; pages and actions. Enter opens, also before the answer is there. */
export function Palette(props: {
  readonly pages: readonly PageEntry[];
  readonly onClose: () => void;
  readonly actions: readonly PaletteAction[];
}) {
  const { t } = useLocale();
  const navigate = useNavigate();
  const id = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const enterWaits = useRef(false);
  const wanted = query.trim();
  const [asked] = useDebouncedValue(wanted, 80);
  const seesPoints = useMay()("points.see");
  const found = useQuery({
    queryKey: ["search", asked],
    queryFn: ({ signal }) => api.search(asked, signal),
    enabled: asked.length > 0 && seesPoints,
    placeholderData: (before) => before,
  });
  const fresh =
    wanted === "" || !seesPoints || (asked === wanted && found.isFetched && !found.isPlaceholderData);
  const points = wanted === "" ? [] : (found.data?.points ?? []);
  const needle = fold(wanted);

  const pageEntries: Entry[] = [
    ...props.pages.map((page) => ({ title: t(page.key), run: () => void navigate({ to: page.to }) })),
    ...props.actions.map((action) => ({ title: action.label, run: action.run })),
  ]
    .filter((entry) => fold(entry.title).includes(needle))
    .map((entry, index) => ({ ...entry, id: `${id}-page-${index}`, detail: "" }));
  const pointEntries: Entry[] = points.map((point) => ({
    id: `${id}-point-${point.pointId}`,
    title: `${point.pod} · ${point.name}`,
    detail: detailOf(point, (serial) => t("palette.serial", { serial })),
    run: () => void navigate({ to: "/points/$pointId", params: { pointId: point.pointId }, search: {} }),
  }));
  const equipmentEntries = wanted === "" || !found.data ? [] : equipmentOf(found.data, id, t, navigate);
  const entries = [...pointEntries, ...equipmentEntries, ...pageEntries];
  const chosen = Math.min(active, entries.length - 1);

  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    props.onClose();
    entry.run();
  };
  // Somebody types a serial and Enter faster than the answer comes: it is opened when it comes.
  useEffect(() => {
    if (!enterWaits.current || !fresh) return;
    enterWaits.current = false;
    open(entries[0]);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((chosen + step + entries.length) % Math.max(entries.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (fresh) open(entries[chosen]);
      else enterWaits.current = true;
    }
  };
  useEffect(() => {
    document.getElementById(entries[chosen]?.id ?? "")?.scrollIntoView({ block: "nearest" });
  });

  const group = (label: string, list: readonly Entry[]) =>
    list.length === 0 ? null : (
      // biome-ignore lint/a11y/useSemanticElements: a listbox takes groups by role, not by fieldset.
      <div role="group" aria-label={label}>
        <div className="e-nav-title" aria-hidden="true">
          {label}
        </div>
        {list.map((entry) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys; the options are its active descendants.
          // biome-ignore lint/a11y/useFocusableInteractive: as above, focus stays in the input.
          <div
            key={entry.id}
            id={entry.id}
            role="option"
            aria-selected={entry === entries[chosen]}
            className="e-option"
            onMouseMove={() => setActive(entries.indexOf(entry))}
            onClick={() => open(entry)}
          >
            <span>{entry.title}</span>
            {entry.detail ? <span className="e-muted e-small">{entry.detail}</span> : null}
          </div>
        ))}
      </div>
    );

  return (
    <Modal.Root opened onClose={props.onClose} size="lg" yOffset="8vh">
      <Modal.Overlay />
      <Modal.Content aria-label={t("palette.label")}>
        <Modal.Body p={0}>
          <input
            className="e-palette-input"
            data-autofocus
            role="combobox"
            aria-label={t("palette.label")}
            aria-expanded={entries.length > 0}
            aria-autocomplete="list"
            aria-controls={entries.length > 0 ? `${id}-list` : undefined}
            aria-activedescendant={entries[chosen]?.id}
            autoComplete="off"
            spellCheck={false}
            placeholder={t("palette.placeholder")}
            value={query}
            onChange={(event) => {
              setQuery(event.currentTarget.value);
              setActive(0);
              enterWaits.current = false;
            }}
            onKeyDown={onKeyDown}
          />
          <div className={fresh ? "e-bar-rest" : "e-bar-wait"} />
          {entries.length > 0 ? (
            <div id={`${id}-list`} role="listbox" aria-label={t("palette.label")} className="e-options">
              {group(t("palette.points"), pointEntries)}
              {group(t("palette.equipment"), equipmentEntries)}
              {group(t("palette.pages"), pageEntries)}
            </div>
          ) : null}
          {fresh && entries.length === 0 ? (
            <p className="e-muted" style={{ padding: "12px 16px" }}>
              {t("palette.none", { query: wanted })}
            </p>
          ) : null}
          <p className="e-muted e-small e-palette-hint">{t("palette.hint")}</p>
          <div className="e-hidden" role="status">
            {fresh ? t("palette.results", { count: entries.length }) : ""}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** What else has a name that people type. */
function equipmentOf(
  { locations, meters, modems, sims }: Found,
  id: string,
  t: ReturnType<typeof useLocale>["t"],
  navigate: ReturnType<typeof useNavigate>,
): Entry[] {
  return [
    ...locations.map(({ locationId, code, address }) => ({
      id: `${id}-location-${locationId}`,
      title: [code, address].filter(Boolean).join(" · "),
      detail: t("nav.locations"),
      run: () => void navigate({ to: "/cfg/locations/$locationId", params: { locationId }, search: {} }),
    })),
    ...meters.map(({ meterId, manufacturer, serial, state }) => ({
      id: `${id}-meter-${meterId}`,
      title: `${manufacturer} ${serial}`,
      detail: t(`meters.state-${state}`),
      run: () => void navigate({ to: "/cfg/meters/$meterId", params: { meterId } }),
    })),
    ...modems.map(({ modemId, serial, serves }) => ({
      id: `${id}-modem-${modemId}`,
      title: serial,
      detail: [t("palette.modem"), serves].filter(Boolean).join(" · "),
      run: () => void navigate({ to: "/cfg/modems/$modemId", params: { modemId } }),
    })),
    ...sims.map(({ simId, iccid, modem }) => ({
      id: `${id}-sim-${simId}`,
      title: iccid,
      detail: [t("palette.sim"), modem].filter(Boolean).join(" · "),
      run: () => void navigate({ to: "/cfg/sims/$simId", params: { simId } }),
    })),
  ];
}

function detailOf(point: FoundPoint, serial: (serial: string) => string): string {
  return [point.address, point.serial ? serial(point.serial) : ""].filter(Boolean).join(" · ");
}
