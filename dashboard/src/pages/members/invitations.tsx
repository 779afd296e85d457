/** The open invitations: who was asked, as what, until when. */
import { MailX, Send, UserPlus } from "lucide-react";
import { useState } from "react";
import { $api, invalidate, type Pages, useSession } from "@/api";
import { mayManageRole } from "@/lib/roles";
import { visible } from "@/lib/text";
import { Button, Empty, Foreign, MorePages, Query, SkeletonTable, Table, Time, toast } from "@/ui";
import { RoleBadge } from "./member-table";
import type { Invitation } from "./rules";
import { words } from "./words";

interface Props {
  pages: Pages<Invitation>;
  onInvite: (() => void) | undefined;
}

export function Invitations({ pages, onInvite }: Props) {
  const { can, role } = useSession();
  // Gone from the list at once; back if the gateway would not.
  const [withdrawn, setWithdrawn] = useState<readonly string[]>([]);
  const withdrawal = $api.useMutation("delete", "/api/v1/invitations/{id}");
  const invitation = $api.useMutation("post", "/users");
  const open = pages.items.filter(({ id }) => !withdrawn.includes(id));

  async function withdraw({ id, email }: Invitation): Promise<void> {
    setWithdrawn((before) => [...before, id]);
    try {
      await withdrawal.mutateAsync({ params: { path: { id } } });
      toast.good(words.invitations.withdrawn(email));
    } catch (error) {
      setWithdrawn((before) => before.filter((one) => one !== id));
      toast.bad(words.invitations.notWithdrawn(email), messageOf(error));
    }
    void invalidate("/api/v1/invitations");
  }

  async function resend({ email, role: as }: Invitation): Promise<void> {
    try {
      await invitation.mutateAsync({ body: { email, role: as } });
      toast.good(words.invitations.resent(email));
    } catch (error) {
      toast.bad(words.invitations.notSent(email), messageOf(error));
    }
    void invalidate("/api/v1/invitations");
  }

  return (
    <Query query={pages} skeleton={<SkeletonTable rows={3} columns={5} />}>
      {() => (
        <>
          <Table<Invitation>
            label={words.invitations.list}
            rows={open}
            rowKey={({ id }) => id}
            rowLabel={({ email }) => visible(email)}
            empty={
              <Empty
                icon={UserPlus}
                title={words.invitations.empty.title}
                action={
                  onInvite && (
                    <Button variant="primary" icon={UserPlus} onClick={onInvite}>
                      {words.invite}
                    </Button>
                  )
                }
              >
                {words.invitations.empty.body}
              </Empty>
            }
            columns={[
              {
                key: "email",
                header: words.invitations.columns.email,
                primary: true,
                cell: ({ email }) => <Foreign max={120}>{email}</Foreign>,
              },
              {
                key: "role",
                header: words.invitations.columns.role,
                width: "120px",
                cell: ({ role: as }) => <RoleBadge of={as} />,
              },
              {
                key: "by",
                header: words.invitations.columns.by,
                cell: ({ invited_by }) => <Foreign max={80}>{invited_by}</Foreign>,
              },
              {
                key: "sent",
                header: words.invitations.columns.sent,
                width: "130px",
                hideOnPhone: true,
                cell: ({ created_at }) => <Time value={created_at} />,
              },
              {
                key: "ends",
                header: words.invitations.columns.ends,
                width: "130px",
                cell: ({ expires_at }) => <Time value={expires_at} />,
              },
            ]}
            menu={(one) =>
              can("members:manage") && mayManageRole(role, one.role)
                ? [
                    { label: words.invitations.resend, icon: Send, onSelect: () => void resend(one) },
                    "separator",
                    {
                      label: words.invitations.withdraw,
                      icon: MailX,
                      danger: true,
                      onSelect: () => void withdraw(one),
                    },
                  ]
                : []
            }
          />
          <MorePages query={pages} />
        </>
      )}
    </Query>
  );
}

function messageOf(error: unknown): string | undefined {
  return error instanceof Error ? error.message : undefined;
}
