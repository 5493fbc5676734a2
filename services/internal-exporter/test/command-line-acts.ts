import { join } from 'node:path';
import { approveRequest } from '@sallyport/internal-exporter/commands/approve.js';
import { approverKeyCreate } from '@sallyport/internal-exporter/commands/approver-key.js';
import { migrate } from '@sallyport/internal-exporter/commands/migrate.js';
import { trustExport } from '@sallyport/internal-exporter/commands/trust.js';
import type { Test } from 'tap';
import { runOn } from './command-line.ts';
import { issueAll } from './outside.ts';
import type { Caller } from './people.ts';
import type { SiteFixture } from './site-fixture.ts';

/** What people do from the command line: an approval with a key in a file, and acts that only name who did them. */
export async function actsFromCommandLine(
  t: Test,
  fixture: SiteFixture,
  people: { administrator: Caller; submit: () => Promise<string> },
): Promise<void> {
  await approvesWithKeyFile(t, fixture, people);
  await namesWhoDidIt(t, fixture);
}

/** S-4 is an approver, S-3 another. */
async function approvesWithKeyFile(
  t: Test,
  fixture: SiteFixture,
  { administrator, submit }: { administrator: Caller; submit: () => Promise<string> },
): Promise<void> {
  await t.test('an approver with a key in a file approves from the command line', async (t) => {
    const requestId = await submit();
    const file = join(fixture.folder, 'approver.key');
    const who = ['--by', 'S-4'];
    const made = await runOn(fixture, approverKeyCreate, ['-o', file, '--label', '금고', ...who]);
    const approve = (...more: string[]) =>
      runOn(fixture, approveRequest, [requestId, '--key', file, ...who, ...more]);
    t.match(await approve(), {
      signed: false,
      draft: { requestId, scope: { scope: { requestId } } },
    });
    await t.rejects(approve('--sign'), { code: 'ERR_APPROVER_KEY_STATE' }, 'not certified yet');
    await t.rejects(runOn(fixture, approverKeyCreate, ['-o', file, '--label', '금고', ...who]), {
      code: 'ERR_FILE_EXISTS',
    });
    const path = `/v1/approver-keys/${String(made['keyId'])}/confirm`;
    const { fingerprint } = made;
    t.equal((await administrator.call('POST', path, { fingerprint })).status, 204);
    t.equal(await issueAll(fixture), 1);
    await t.rejects(
      runOn(fixture, approveRequest, [requestId, '--key', file, '--by', 'S-3', '--sign']),
      { code: 'ERR_APPROVER_KEY_UNKNOWN' },
      'another approver’s key',
    );
    const row = await fixture.db.exportRequest.findUniqueOrThrow({ where: { id: requestId } });
    t.equal(row.state, 'under-review');
    t.match(await approve('--sign'), { signed: true, state: 'acquiring' });
    await t.rejects(approve('--sign'), { code: 'ERR_REQUEST_STATE' });
  });
}

async function namesWhoDidIt(t: Test, fixture: SiteFixture): Promise<void> {
  await t.test('a bundle for the other zone and a migration name who made them', async (t) => {
    const file = join(fixture.folder, 'internal.trust');
    await t.rejects(runOn(fixture, trustExport, ['-o', file]), { code: 'ERR_COMMAND_USAGE' });
    const { fingerprint } = await runOn(fixture, trustExport, ['-o', file, '--by', 'N-1']);
    const { entry } = await fixture.db.ledgerOutbox.findFirstOrThrow({
      where: { kind: 'trust.exported' },
    });
    t.match(JSON.parse(entry), { actor: { kind: 'command' }, event: { fingerprint } });
    await t.rejects(runOn(fixture, migrate, []), { code: 'ERR_COMMAND_USAGE' });
    t.same(await runOn(fixture, migrate, ['--by', 'N-1']), { applied: [] });
  });
}
