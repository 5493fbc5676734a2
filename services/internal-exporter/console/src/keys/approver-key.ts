import {
  inspectCertificate,
  selfSignRecord,
  signApproval,
  type PublicJwk,
  type ReleaseApprovalDraft,
  type RequestApprovalDraft,
} from '@sallyport/contracts';

const DATABASE = 'sallyport-console';
const STORE = 'approver-keys';

interface StoredKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicJwk;
}

/** Makes this browser's approver key. The private half cannot be read out of the browser. */
export async function makeApproverKey(owner: {
  accountId: string;
  siteId: string;
  label: string;
}): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const key: StoredKey = {
    privateKey: pair.privateKey,
    publicKey: { crv: 'P-256', kty: 'EC', x, y },
  };
  await inStore('readwrite', (store) => store.put(key, owner.accountId));
  return selfSignRecord(
    'approver-key',
    { ...owner, publicKey: key.publicKey, at: new Date().toISOString() },
    key,
  );
}

/** The certificate of this browser's own key among an account's; null when none of them is. */
export async function findOwnCertificate(
  accountId: string,
  certificates: readonly string[],
): Promise<string | null> {
  const key = await loadKey(accountId);
  if (key === null) return null;
  const { x, y } = key.publicKey;
  for (const certificate of certificates) {
    const { publicKey } = await inspectCertificate(certificate);
    if (publicKey.x === x && publicKey.y === y) return certificate;
  }
  return null;
}

/** True when this browser holds a key of that account. */
export async function hasApproverKey(accountId: string): Promise<boolean> {
  return (await loadKey(accountId)) !== null;
}

/**
 * Signs a draft with this browser's key. The caller compares its scope with what the person was shown.
 *
 * @throws Error when this browser holds no key; SallyportError ERR_APPROVAL_MISMATCH when the draft's
 * digest is of something else
 */
export async function signDraft(
  accountId: string,
  certificate: string,
  draft: RequestApprovalDraft | ReleaseApprovalDraft,
): Promise<string> {
  const key = await loadKey(accountId);
  if (key === null) throw new Error('no approver key in this browser');
  return signApproval(draft, { privateKey: key.privateKey, certificate }, new Date());
}

async function loadKey(accountId: string): Promise<StoredKey | null> {
  const found: unknown = await inStore('readonly', (store) => store.get(accountId));
  return (found as StoredKey | undefined) ?? null; // only makeApproverKey writes this store
}

function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () =>
      reject(new Error('this browser keeps no keys', { cause: opening.error }));
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(request.result);
      };
      transaction.onerror = () =>
        reject(new Error('the key could not be stored', { cause: transaction.error }));
    };
  });
}
