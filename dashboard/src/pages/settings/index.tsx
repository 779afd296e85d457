/** What can be set: of the organisation, of how long events stay, and of one's own account. */

import { useSession } from "@/api";
import { oneOf, useUrlState } from "@/lib/url-state";
import { Page, Tabs } from "@/ui";
import { lazily } from "@/ui/lazily";
import { words } from "./words";

// These come behind the page.
const OrganisationTab = lazily(() => import("./organisation-tab"), "OrganisationTab");
const ProfileTab = lazily(() => import("./profile-tab"), "ProfileTab");
const RetentionTab = lazily(() => import("./retention-tab"), "RetentionTab");
const SessionsTab = lazily(() => import("./sessions-tab"), "SessionsTab");
const ThemeTab = lazily(() => import("./theme-tab"), "ThemeTab");

const TABS = ["organisation", "retention", "sessions", "profile", "theme"] as const;
type TabName = (typeof TABS)[number];

const contents = {
  organisation: OrganisationTab,
  retention: RetentionTab,
  sessions: SessionsTab,
  profile: ProfileTab,
  theme: ThemeTab,
} satisfies Record<TabName, React.FunctionComponent<object>>;

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
