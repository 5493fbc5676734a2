// The process that crash.solo.test.ts kills. Arguments: <step> <ledger folder>
import { stopAtStep } from '@sallyport/testkit/crash';
import { growLedger } from './grow-ledger.ts';
import { makeSigner } from './ledger-site.ts';

const [step = '0', directory = ''] = process.argv.slice(2);
const { signer } = await makeSigner();
await stopAtStep(Number(step), 'kill', () =>
  growLedger(directory, signer, (line) => process.stdout.write(`${line}\n`)),
);
