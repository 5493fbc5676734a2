import { SallyportError, toHex, type PublicJwk } from '@sallyport/contracts';

/** One key pair of this browser; the private half cannot leave it. */
export interface DeviceKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicJwk;
}

/** The two pairs of a device: WebCrypto allows one use per key. */
export interface DeviceKeys {
  readonly deviceId: string;
  readonly signing: DeviceKeyPair;
  readonly agreement: DeviceKeyPair;
}

const DATABASE = 'sallyport-device';
const STORE = 'keys';

/**
 * Makes this browser's keys for one officer, non-extractable, and keeps them in IndexedDB.
 *
 * @throws SallyportError ERR_PLAYER_KEY_STORE when the browser keeps nothing, or keys exist already
 */
export async function createDeviceKeys(officerId: string): Promise<DeviceKeys> {
  const signing = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  const agreement = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
    'deriveBits',
  ]);
  const keys: DeviceKeys = {
    deviceId: toHex(crypto.getRandomValues(new Uint8Array(16))),
    signing: await withPublic(signing),
    agreement: await withPublic(agreement),
  };
  // `add`, not `put`: two tabs never replace each other's keys.
  await inStore('readwrite', (store) => store.add(keys, officerId));
  return keys;
}

/**
 * This browser's keys for one officer, or null when it has none.
 *
 * @throws SallyportError ERR_PLAYER_KEY_STORE
 */
export async function loadDeviceKeys(officerId: string): Promise<DeviceKeys | null> {
  const found: unknown = await inStore('readonly', (store) => store.get(officerId));
  // Only createDeviceKeys writes to this store.
  return found === undefined ? null : (found as DeviceKeys);
}

/** Forgets the keys: after a device was refused or revoked, before new ones are made. */
export async function deleteDeviceKeys(officerId: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(officerId));
}

async function withPublic({ privateKey, publicKey }: CryptoKeyPair): Promise<DeviceKeyPair> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  return { privateKey, publicKey: { crv: 'P-256', kty: 'EC', x, y } };
}

async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  try {
    const database = await openDatabase();
    try {
      const transaction = database.transaction(STORE, mode);
      const result = await settled(act(transaction.objectStore(STORE)));
      await committed(transaction);
      return result;
    } finally {
      database.close();
    }
  } catch (cause) {
    throw new SallyportError('ERR_PLAYER_KEY_STORE', { cause });
  }
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('IndexedDB', { cause: request.error }));
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  if (transaction.mode === 'readonly') return Promise.resolve();
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new Error('IndexedDB', { cause: transaction.error }));
  });
}
