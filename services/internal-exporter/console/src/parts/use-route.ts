import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api.ts';

/** Reads a route and reads it again every few seconds; `changed` reads at once what an act has changed. */
export function useRoute<T>(
  path: string,
  everyMs = 3000,
): { value: T | null; problem: unknown; changed: () => Promise<void> } {
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ['route', path],
    queryFn: () => api.get<T>(path),
    refetchInterval: everyMs,
  });
  return {
    value: data ?? null,
    problem: error,
    changed: () => queries.invalidateQueries({ queryKey: ['route'] }),
  };
}
