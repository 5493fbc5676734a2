import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Api } from './api.ts';

/** What a page knows of one route: its last answer, its last refusal, and how to ask again at once. */
export interface RouteReading<T> {
  readonly value: T | null;
  readonly problem: unknown;
  readonly changed: () => Promise<void>;
}

/** Makes the hook that reads a route and reads it again every few seconds. */
export function createUseRoute(api: Api) {
  return function useRoute<T>(path: string, everyMs = 3000): RouteReading<T> {
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
  };
}
