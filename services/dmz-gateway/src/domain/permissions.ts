import type { PortalRole } from '@sallyport/contracts';

/**
 * Roles of a session. An officer whom the internal zone has not confirmed (or has refused or
 * suspended) is a `waiting-officer`: such a session can enrol a device and look at itself.
 */
export const SESSION_ROLES = ['officer', 'waiting-officer', 'auditor', 'administrator'] as const;
export type SessionRole = (typeof SESSION_ROLES)[number];

type Access = readonly SessionRole[] | 'public' | 'any-session';
type Table = Readonly<Record<`${'GET' | 'POST' | 'DELETE'} /v1/${string}`, Access>>;

const OFFICER = ['officer'] as const;
const ANY_OFFICER = ['officer', 'waiting-officer'] as const;

/** Every route of the gateway and who may call it: the one table, by plugin scope. */
export const PERMISSIONS = {
  public: {
    'GET /v1/site': 'public',
    'GET /v1/directory/stations': 'public',
    'POST /v1/sign-up': 'public',
    'POST /v1/activation': 'public',
    'POST /v1/activation/confirm': 'public',
    'POST /v1/session': 'public',
  },
  session: {
    'GET /v1/session': 'any-session',
    'DELETE /v1/session': 'any-session',
    'GET /v1/devices': ANY_OFFICER,
    'POST /v1/devices': ANY_OFFICER,
    'POST /v1/devices/:deviceId/proof': ANY_OFFICER,
  },
  stations: {
    'GET /v1/directory/cameras': OFFICER,
    'GET /v1/directory/policy': OFFICER,
    'GET /v1/requests': OFFICER,
    'POST /v1/requests': OFFICER,
    'GET /v1/requests/:requestId': OFFICER,
    'GET /v1/packages': OFFICER,
    'GET /v1/packages/:packageId': OFFICER,
    'GET /v1/packages/:packageId/header': OFFICER,
    'GET /v1/packages/:packageId/leaves': OFFICER,
    'GET /v1/packages/:packageId/segments/:n': OFFICER,
    'POST /v1/packages/:packageId/licence-nonce': OFFICER,
    'POST /v1/packages/:packageId/licence': OFFICER,
    'POST /v1/receipts': OFFICER,
  },
  admin: {
    'GET /v1/transfer-log': ['auditor'],
    'GET /v1/transfer-log.csv': ['auditor'],
    'GET /v1/lanes': ['auditor', 'administrator'],
    'GET /v1/accounts': ['administrator'],
    'POST /v1/accounts/:accountId/unlock': ['administrator'],
  },
} as const satisfies Readonly<Record<string, Table>>;

/** The session role of an account: rights follow what the directory says now, not what it said at log-in. */
export function sessionRoleOf(role: PortalRole, officerConfirmed: boolean): SessionRole {
  if (role !== 'officer') return role;
  return officerConfirmed ? 'officer' : 'waiting-officer';
}
