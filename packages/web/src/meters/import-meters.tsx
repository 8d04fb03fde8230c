import { api } from "../api/client.ts";
import { ImportList } from "../parts/import-list.tsx";
import { useLocale } from "../text/provider.tsx";

/** A list of meters: checked line by line first, then taken in as a whole. */
export function ImportMeters({ onEnd }: { readonly onEnd: () => void }) {
  const { t } = useLocale();
  return (
    <ImportList
      help={t("meters.import-help")}
      bring={api.importMeters}
      effect={({ added, known, verifications }) => t("meters.import-effect", { added, known, verifications })}
      changes={[["meters"]]}
      onEnd={onEnd}
    />
  );
}
