import { Kbd, Modal, Switch } from "@mantine/core";
import { useState } from "react";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { lettersOn, setLetters } from "./shortcuts.ts";

const list: readonly [keys: string, key: MessageKey][] = [
  ["Ctrl+K", "keys.palette"],
  ["?", "keys.help"],
  ["g o", "keys.operations"],
  ["g p", "keys.points"],
  ["/", "keys.filter"],
  ["r", "keys.read"],
  ["Alt+← Alt+→", "keys.period"],
  ["j k", "keys.findings"],
  ["e Enter", "keys.accept"],
  ["v r b t u", "keys.decide"],
];

/** What can be done by keyboard; letters can be switched off. */
export function ShortcutList(props: { readonly onClose: () => void }) {
  const { t } = useLocale();
  const [letters, setOn] = useState(lettersOn);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t("keys.title")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <dl className="e-facts">
        {list.map(([keys, key]) => (
          <div key={key} style={{ display: "contents" }}>
            <dt>
              {keys.split(" ").map((one) => (
                <Kbd key={one} mr={4}>
                  {one}
                </Kbd>
              ))}
            </dt>
            <dd>{t(key)}</dd>
          </div>
        ))}
      </dl>
      <p style={{ marginTop: 12 }}>{t("keys.table")}</p>
      <p style={{ marginTop: 8 }}>{t("keys.chart")}</p>
      <Switch
        mt="lg"
        label={t("keys.letters")}
        checked={letters}
        onChange={(event) => {
          setLetters(event.currentTarget.checked);
          setOn(event.currentTarget.checked);
        }}
      />
    </Modal>
  );
}
