import {
  parse,
  parseCanonical,
  RequestDetails,
  unwrapWith,
  type PortalRequest,
  type PortalRequestSummary,
} from '@sallyport/contracts';
import { useQuery } from '@tanstack/react-query';
import type { CertifiedDevice } from './this-device.ts';

const MOST_BYTES = 98_304;

/** What this device can read of some requests, by request id; requests of another device are missing. */
export function useOpenedRequests(
  requests: readonly PortalRequestSummary[],
  device: CertifiedDevice | null,
): ReadonlyMap<string, RequestDetails> {
  const own = requests.filter(({ deviceId }) => deviceId === device?.keys.deviceId);
  const { data } = useQuery({
    queryKey: ['opened', device?.keys.deviceId, own.map(({ requestId }) => requestId)],
    enabled: device !== null,
    staleTime: Infinity,
    queryFn: async () => {
      const opened = await Promise.all(
        own.map(async (request) => [request.requestId, await openCopy(request, device)] as const),
      );
      return new Map(
        opened.flatMap(([id, details]) => (details === null ? [] : [[id, details] as const])),
      );
    },
  });
  return data ?? NOTHING;
}
const NOTHING: ReadonlyMap<string, RequestDetails> = new Map();

/** A person's words about a request that are sealed to this device. */
export function useOpenedNotes(
  request: Pick<PortalRequest, 'requestId' | 'notes'> | null,
  device: CertifiedDevice | null,
): readonly string[] {
  const notes = (request?.notes ?? []).filter(({ keyId }) => keyId === device?.agreeCertificateId);
  const { data } = useQuery({
    queryKey: ['notes', request?.requestId, notes.map(({ sealed }) => sealed)],
    enabled: device !== null && request !== null && notes.length > 0,
    staleTime: Infinity,
    queryFn: async () => {
      if (device === null || request === null) return [];
      const binding = personal(request.requestId, device);
      return Promise.all(
        notes.map(async ({ sealed }) =>
          new TextDecoder().decode(
            await unwrapWith(device.keys.agreement.privateKey, sealed, binding, MOST_BYTES),
          ),
        ),
      );
    },
  });
  return data ?? [];
}

/** Null when the copy was sealed to an earlier certificate of this device or is broken: then it is not shown. */
async function openCopy(
  request: PortalRequestSummary,
  device: CertifiedDevice | null,
): Promise<RequestDetails | null> {
  if (device === null) return null;
  try {
    const binding = personal(request.requestId, device);
    const key = device.keys.agreement.privateKey;
    const bytes = await unwrapWith(key, request.copy, binding, MOST_BYTES);
    return parse(RequestDetails, parseCanonical(bytes));
  } catch {
    return null;
  }
}

function personal(requestId: string, device: CertifiedDevice) {
  const keyId = device.agreeCertificateId;
  return { purpose: 'personal', context: requestId, keyId } as const;
}
