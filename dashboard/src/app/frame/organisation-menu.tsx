import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { $api, ApiProblem, queryClient, useSession } from "@/api";
import { Foreign, Menu, toast } from "@/ui";
import { words } from "../words";

/** The organisation in use, and the others. Another one is another world: nothing that was asked before is shown in it. */
export function OrganisationMenu() {
  const { me, organisation } = useSession();
  const navigate = useNavigate();
  const change = $api.useMutation("post", "/me/organisation");
  async function use(orgId: string) {
    try {
      await change.mutateAsync({ body: { org_id: orgId } });
      queryClient.clear();
      await navigate({ to: "/" });
    } catch (error) {
      toast.bad(words.organisation, error instanceof ApiProblem ? error.detail : undefined);
    }
  }
  const others = me.organisations.map((other) => ({
    label: other.id === organisation.id ? other.name : words.switchTo(other.name),
    icon: other.id === organisation.id ? Check : undefined,
    onSelect: () => void (other.id !== organisation.id && use(other.id)),
  }));
  return (
    <Menu
      label={words.organisation}
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`${words.organisation}: ${organisation.name}`}
          className="flex h-9 w-full min-w-0 cursor-pointer items-center gap-2.5 rounded-6 px-1.5 text-start hover:bg-raised pointer-coarse:h-11"
        >
          <span
            aria-hidden="true"
            className="grid size-6 shrink-0 place-items-center rounded-6 bg-accent font-semibold text-12 text-on-accent"
          >
            {Array.from(organisation.name.trim())[0]?.toUpperCase() ?? "·"}
          </span>
          <span className="min-w-0 flex-1 truncate font-semibold text-13">
            <Foreign>{organisation.name}</Foreign>
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-muted" />
        </button>
      }
      items={[
        ...others,
        "separator",
        {
          label: words.newOrganisation,
          icon: Plus,
          onSelect: () =>
            void navigate({ to: "/settings", search: { tab: "organisation", new: "1" } as never }),
        },
      ]}
    />
  );
}
