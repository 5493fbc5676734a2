import { EventEmitter, once } from 'node:events';
import {
  createLifecycle,
  createLogger,
  stopOnSignals,
  type SignalSource,
} from '@sallyport/runtime';
import t from 'tap';

const logger = createLogger({ service: 'demo', level: 'silent' });

class FakeProcess extends EventEmitter implements SignalSource {
  exit(code: number): void {
    this.emit('exited', code);
  }
}

t.test('closes in reverse order, once, and aborts the signal first', async (t) => {
  const lifecycle = createLifecycle({ logger });
  const closed: string[] = [];
  lifecycle.onStop('database', () => void closed.push('database'));
  lifecycle.onStop('server', () => {
    t.equal(lifecycle.signal.aborted, true);
    closed.push('server');
  });
  await Promise.all([lifecycle.stop('test'), lifecycle.stop('again')]);
  t.same(closed, ['server', 'database']);
});

t.test('closes the rest when one part fails to close', async (t) => {
  const lifecycle = createLifecycle({ logger });
  let databaseClosed = false;
  lifecycle.onStop('database', () => {
    databaseClosed = true;
  });
  lifecycle.onStop('worker', () => Promise.reject(new Error('stuck')));
  await lifecycle.stop('test');
  t.equal(databaseClosed, true);
});

t.test('names the part that did not close before the deadline', async (t) => {
  const lifecycle = createLifecycle({ logger, deadlineMs: 20 });
  lifecycle.onStop('worker', () => new Promise(() => undefined));
  await t.rejects(lifecycle.stop('test'), {
    code: 'ERR_STOP_DEADLINE',
    detail: { part: 'worker' },
  });
});

t.test('exits 0 after SIGTERM, 1 past the deadline', async (t) => {
  const fine = new FakeProcess();
  stopOnSignals(createLifecycle({ logger }), fine, logger);
  const exited = once(fine, 'exited');
  fine.emit('SIGTERM');
  t.same(await exited, [0]);

  const stuck = new FakeProcess();
  const lifecycle = createLifecycle({ logger, deadlineMs: 20 });
  lifecycle.onStop('worker', () => new Promise(() => undefined));
  stopOnSignals(lifecycle, stuck, logger);
  const gaveUp = once(stuck, 'exited');
  stuck.emit('SIGINT');
  t.same(await gaveUp, [1]);
});
