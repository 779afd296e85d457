/** Members: who belongs to the organisation, who is invited, what their roles may. */

import { Search, UserPlus, Users } from "lucide-react";
import { usePages, useSession } from "@/api";
import { useHotkeys } from "@/lib/hotkeys";
import { flag, oneOf, optional, text, useUrlState } from "@/lib/url-state";
import { Button, Callout, Empty, Input, MorePages, Page, Query, SkeletonTable, Tabs } from "@/ui";
import { lazily } from "@/ui/lazily";
import { Invitations } from "./invitations";
import { type MemberHandlers, MemberTable } from "./member-table";
import { OfMember } from "./of-member";
import { actionsFor, isFound, isLastOwner, type Member, type Viewer } from "./rules";
import { words } from "./words";

// These come behind the page.
const ChangeRole = lazily(() => import("./change-role"), "ChangeRole");
const HandOver = lazily(() => import("./hand-over"), "HandOver");
const Invite = lazily(() => import("./invite"), "Invite");
const Leave = lazily(() => import("./leave"), "Leave");
const RemoveMember = lazily(() => import("./remove-member"), "RemoveMember");
const RoleMatrix = lazily(() => import("./role-matrix"), "RoleMatrix");

const TABS = ["members", "invitations", "roles"] as const;
const PAGE_MEMBERS = 200;

export default function MembersPage() {
  const { me, organisation, role, can } = useSession();
  const [state, setState] = useUrlState({
    tab: oneOf(TABS, "members"),
    q: text(""),
    invite: flag(),
    role: optional(),
    remove: optional(),
    transfer: optional(),
    leave: flag(),
  });
  const members = usePages("/users", { limit: PAGE_MEMBERS });
  const invitations = usePages("/api/v1/invitations", { limit: PAGE_MEMBERS });
  const isAllKnown = members.isSuccess && !members.hasNextPage;
  const viewer: Viewer = {
    id: me.user.id,
    role,
    mayManage: can("members:manage"),
    mayHandOver: can("organisation:manage"),
  };

  const invite = viewer.mayManage ? () => setState({ invite: true }) : undefined;
  const close = () =>
    setState({ invite: false, role: undefined, remove: undefined, transfer: undefined, leave: false });
  const handlers: MemberHandlers = {
    changeRole: (member) => setState({ role: member.id }),
    remove: (member) => setState({ remove: member.id }),
    handOver: (member) => setState({ transfer: member.id }),
    leave: () => setState({ leave: true }),
  };
  useHotkeys({ c: { run: () => invite?.(), label: words.invite } }, { enabled: viewer.mayManage });

  function kept(member: Member): string | undefined {
    return isLastOwner(member, members.items, isAllKnown) ? words.lastOwner : undefined;
  }

  return (
    <Page
      title={words.title}
      subtitle={words.subtitle(organisation.name)}
      actions={
        invite && (
          <Button variant="primary" icon={UserPlus} onClick={invite}>
            {words.invite}
          </Button>
        )
      }
    >
      <Tabs
        value={state.tab}
        onChange={(tab) => setState({ tab: TABS.find((one) => one === tab) })}
        tabs={[
          {
            value: "members",
            label: words.tabs.members,
            content: (
              <MembersTab
                members={members}
                isAllKnown={isAllKnown}
                search={state.q}
                onSearch={(q) => setState({ q }, { replace: true })}
                viewer={viewer}
                handlers={handlers}
                onInvite={invite}
              />
            ),
          },
          {
            value: "invitations",
            label: words.tabs.invitations(invitations.isSuccess ? invitations.items.length : undefined),
            content: <Invitations pages={invitations} onInvite={invite} />,
          },
          { value: "roles", label: words.tabs.roles, content: <RoleMatrix /> },
        ]}
      />

      {state.invite && viewer.mayManage && (
        <Invite onClose={close} onSent={() => setState({ invite: false, tab: "invitations" })} />
      )}
      <OfMember
        id={state.role}
        loaded={members.items}
        refuse={(member) =>
          actionsFor(member, viewer).changeRole ? kept(member) : words.tooHigh(member.role)
        }
        onClose={close}
      >
        {(member) => <ChangeRole of={member} viewer={viewer} onClose={close} />}
      </OfMember>
      <OfMember
        id={state.remove}
        loaded={members.items}
        refuse={(member) => {
          if (member.id === viewer.id) return words.notYou;
          return actionsFor(member, viewer).remove ? kept(member) : words.tooHigh(member.role);
        }}
        onClose={close}
      >
        {(member) => <RemoveMember of={member} onClose={close} />}
      </OfMember>
      {state.transfer !== undefined && viewer.mayHandOver && members.isSuccess && (
        <HandOver
          others={members.items.filter(({ id }) => id !== viewer.id)}
          chosen={state.transfer}
          onClose={close}
        />
      )}
      {state.leave && <Leave onClose={close} />}
    </Page>
  );
}

interface MembersTabProps {
  members: ReturnType<typeof usePages<"/users">>;
  isAllKnown: boolean;
  search: string;
  onSearch(text: string): void;
  viewer: Viewer;
  handlers: MemberHandlers;
  onInvite: (() => void) | undefined;
}

/** So many are looked through without a search. */
const SEARCHED_FROM = 8;

function MembersTab({ members, isAllKnown, search, onSearch, viewer, handlers, onInvite }: MembersTabProps) {
  const shown = members.items.filter((member) => isFound(member, search));
  return (
    <Query query={members} skeleton={<SkeletonTable rows={4} columns={4} />}>
      {() => (
        <div className="flex flex-col gap-4">
          {(members.items.length >= SEARCHED_FROM || search !== "") && (
            <div className="w-full sm:w-80">
              <Input
                type="search"
                icon={Search}
                aria-label={words.search}
                placeholder={words.search}
                value={search}
                onChange={(event) => onSearch(event.target.value)}
              />
            </div>
          )}
          <MemberTable
            members={shown}
            loaded={members.items}
            isAllKnown={isAllKnown}
            viewer={viewer}
            handlers={handlers}
            empty={
              <Empty
                icon={Users}
                title={words.noneFound.title}
                action={<Button onClick={() => onSearch("")}>{words.noneFound.action}</Button>}
              >
                {words.noneFound.body(members.items.length)}
              </Empty>
            }
          />
          <MorePages query={members} />
          {isAllKnown && members.items.length === 1 && onInvite && (
            <Callout tone="info" title={words.alone.title}>
              {words.alone.body}
            </Callout>
          )}
        </div>
      )}
    </Query>
  );
}
