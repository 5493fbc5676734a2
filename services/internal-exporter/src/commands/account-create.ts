import { NewConsoleAccount, parse } from '@sallyport/contracts';
import { createAccount } from '../acts/accounts.ts';
import { byCommand } from '../store/actors.ts';
import { inTransaction } from '../store/database.ts';
import { getSite } from '../store/site.ts';
import { openFields, parseCommand, requireOption, withDatabase, type Command } from './command.ts';

const USAGE =
  'exporter account create --role operator|approver|administrator|auditor --staff-number N --name NAME --login LOGIN --by STAFFNUMBER';
const TEXT = { type: 'string' } as const;

/** Creates an account and prints its one-time activation code; a second account of one person is proposed only. */
export const accountCreate: Command = async (args, io) => {
  const { values } = parseCommand(USAGE, args, {
    options: { role: TEXT, 'staff-number': TEXT, name: TEXT, login: TEXT, by: TEXT },
  });
  const by = requireOption(USAGE, '--by', values.by);
  const wanted = parse(
    NewConsoleAccount,
    {
      role: requireOption(USAGE, '--role', values.role),
      staffNumber: requireOption(USAGE, '--staff-number', values['staff-number']),
      name: requireOption(USAGE, '--name', values.name),
      login: requireOption(USAGE, '--login', values.login),
    },
    'ERR_COMMAND_USAGE',
  );
  await withDatabase(io, async ({ config, db }) => {
    await getSite(db);
    const { fields } = await openFields(config);
    const now = new Date();
    const { account, activationCode } = await inTransaction(db, async (tx) => {
      const actor = await byCommand(tx, fields, by, now);
      return createAccount(
        tx,
        fields,
        wanted,
        { actor, accountId: null, personId: fields.personIdOf(by) },
        now,
      );
    });
    const text =
      activationCode === null
        ? `This person has an account already. Another administrator must confirm it in the console (${account.accountId}).`
        : `Account ${account.login}: one-time activation code ${activationCode}, good for 72 hours.`;
    io.print({ accountId: account.accountId, state: account.state, activationCode }, text);
  });
};
