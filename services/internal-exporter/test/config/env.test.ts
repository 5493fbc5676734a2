import t from 'tap';
import { SallyportError } from '@sallyport/contracts';
import {
  parseExporterEnvironment,
  requireCaPassphrase,
  requirePassphrase,
} from '@sallyport/internal-exporter/config/env.js';

t.test(
  'an empty environment gives loopback, an embedded database and folders below one',
  async (t) => {
    const config = parseExporterEnvironment({});
    t.match(config, {
      listen: { host: '127.0.0.1', port: 7010 },
      databaseUrl: null,
      tls: null,
      modelsFolder: null,
    });
    t.ok(config.exportSpool.startsWith(config.dataDirectory));
    t.throws(() => requirePassphrase(config), {
      code: 'ERR_ENVIRONMENT_INVALID',
      detail: { EXPORTER_PASSPHRASE_FILE: 'missing' },
    });
    t.throws(() => requireCaPassphrase(config), {
      code: 'ERR_ENVIRONMENT_INVALID',
      detail: { EXPORTER_CA_PASSPHRASE_FILE: 'missing' },
    });
  },
);

t.test('names every bad variable and prints no value', async (t) => {
  const source = {
    EXPORTER_LISTEN: 'everywhere',
    EXPORTER_SECRET: 'hunter2',
    EXPORTER_DATABASE_URL: 'mysql://u:hunter2@h',
  };
  try {
    parseExporterEnvironment(source);
    t.fail('accepted');
  } catch (error) {
    t.ok(error instanceof SallyportError);
    t.match(error, { code: 'ERR_ENVIRONMENT_INVALID' });
    const said = JSON.stringify(error instanceof SallyportError ? error.detail : {});
    for (const name of Object.keys(source)) t.ok(said.includes(name), name);
    t.notOk(said.includes('hunter2'));
  }
});

t.test('refuses a certificate without its key, and names instead of addresses', async (t) => {
  const half = () => parseExporterEnvironment({ EXPORTER_TLS_CERT_FILE: '/tmp/cert.pem' });
  t.throws(half, { code: 'ERR_ENVIRONMENT_INVALID', detail: { EXPORTER_TLS_KEY_FILE: 'missing' } });
  t.throws(() => parseExporterEnvironment({ EXPORTER_LISTEN: 'localhost:7010' }), {
    code: 'ERR_ENVIRONMENT_INVALID',
  });
  t.match(parseExporterEnvironment({ EXPORTER_LISTEN: '[::1]:0' }), {
    listen: { host: '::1', port: 0 },
  });
});

t.test('takes the models from its own variable before the shared one', async (t) => {
  t.match(parseExporterEnvironment({ EXPORTER_MODELS: '/a', SALLYPORT_MODELS: '/b' }), {
    modelsFolder: '/a',
  });
  t.match(parseExporterEnvironment({ SALLYPORT_MODELS: '/b' }), { modelsFolder: '/b' });
});
