import { $api } from "@/api";
import { Query, Skeleton } from "@/ui";
import { HoldsCard } from "./holds-card";
import { RetentionCard } from "./retention-card";

export function RetentionTab() {
  const query = $api.useQuery("get", "/api/v1/retention");
  return (
    <div className="flex flex-col gap-4">
      <Query query={query} skeleton={<Skeleton className="h-[448px] w-full" />}>
        {(saved) => <RetentionCard saved={saved} />}
      </Query>
      <HoldsCard />
    </div>
  );
}
