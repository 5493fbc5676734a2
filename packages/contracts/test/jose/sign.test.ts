import {
  canonicalize,
  peekKind,
  RECORDS,
  selfSignRecord,
  signRecord,
  toBase64url,
  verifyRecord,
  verifySelfSigned,
  type RecordPayload,
} from '@sallyport/contracts';
import { CompactSign } from 'jose';
import t from 'tap';
import { ID_A, ID_B, makeTestSite, NOW, signingPair, toPublicJwk } from '../site.ts';

const PAYLOAD: RecordPayload<'destruction-receipt'> = {
  packageId: ID_A,
  deviceId: ID_B,
  at: NOW.toISOString(),
};
const KIND = 'destruction-receipt';

const encode = (value: string): string => toBase64url(new TextEncoder().encode(value));

t.test('a record comes back with its signer', async (t) => {
  const site = await makeTestSite();
  const signer = await site.signer('device-sign', { subjectId: ID_B });
  const jws = await signRecord(KIND, PAYLOAD, signer);
  t.equal(peekKind(jws), KIND);
  const record = await verifyRecord(KIND, jws, {
    trust: site.trust,
    roles: ['device-sign'],
    now: NOW,
  });
  t.same(record.payload, PAYLOAD);
  t.equal(record.signer.subjectId, ID_B);
});

t.test('noise in place of a record is refused with a code, never with another error', async (t) => {
  for (const noise of ['', '.', 'A', 'AAAAA', '*.*.*', '\u00ff\u0000', 'é'.repeat(40), '=='])
    t.throws(() => peekKind(noise), { code: /^ERR_RECORD_/ }, JSON.stringify(noise));
});

t.test('refuses every other spelling of the same record', async (t) => {
  const site = await makeTestSite();
  const signer = await site.signer('device-sign');
  const good = await signRecord(KIND, PAYLOAD, signer);
  const [header = '', payload = '', signature = ''] = good.split('.');
  const resign = async (headerText: string, payloadText: string) =>
    rawSign(signer.privateKey, encode(headerText), encode(payloadText));
  const headerText = new TextDecoder().decode(Buffer.from(header, 'base64url'));
  const payloadText = canonicalize(PAYLOAD);
  const cases: [name: string, jws: string, code: string][] = [
    ['padding', `${header}.${payload}.${signature}==`, 'ERR_RECORD_ENCODING'],
    ['a space', `${header}.${payload} .${signature}`, 'ERR_RECORD_ENCODING'],
    [
      'standard alphabet',
      `${header}.${payload}.${signature.slice(0, -2)}+/`,
      'ERR_RECORD_ENCODING',
    ],
    [
      'loose trailing bits',
      `${header}.${payload}.${signature.slice(0, -1)}${loosen(signature.at(-1) ?? '')}`,
      'ERR_RECORD_ENCODING',
    ],
    ['two parts', `${header}.${payload}`, 'ERR_RECORD_ENCODING'],
    ['four parts', `${good}.AA`, 'ERR_RECORD_ENCODING'],
    ['a flipped payload bit', `${header}.${flip(payload)}.${signature}`, 'ERR_RECORD_SIGNATURE'],
    ['a flipped signature bit', `${header}.${payload}.${flip(signature)}`, 'ERR_RECORD_SIGNATURE'],
    [
      'a space in the header',
      await resign(headerText.replace(':', ': '), payloadText),
      'ERR_RECORD_NOT_CANONICAL',
    ],
    [
      'a duplicate header member',
      await resign(headerText.replace('{', '{"alg":"ES256",'), payloadText),
      'ERR_RECORD_NOT_CANONICAL',
    ],
    [
      'an unknown crit',
      await resign(
        headerText.replace('{"alg":"ES256",', '{"alg":"ES256","crit":["b64"],'),
        payloadText,
      ),
      'ERR_RECORD_HEADER',
    ],
    [
      'algorithm none',
      await resign(headerText.replace('ES256', 'none'), payloadText),
      'ERR_RECORD_HEADER',
    ],
    [
      'another kind',
      await resign(headerText.replace(KIND, 'playback-receipt'), payloadText),
      'ERR_RECORD_HEADER',
    ],
    [
      'a duplicate payload member',
      await resign(headerText, payloadText.replace('{', `{"at":"${NOW.toISOString()}",`)),
      'ERR_RECORD_NOT_CANONICAL',
    ],
    [
      'an unsorted payload',
      await resign(
        headerText,
        JSON.stringify({ packageId: ID_A, deviceId: ID_B, at: NOW.toISOString() }),
      ),
      'ERR_RECORD_NOT_CANONICAL',
    ],
    [
      'an extra payload member',
      await resign(headerText, canonicalize({ ...PAYLOAD, more: 1 })),
      'ERR_RECORD_INVALID',
    ],
    [
      'a missing payload member',
      await resign(headerText, canonicalize({ packageId: ID_A, deviceId: ID_B })),
      'ERR_RECORD_INVALID',
    ],
    [
      'an oversized record',
      `${header}.${'A'.repeat(RECORDS[KIND].maxBytes)}.${signature}`,
      'ERR_RECORD_TOO_LARGE',
    ],
  ];
  for (const [name, jws, code] of cases) {
    await t.rejects(
      verifyRecord(KIND, jws, { trust: site.trust, roles: ['device-sign'], now: NOW }),
      { code },
      name,
    );
  }
});

