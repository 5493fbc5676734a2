import type { PortalSession } from '@sallyport/contracts';
import { ApiProblem } from '@sallyport/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';

const KEY = ['session'];
/** While an officer waits to be confirmed, the page notices the confirmation by itself. */
const ASK_AGAIN_MS = 10_000;

/** Who is logged in; null for nobody. */
export function useSession(): {
  session: PortalSession | null;
  loading: boolean;
  problem: unknown;
} {
  const { data, isPending, error } = useQuery({
    queryKey: KEY,
    queryFn: readSession,
    refetchInterval: ASK_AGAIN_MS,
  });
  return { session: data ?? null, loading: isPending, problem: error };
}

/** Forgets everything the last person saw, then asks who is here now. */
export function useSessionChange(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    queries.clear();
    await queries.query({ queryKey: KEY, queryFn: readSession });
  };
}

async function readSession(): Promise<PortalSession | null> {
  try {
    const session = await api.get<PortalSession>('/v1/session');
    api.setCsrf(session.csrf);
    return session;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    api.setCsrf(null);
    return null;
  }
}
