import { Navigate } from "@tanstack/react-router";
import { $api } from "@/api";

/** Where one comes in: the live events, or what to do where nothing was recorded yet. */
export default function Home() {
  const newest = $api.useQuery("get", "/aibbar/events", { params: { query: { limit: 1 } } });
  if (newest.isPending) return null;
  return <Navigate to={newest.data?.items.length === 0 ? "/start" : "/live"} replace />;
}
