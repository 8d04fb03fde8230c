import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";

/** Says on every page that somebody else's view is shown, and ends it. */
export function SeenAsBanner(props: { readonly name: string }) {
  const { t } = useLocale();
  // Everything that was fetched is of the other view: the page begins anew.
  const end = useMutation({ mutationFn: api.seeAsMyself, onSuccess: () => location.assign("/adm/users") });
  return (
    <div className="e-seen-as" role="status">
      <span>{t("seen-as.banner", { name: props.name })}</span>
      <Button size="compact-sm" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
        {t("seen-as.end")}
      </Button>
    </div>
  );
}
