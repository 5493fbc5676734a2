import { hash, verify } from '@node-rs/argon2';
import { SallyportError } from '@sallyport/contracts';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const SHORTEST = 12;
/** Longer input only costs time; the limit stops a megabyte "password". */
const LONGEST = 256;
const FEWEST_DIFFERENT_CHARACTERS = 5;

/** Hash of a random value nobody knows: an unknown account costs the same time as a wrong password. */
const UNKNOWN_ACCOUNT_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$ZrX2h/A0gGHJsKNr9L9+1Q$hpfgabchFkcckiujWJfMJSXqjlRy9ZrTJltPCXjEmso';

/** argon2id in PHC text form. @throws SallyportError ERR_PASSWORD_WEAK beyond the length limit. */
export async function hashPassword(password: string): Promise<string> {
  if (password.length > LONGEST) throw new SallyportError('ERR_PASSWORD_WEAK');
  return hash(password.normalize('NFC'), ARGON2ID);
}

/**
 * Answers whether the password belongs to the hash. Give `null` for an account that does not exist:
 * the answer is false and takes as long as for one that does.
 */
export async function isPasswordCorrect(stored: string | null, password: string): Promise<boolean> {
  const candidate = password.length > LONGEST ? '' : password.normalize('NFC');
  const matches = await verify(stored ?? UNKNOWN_ACCOUNT_HASH, candidate);
  return matches && stored !== null && password.length <= LONGEST;
}

/** @throws SallyportError ERR_CREDENTIALS_REFUSED, the same for unknown accounts and wrong passwords. */
export async function assertPassword(stored: string | null, password: string): Promise<void> {
  if (!(await isPasswordCorrect(stored, password)))
    throw new SallyportError('ERR_CREDENTIALS_REFUSED');
}

/**
 * Refuses passwords that are short, repetitive or contain the login name.
 *
 * @throws SallyportError ERR_PASSWORD_WEAK
 */
export function assertPasswordAcceptable(password: string, loginName: string): void {
  const characters = Array.from(password.normalize('NFC'));
  const name = loginName.toLowerCase();
  const containsName = name.length >= 3 && password.toLowerCase().includes(name);
  const lengthOk = characters.length >= SHORTEST && password.length <= LONGEST;
  if (lengthOk && !containsName && new Set(characters).size >= FEWEST_DIFFERENT_CHARACTERS) return;
  throw new SallyportError('ERR_PASSWORD_WEAK');
}
