/** What can be set: of the organisation, of how long events stay, and of one's own account. */
import { useSession } from "@/api";
import { oneOf, useUrlState } from "@/lib/url-state";
import { Page, Tabs } from "@/ui";
import { OrganisationTab } from "./organisation-tab";
import { ProfileTab } from "./profile-tab";
import { RetentionTab } from "./retention-tab";
import { SessionsTab } from "./sessions-tab";
import { ThemeTab } from "./theme-tab";
import { words } from "./words";

const TABS = ["organisation", "retention", "sessions", "profile", "theme"] as const;
type TabName = (typeof TABS)[number];

const contents = {
  organisation: OrganisationTab,
  retention: RetentionTab,
  sessions: SessionsTab,
  profile: ProfileTab,
  theme: ThemeTab,
} satisfies Record<TabName, () => React.ReactNode>;

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
