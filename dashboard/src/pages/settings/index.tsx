/** What can be set: of the organisation, of how long events stay, and of one's own account. */
import type { FunctionComponent } from "react";
import { useSession } from "@/api";
import { oneOf, useUrlState } from "@/lib/url-state";
import { Delayed, Page, Skeleton, Tabs } from "@/ui";
import { lazily } from "@/ui/lazily";
import { words } from "./words";

const TABS = ["organisation", "retention", "sessions", "profile", "theme"] as const;
type TabName = (typeof TABS)[number];

// One is seen at a time, so each comes when it is.
const meanwhile = (
  <Delayed isQuiet>
    <Skeleton className="h-60 w-full max-w-3xl" />
  </Delayed>
);
const contents = {
  organisation: lazily(() => import("./organisation-tab"), "OrganisationTab", meanwhile),
  retention: lazily(() => import("./retention-tab"), "RetentionTab", meanwhile),
  sessions: lazily(() => import("./sessions-tab"), "SessionsTab", meanwhile),
  profile: lazily(() => import("./profile-tab"), "ProfileTab", meanwhile),
  theme: lazily(() => import("./theme-tab"), "ThemeTab", meanwhile),
} satisfies Record<TabName, FunctionComponent<object>>;

export default function SettingsPage() {
  const { organisation } = useSession();
  const [{ tab }, setUrl] = useUrlState({ tab: oneOf(TABS, "organisation") });
  return (
    <Page title={words.title} subtitle={words.subtitle(organisation.name)}>
      <Tabs
        value={tab}
        onChange={(value) => setUrl({ tab: value as TabName })}
        tabs={TABS.map((value) => {
          const Content = contents[value];
          return { value, label: words.tabs[value], content: <Content /> };
        })}
      />
    </Page>
  );
}
