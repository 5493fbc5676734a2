import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolSender } from '@sallyport/lane';
import t from 'tap';
import { folderFor, makeSite, recordFrame } from '../support/lane-site.ts';

const site = await makeSite();

await t.test(
  'leaves one whole file per place of the sequence, however often it is sent',
  async (t) => {
    const spool = join(await folderFor(t), 'made', 'on demand');
    const sender = new SpoolSender(spool);
    const frame = await recordFrame(site, 7);
    await sender.send(frame);
    await sender.send(await recordFrame(site, 7));
    await sender.send(frame);
    t.same(await readdir(spool), ['1-000000000007.frame']);
    t.ok((await readFile(join(spool, '1-000000000007.frame'))).equals(frame.bytes));
  },
);

await t.test('says what to do when the folder cannot be written', async (t) => {
  const folder = await folderFor(t);
  await writeFile(join(folder, 'file'), '');
  const sender = new SpoolSender(join(folder, 'file'));
  await t.rejects(sender.send(await recordFrame(site, 1)), {
    name: 'SallyportError',
    code: 'ERR_LANE_SPOOL_WRITE',
  });
});
