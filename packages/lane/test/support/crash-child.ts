// The process that crash.solo.test.ts kills. Arguments: <step> <frames> <spool> <transfers> <ca>
import { stopAtStep } from '@sallyport/testkit/crash';
import { sendAndAssemble } from './send-and-assemble.ts';

const [step = '0', frames = '', spool = '', transfers = '', ca = ''] = process.argv.slice(2);
await stopAtStep(Number(step), 'kill', () =>
  sendAndAssemble({ frames, spool, transfers, ca }, (line) => process.stdout.write(`${line}\n`)),
);
