import { setTimeout as sleep } from 'node:timers/promises';
import { runLoop } from '@sallyport/runtime';
import t from 'tap';

const neverFails = (error: unknown): void => {
  throw error;
};

t.test('runs again at once while there is work, and never two steps at a time', async (t) => {
  const controller = new AbortController();
  let running = 0;
  let steps = 0;
  const loop = runLoop({
    name: 'demo',
    intervalMs: 60_000,
    signal: controller.signal,
    onError: neverFails,
    step: async () => {
      running += 1;
      t.equal(running, 1);
      await sleep(1);
      running -= 1;
      steps += 1;
      if (steps === 5) controller.abort();
      return 'again';
    },
  });
  loop.wake();
  await loop.stopped;
  t.equal(steps, 5);
});

t.test('wakes from its rest, and remembers a call made during a step', async (t) => {
  const controller = new AbortController();
  let steps = 0;
  const loop = runLoop({
    name: 'demo',
    intervalMs: 60_000,
    signal: controller.signal,
    onError: neverFails,
    step: async () => {
      steps += 1;
      if (steps === 2) loop.wake();
      if (steps === 3) controller.abort();
      return Promise.resolve('rest');
    },
  });
  await sleep(5);
  t.equal(steps, 1);
  loop.wake();
  await loop.stopped;
  t.equal(steps, 3);
});

t.test('reports a failing step, backs off and carries on', async (t) => {
  const controller = new AbortController();
  const failures: number[] = [];
  const loop = runLoop({
    name: 'demo',
    intervalMs: 1,
    maxBackoffMs: 5,
    signal: controller.signal,
    onError: (error, name, count) => {
      t.match(error, { message: 'no' });
      t.equal(name, 'demo');
      failures.push(count);
    },
    step: () => {
      if (failures.length < 3) return Promise.reject(new Error('no'));
      controller.abort();
      return Promise.resolve('rest');
    },
  });
  await loop.stopped;
  t.same(failures, [1, 2, 3]);
});

t.test('awaits the running step when it is stopped', async (t) => {
  const controller = new AbortController();
  let finished = false;
  const loop = runLoop({
    name: 'demo',
    intervalMs: 1,
    signal: controller.signal,
    onError: neverFails,
    step: async () => {
      await sleep(20);
      finished = true;
      return 'rest';
    },
  });
  controller.abort();
  await loop.stopped;
  t.equal(finished, true);
});
