import { SallyportError } from '@sallyport/contracts';
import { createLogger } from '@sallyport/runtime';
import t from 'tap';

function capture() {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'demo',
    destination: { write: (line) => void lines.push(line) },
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

t.test('keeps the fields of the list and nothing else', (t) => {
  const { logger, lines, last } = capture();
  logger.info(
    { exportId: 'a1', durationMs: 5, officerName: '홍길동', state: { deep: '홍길동' } },
    'clip rendered',
  );
  t.match(last(), {
    service: 'demo',
    level: 'info',
    exportId: 'a1',
    durationMs: 5,
    msg: 'clip rendered',
  });
  t.equal(last()['officerName'], '[redacted]');
  t.equal(last()['state'], '[redacted]');
  t.notOk(lines.join('').includes('홍길동'));
  t.end();
});

t.test('keeps only listed fields in a child logger', (t) => {
  const { logger, lines, last } = capture();
  logger.child({ requestId: 'r1', token: 'tok-123' }).info('hello');
  t.equal(last()['requestId'], 'r1');
  t.notOk(lines.join('').includes('tok-123'));
  t.end();
});

t.test('describes an error by class, code, detail and frames, never by its message', (t) => {
  const { logger, lines, last } = capture();
  const cause = new TypeError('invalid input value: 900101-1234567');
  logger.error(
    { err: new SallyportError('ERR_INTERNAL', { detail: { table: 'officer' }, cause }) },
    'failed',
  );
  t.match(last()['err'], {
    type: 'SallyportError',
    code: 'ERR_INTERNAL',
    detail: { table: 'officer' },
  });
  t.match(last()['err'], { cause: { type: 'TypeError', frames: [/^at /] } });
  t.notOk(lines.join('').includes('900101'));
  t.end();
});

t.test('describes an error given alone, and one with a hostile message', (t) => {
  const { logger, lines } = capture();
  logger.error(new Error('name: 홍길동\n    at 홍길동 (secret)'));
  logger.error({ err: 'text 홍길동' }, 'failed');
  t.notOk(lines.join('').includes('홍길동'));
  t.end();
});

t.test('cuts long text', (t) => {
  const { logger, last } = capture();
  logger.info({ reason: 'x'.repeat(5000) }, 'long');
  t.equal(String(last()['reason']).length, 200);
  t.end();
});
