import {
  Id128,
  parse,
  signApproval,
  type ReleaseApprovalDraft,
  type RequestApprovalDraft,
} from '@sallyport/contracts';
import { draftRequestApproval, recordRequestApproval } from '../acts/approve-request.ts';
import { getApproverAccount, getApproverSigner } from '../acts/find-approver.ts';
import { getPolicy } from '../acts/policy.ts';
import { requireApproverPassphrase } from '../config/env.ts';
import { runExport } from '../pipeline/run-export.ts';
import { byAccount } from '../store/actors.ts';
import { openApproverKeyFile } from '../store/approver-key-file.ts';
import { getSite } from '../store/site.ts';
import {
  openFields,
  parseCommand,
  requireOption,
  withDatabase,
  type Command,
  type CommandIo,
} from './command.ts';

const OPTIONS = '--key FILE --by STAFFNUMBER [--sign]';
const REQUEST_USAGE = `exporter approve request REQUESTID ${OPTIONS}`;
const RELEASE_USAGE = `exporter approve release EXPORTID ${OPTIONS}`;
const TEXT = { type: 'string' } as const;

/** The first approval with a key in a file; without `--sign` it shows what would be signed and signs nothing. */
export const approveRequest: Command = async (args, io) => {
  const given = parseApproval(REQUEST_USAGE, args);
  await withDatabase(io, async ({ config, db }) => {
    const { fields } = await openFields(config);
    const { accountId } = await getApproverAccount(db, fields, given.by);
    const now = new Date();
    const draft = await draftRequestApproval(db, fields, given.id, accountId, now);
    if (!given.sign) return show(io, draft);
    const pair = await openApproverKeyFile(given.keyFile, requireApproverPassphrase(config));
    const jws = await signApproval(draft, await getApproverSigner(db, accountId, pair), now);
    const approval = { requestId: given.id, jws, accountId };
    report(io, await recordRequestApproval(db, fields, approval, now));
  });
};

/** The second approval with a key in a file, by another person; without `--sign` it only shows. */
export const approveRelease: Command = async (args, io) => {
  const given = parseApproval(RELEASE_USAGE, args);
  await withDatabase(io, async ({ config, db }) => {
    const { fields: personal } = await openFields(config);
    const { accountId } = await getApproverAccount(db, personal, given.by);
    const site = await getSite(db);
    const { policy } = await getPolicy(db);
    const now = new Date();
    const tools = { db, site, personal };
    const asked = { exportId: given.id, accountId, validDays: policy.approvalValidDays };
    const draft = await runExport.draftRelease(tools, asked, now);
    if (!given.sign) return show(io, draft);
    const pair = await openApproverKeyFile(given.keyFile, requireApproverPassphrase(config));
    const jws = await signApproval(draft, await getApproverSigner(db, accountId, pair), now);
    const approval = { exportId: given.id, jws, accountId, actor: byAccount(accountId) };
    report(io, await runExport.recordRelease(tools, approval, now));
  });
};

interface AskedApproval {
  readonly id: string;
  readonly keyFile: string;
  readonly by: string;
  readonly sign: boolean;
}

function parseApproval(usage: string, args: readonly string[]): AskedApproval {
  const { values, positionals } = parseCommand(usage, args, {
    allowPositionals: true,
    options: { key: TEXT, by: TEXT, sign: { type: 'boolean' } },
  });
  return {
    id: parse(Id128, requireOption(usage, 'ID', positionals[0]), 'ERR_COMMAND_USAGE'),
    keyFile: requireOption(usage, '--key', values.key),
    by: requireOption(usage, '--by', values.by),
    sign: values.sign ?? false,
  };
}

function show(io: CommandIo, draft: RequestApprovalDraft | ReleaseApprovalDraft): void {
  io.print(
    { signed: false, draft },
    `${JSON.stringify(draft.scope.scope, null, 2)}\nNothing was signed. Read this, then repeat the command with --sign.`,
  );
}

function report(
  io: CommandIo,
  reply: { readonly approvalId: string; readonly approvalSha256: string; readonly state: string },
): void {
  io.print(
    { signed: true, ...reply },
    `Approval ${reply.approvalId} is recorded (SHA-256 ${reply.approvalSha256}); now: ${reply.state}.`,
  );
}
