import Type, { type Static } from 'typebox';
import { strictObject } from '../records/strict-object.ts';
import { Compact, Count, Id128, Line, Sha256, UtcTime } from '../scalars.ts';
import { orNull } from './paging.ts';

export const CONSOLE_ROLES = ['operator', 'approver', 'administrator', 'auditor'] as const;
export type ConsoleRole = (typeof CONSOLE_ROLES)[number];

/** `proposed`: a second account of one staff number, waiting for a second administrator. */
export const ACCOUNT_STATES = ['proposed', 'awaiting-activation', 'active', 'disabled'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

export const LoginName = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{2,39}$' });
/** Short letters and digits; what a person types into a name or number field of the staff. */
export const StaffNumber = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{1,39}$' });
const Password = Type.String({ minLength: 1, maxLength: 256 });
const TotpCode = Type.String({ pattern: '^[0-9]{6}$' });
const ActivationCode = Type.String({ minLength: 8, maxLength: 64 });

export const ConsoleLogin = strictObject({ login: LoginName, password: Password, totp: TotpCode });
export type ConsoleLogin = Static<typeof ConsoleLogin>;

export const ConsoleSession = strictObject({
  account: strictObject({
    accountId: Id128,
    login: LoginName,
    name: Line(60),
    role: Type.Enum([...CONSOLE_ROLES]),
  }),
  site: strictObject({ siteId: Id128, siteName: Line(80) }),
  /** Repeated in the `x-sallyport-csrf` header of every call that changes something. */
  csrf: Type.String({ maxLength: 128 }),
  expiresAt: UtcTime,
});
export type ConsoleSession = Static<typeof ConsoleSession>;

export const ActivationBody = strictObject({
  login: LoginName,
  code: ActivationCode,
  password: Password,
});
export type ActivationBody = Static<typeof ActivationBody>;
export const ActivationReply = strictObject({
  totpSecret: Type.String({ maxLength: 64 }),
  otpauthUri: Type.String({ maxLength: 512 }),
});
export type ActivationReply = Static<typeof ActivationReply>;
export const ActivationConfirm = strictObject({
  login: LoginName,
  code: ActivationCode,
  totp: TotpCode,
});
export type ActivationConfirm = Static<typeof ActivationConfirm>;

export const ConsoleLockout = strictObject({
  kind: Type.Enum(['open', 'locked-for-a-while', 'locked-until-unlocked']),
  failures: Count,
  until: orNull(UtcTime),
});

export const ConsoleAccount = strictObject({
  accountId: Id128,
  login: LoginName,
  name: Line(60),
  staffNumber: StaffNumber,
  role: Type.Enum([...CONSOLE_ROLES]),
  state: Type.Enum([...ACCOUNT_STATES]),
  lockout: ConsoleLockout,
  createdAt: UtcTime,
  activatedAt: orNull(UtcTime),
  /** Account that proposed or created it; null when a command on the host did. */
  createdBy: orNull(Id128),
});
export type ConsoleAccount = Static<typeof ConsoleAccount>;
export const ConsoleAccounts = strictObject({ accounts: Type.Array(ConsoleAccount) });
export type ConsoleAccounts = Static<typeof ConsoleAccounts>;

export const NewConsoleAccount = strictObject({
  role: Type.Enum([...CONSOLE_ROLES]),
  name: Line(60),
  login: LoginName,
  staffNumber: StaffNumber,
});
export type NewConsoleAccount = Static<typeof NewConsoleAccount>;

/** `activationCode` is shown this once; null while a second administrator must confirm first. */
export const NewConsoleAccountReply = strictObject({
  account: ConsoleAccount,
  activationCode: orNull(ActivationCode),
});
export type NewConsoleAccountReply = Static<typeof NewConsoleAccountReply>;

export const APPROVER_KEY_STATES = ['pending', 'confirmed', 'certified', 'revoked'] as const;

/** A self-signed `approver-key` record, made where the private key was made. */
export const NewApproverKey = strictObject({ jws: Compact });
export type NewApproverKey = Static<typeof NewApproverKey>;

export const ConsoleApproverKey = strictObject({
  keyId: Id128,
  accountId: Id128,
  accountName: Line(60),
  label: Line(80),
  /** First 20 hex digits of SHA-256 over the canonical public key, in groups of four. */
  fingerprint: Line(40),
  state: Type.Enum([...APPROVER_KEY_STATES]),
  /** DER, standard base64, once issued: stands in `x5c` of the approvals. */
  certificate: orNull(Type.String({ maxLength: 8192 })),
  certificateId: orNull(Sha256),
  createdAt: UtcTime,
});
export type ConsoleApproverKey = Static<typeof ConsoleApproverKey>;
export const ConsoleApproverKeys = strictObject({ keys: Type.Array(ConsoleApproverKey) });
export type ConsoleApproverKeys = Static<typeof ConsoleApproverKeys>;

/** The administrator repeats the fingerprint that the approver read out. */
export const FingerprintBody = strictObject({ fingerprint: Line(40) });
export type FingerprintBody = Static<typeof FingerprintBody>;
