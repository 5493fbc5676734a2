import type { ConsoleSession } from '@sallyport/contracts';
import { ApiProblem } from '@sallyport/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';

const KEY = ['session'];

/** Who is logged in; null for nobody. */
export function useSession(): { session: ConsoleSession | null; loading: boolean } {
  const { data, isPending } = useQuery({
    queryKey: KEY,
    queryFn: readSession,
    refetchInterval: 60_000,
  });
  return { session: data ?? null, loading: isPending };
}

/** Forgets everything the last person saw, then asks who is here now. */
export function useSessionChange(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    queries.clear();
    await queries.query({ queryKey: KEY, queryFn: readSession });
  };
}

async function readSession(): Promise<ConsoleSession | null> {
  try {
    const session = await api.get<ConsoleSession>('/v1/session');
    api.setCsrf(session.csrf);
    return session;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    api.setCsrf(null);
    return null;
  }
}
