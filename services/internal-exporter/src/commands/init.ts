import { initSite } from '../acts/init-site.ts';
import { requireCaPassphrase, requirePassphrase } from '../config/env.ts';
import { parseCommand, requireOption, withDatabase, type Command } from './command.ts';

const USAGE = 'exporter init --site-name NAME --by STAFFNUMBER';

/** Makes the site: keys, CA, database, first policy. */
export const init: Command = async (args, io) => {
  const { values } = parseCommand(USAGE, args, {
    options: { 'site-name': { type: 'string' }, by: { type: 'string' } },
  });
  const siteName = requireOption(USAGE, '--site-name', values['site-name']);
  const by = requireOption(USAGE, '--by', values.by);
  await withDatabase(io, async ({ config, db }) => {
    const options = {
      siteName,
      by,
      keyFolder: config.keyFolder,
      passphrase: requirePassphrase(config),
      caPassphrase: requireCaPassphrase(config),
    };
    const siteId = await initSite(db, options, new Date());
    io.print(
      { siteId, siteName },
      `Site ${siteName} is set up (${siteId}). Next: exporter account create`,
    );
  });
};
