import type { ConsoleRole } from '@sallyport/contracts';
import type { Permissions } from '@sallyport/runtime';

const EVERYBODY = 'any-session';
const OPERATOR = ['operator'] as const;
const APPROVER = ['approver'] as const;
const ADMINISTRATOR = ['administrator'] as const;
/** Ledgers and logs, never footage. */
const AUDITOR = ['auditor'] as const;
const REVIEWERS = ['operator', 'approver'] as const;

/**
 * Every route of the API and who may call it; the only place that says so. A route that is not here
 * answers nobody, and the service does not start.
 */
export const PERMISSIONS = {
  'POST /v1/session': 'public',
  'GET /v1/session': EVERYBODY,
  'DELETE /v1/session': EVERYBODY,
  'POST /v1/activation': 'public',
  'POST /v1/activation/confirm': 'public',

  'GET /v1/accounts': ADMINISTRATOR,
  'POST /v1/accounts': ADMINISTRATOR,
  'POST /v1/accounts/:id/unlock': ADMINISTRATOR,
  'POST /v1/accounts/:id/disable': ADMINISTRATOR,
  'GET /v1/account-proposals': ADMINISTRATOR,
  'POST /v1/account-proposals/:id/confirm': ADMINISTRATOR,
  'GET /v1/approver-keys': ['approver', 'administrator'],
  'POST /v1/approver-keys': APPROVER,
  'POST /v1/approver-keys/:id/confirm': ADMINISTRATOR,

  'GET /v1/stations': EVERYBODY,
  'POST /v1/stations': ADMINISTRATOR,
  'GET /v1/cameras': EVERYBODY,
  'POST /v1/cameras': ['operator', 'administrator'],
  'PATCH /v1/cameras/:id': ['operator', 'administrator'],
  'GET /v1/officers': ['operator', 'approver', 'administrator'],
  'POST /v1/officers/:id/confirm': OPERATOR,
  'POST /v1/officers/:id/refuse': OPERATOR,
  'GET /v1/enrolments': ['operator', 'administrator'],
  'POST /v1/enrolments/:id/confirm': OPERATOR,
  'POST /v1/enrolments/:id/refuse': OPERATOR,
  'POST /v1/devices/:id/revoke': ['operator', 'administrator'],
  'GET /v1/policy': EVERYBODY,
  'PUT /v1/policy': ADMINISTRATOR,

  'GET /v1/requests': REVIEWERS,
  'GET /v1/requests/:id': REVIEWERS,
  'GET /v1/requests/:id/approval-draft': APPROVER,
  'POST /v1/requests/:id/approvals': APPROVER,
  'POST /v1/requests/:id/reject': APPROVER,

  'POST /v1/footage': OPERATOR,
  'GET /v1/footage': OPERATOR,
  'POST /v1/exports/:id/footage': OPERATOR,
  'GET /v1/exports/:id': REVIEWERS,
  'GET /v1/exports/:id/tracks': REVIEWERS,
  'GET /v1/exports/:id/frames/:n': REVIEWERS,
  'PUT /v1/exports/:id/mask-plan': OPERATOR,
  'POST /v1/exports/:id/review': OPERATOR,
  'GET /v1/exports/:id/report': REVIEWERS,
  'GET /v1/exports/:id/clip': REVIEWERS,
  'GET /v1/exports/:id/release-draft': APPROVER,
  'POST /v1/exports/:id/approvals': APPROVER,
  'POST /v1/exports/:id/retry': OPERATOR,
  'POST /v1/exports/:id/reseal': OPERATOR,

  'GET /v1/lanes': ['auditor', 'administrator'],
  'GET /v1/ledger/entries': AUDITOR,
  'GET /v1/ledger/checkpoint': AUDITOR,
  'GET /v1/transfer-log': AUDITOR,
  'GET /v1/transfer-log.csv': AUDITOR,
} as const satisfies Permissions<ConsoleRole>;
