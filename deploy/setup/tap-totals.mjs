// Reads a TAP stream: counts its leaves (assertions, not the subtests around them).
import { inspect } from 'node:util';
import { Parser } from 'tap-parser';

/** The comment by which a run's entry announces the file whose tests follow. */
export const FILE_COMMENT = 'file: ';
/** Begins a comment line that a test wants a reader of the whole run to see: a matrix, a figure. */
export const PRINT_COMMENT = 'print: ';

/**
 * Follows a stream; `at()` names the place reached so far, `ended` resolves when the stream ends to
 * `{ passed, failures, skipped, printed, fileCount, complete }`. Failures are texts to print, skipped
 * holds titles (todo included); complete is false when the writer did not finish.
 */
export function readTap(stream) {
  const seen = { passed: 0, failures: [], skipped: [], printed: [], fileCount: 0 };
  Object.assign(seen, { file: '', titles: [] });
  const ended = new Promise((settle) => {
    const parser = new Parser((results) => {
      const { passed, failures, skipped, printed, fileCount } = seen;
      const complete = (results.plan.end ?? -1) >= 0 && !results.bailout;
      settle({ passed, failures, skipped, printed, fileCount, complete });
    });
    parser.on('comment', (comment) => {
      const text = comment.trim().replace(/^# /, '');
      if (!text.startsWith(FILE_COMMENT)) return;
      seen.file = text.slice(FILE_COMMENT.length);
      seen.fileCount += 1;
    });
    follow(parser, [], seen);
    stream.pipe(parser);
  });
  return { ended, at: () => titleOf(seen, seen.titles) };
}

function follow(parser, titles, seen) {
  // A subtest is announced before its lines and closed by one result of its own.
  const open = [];
  parser.on('comment', (comment) => {
    const text = comment.replace(/^\s*# ?/, '').trimEnd();
    if (text.startsWith(PRINT_COMMENT)) seen.printed.push(text.slice(PRINT_COMMENT.length));
  });
  parser.on('child', (child) => {
    open.push(seen.failures.length);
    seen.titles = [...titles, child.name];
    follow(child, seen.titles, seen);
  });
  parser.on('assert', (result) => {
    const failuresBefore = open.pop();
    const title = titleOf(seen, [...titles, result.name]);
    if (result.skip || result.todo) {
      seen.skipped.push(`${title}${reason(result)}`);
    } else if (failuresBefore === undefined) {
      if (result.ok) seen.passed += 1;
      else seen.failures.push(describe(title, result));
    } else if (!result.ok && seen.failures.length === failuresBefore) {
      // All within it passed, and yet it failed: a timeout, a broken plan.
      seen.failures.push(describe(title, result));
    }
  });
}

function titleOf({ file }, titles) {
  return [file, ...titles].filter(Boolean).join(' › ');
}

function reason({ skip, todo }) {
  const text = typeof skip === 'string' ? skip : todo;
  return typeof text === 'string' && text !== '' ? ` (${text})` : '';
}

function describe(title, { diag }) {
  const { source: _source, at, ...facts } = diag ?? {};
  const place = at?.fileName === undefined ? [] : [`at ${at.fileName}:${at.lineNumber}`];
  const lines = Object.entries(facts).map(([name, value]) => `${name}: ${textOf(value)}`);
  return [title, ...place, ...lines].join('\n  ');
}

function textOf(value) {
  if (typeof value !== 'string') return inspect(value, { depth: 4, breakLength: 100 });
  return value.trimEnd().replaceAll('\n', '\n    ');
}
