/** Saved views: filters with a name, one's own or the organisation's. */
import { Bookmark } from "lucide-react";
import { useState } from "react";
import { $api, type Schemas } from "@/api";
import { cut, visible } from "@/lib/text";
import { Button, Menu, type MenuItem } from "@/ui";
import { lazily } from "@/ui/lazily";
import { filtersOf, queryOf, type Url } from "./filters";
import { words } from "./words";

// These come once somebody asks for them.
const ManageViews = lazily(() => import("./manage-views"), "ManageViews");
const SaveView = lazily(() => import("./save-view"), "SaveView");

export type View = Schemas["View"];

export const VIEWS_PAGE = "live";
const VIEWS_MAX = 100;
const NAME_CHARS_MAX = 40;

interface Props {
  url: Url;
  onChoose(filters: Partial<Url>): void;
}

type Opened = "save" | "manage" | undefined;

export function Views({ url, onChoose }: Props) {
  const [opened, setOpened] = useState<Opened>();
  const { data } = $api.useQuery("get", "/api/v1/views", {
    params: { query: { page: VIEWS_PAGE, limit: VIEWS_MAX } },
  });
  const views = data?.items ?? [];
  const query = queryOf(url);
  const chosen = views.find((view) => view.query === query);
  const items: MenuItem[] = [
    ...views.map((view) => ({
      label: shortName(view),
      hint: view.shared ? words.sharedView : words.ownView,
      onSelect: () => onChoose(filtersOf(view.query)),
    })),
    ...(views.length > 0 ? (["separator"] as const) : []),
    { label: words.saveView, onSelect: () => setOpened("save"), disabled: chosen !== undefined },
    { label: words.manageViews, onSelect: () => setOpened("manage"), disabled: views.length === 0 },
  ];
  return (
    <>
      <Menu
        label={words.views}
        trigger={
          <Button variant="ghost" icon={Bookmark}>
            {chosen === undefined ? words.views : <bdi>{shortName(chosen)}</bdi>}
          </Button>
        }
        items={items}
      />
      {opened === "save" && <SaveView query={query} onClose={() => setOpened(undefined)} />}
      {opened === "manage" && (
        <ManageViews views={views} query={query} onClose={() => setOpened(undefined)} />
      )}
    </>
  );
}

export function shortName({ name }: View): string {
  return cut(visible(name), NAME_CHARS_MAX);
}
