import { readFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findRepository } from '../pair/repository.ts';
import { currentCode, type Account } from '../people/account.ts';

// `npm run code -- LOGIN`: the second factor of an account that the first run made, in place of a phone.
const login = process.argv[2];
const folders = [
  join(findRepository(), 'var', 'pair'),
  join(tmpdir(), `sallyport-pair-${userInfo().uid}`),
];
const texts = await Promise.all(
  folders.map((folder) => readFile(join(folder, 'accounts.json'), 'utf8').catch(() => null)),
);
const text = texts.find((candidate) => candidate !== null);
// The file is our own, written by the first run.
const accounts = Object.values(JSON.parse(text ?? '{}') as Record<string, Account>);
const account = accounts.find((candidate) => candidate.login === login);
if (account === undefined) {
  console.error(
    `usage: npm run code -- LOGIN   (one of: ${accounts.map((candidate) => candidate.login).join(', ') || 'none: run npm start first'})`,
  );
  process.exitCode = 1;
} else {
  console.log(currentCode(account.totpSecret));
}