t.test('refuses a certificate of another role and another site', async (t) => {
  const site = await makeTestSite();
  const other = await makeTestSite();
  const jws = await signRecord(KIND, PAYLOAD, await site.signer('lane'));
  await t.rejects(
    verifyRecord(KIND, jws, { trust: site.trust, roles: ['device-sign'], now: NOW }),
    { code: 'ERR_CERTIFICATE_ROLE' },
  );
  await t.rejects(verifyRecord(KIND, jws, { trust: other.trust, roles: ['lane'], now: NOW }), {
    code: 'ERR_CERTIFICATE_UNKNOWN',
  });
});

t.test(
  'a self-signed record yields the key that signed it and refuses a swapped one',
  async (t) => {
    const pair = await signingPair();
    const publicKey = await toPublicJwk(pair.publicKey);
    const payload = { deviceId: ID_A, challengeSha256: '0'.repeat(64), at: NOW.toISOString() };
    const jws = await selfSignRecord('enrolment-proof', payload, {
      privateKey: pair.privateKey,
      publicKey,
    });
    t.same(await verifySelfSigned('enrolment-proof', jws), { payload, publicKey });
    t.equal(peekKind(jws), 'enrolment-proof');
    const stranger = await toPublicJwk((await signingPair()).publicKey);
    const swapped = await selfSignRecord('enrolment-proof', payload, {
      privateKey: pair.privateKey,
      publicKey: stranger,
    });
    await t.rejects(verifySelfSigned('enrolment-proof', swapped), { code: 'ERR_RECORD_SIGNATURE' });
    const offCurve = { ...publicKey, y: publicKey.x };
    const bad = await selfSignRecord('enrolment-proof', payload, {
      privateKey: pair.privateKey,
      publicKey: offCurve,
    });
    await t.rejects(verifySelfSigned('enrolment-proof', bad), {
      code: /^ERR_(KEY_INVALID|RECORD_SIGNATURE)$/,
    });
  },
);

t.test('never signs a payload outside its schema', async (t) => {
  const signer = await (await makeTestSite()).signer('device-sign');
  await t.rejects(signRecord(KIND, { ...PAYLOAD, at: 'yesterday' }, signer), {
    code: 'ERR_RECORD_INVALID',
  });
});

async function rawSign(key: CryptoKey, header: string, payload: string): Promise<string> {
  const input = new TextEncoder().encode(`${header}.${payload}`);
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, input);
  return `${header}.${payload}.${toBase64url(new Uint8Array(signature))}`;
}

function flip(text: string): string {
  return `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
}

/** A 64-byte signature ends in a character with four loose bits; sets one of them. */
function loosen(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(character) ^ 1] ?? '';
}

t.test('agrees with the library on the bytes it signs', async (t) => {
  const site = await makeTestSite();
  const signer = await site.signer('device-sign');
  const library = await new CompactSign(new TextEncoder().encode(canonicalize(PAYLOAD)))
    .setProtectedHeader({ alg: 'ES256', typ: `sallyport-${KIND}+jws`, x5c: [signer.certificate] })
    .sign(signer.privateKey);
  const record = await verifyRecord(KIND, library, {
    trust: site.trust,
    roles: ['device-sign'],
    now: NOW,
  });
  t.same(record.payload, PAYLOAD);
});
