import type {
  ConsoleCamera,
  ConsoleOfficers,
  ConsoleSession,
  ConsoleStation,
} from '@sallyport/contracts';
import { activate, logIn, type Account } from '../people/account.ts';
import type { ApiClient } from '../people/api-client.ts';
import { signUp } from '../people/officer.ts';
import { certifyApprover, hire, type Approver, type StaffMember } from '../people/staff.ts';
import { waitFor } from '../people/wait-for.ts';
import type { Pair } from '../pair/open-pair.ts';

/** The staff of the control centre in the first run. */
export interface Staff {
  readonly administrator: StaffMember;
  readonly operator: StaffMember;
  readonly requestApprover: Approver;
  readonly releaseApprover: Approver;
  readonly auditor: StaffMember;
}

/** The officer of the first run, confirmed inside. */
export interface Requester {
  readonly account: Account;
  readonly officerId: string;
  readonly client: ApiClient;
}

/** The first administrator comes from a command on the host; everybody else through the console. */
export async function hireStaff(pair: Pair): Promise<Staff> {
  const first = { login: 'admin', staffNumber: 'A-1001', name: '김관리' };
  const { activationCode } = await pair.exporter([
    'account', 'create', '--role', 'administrator', '--staff-number', first.staffNumber,
    '--name', first.name, '--login', first.login, '--by', first.staffNumber,
  ]); // prettier-ignore
  const account = await activate(pair.consoleUrl, first.login, String(activationCode));
  const client = await logIn(pair.consoleUrl, account);
  const { account: self } = await client.get<ConsoleSession>('/v1/session');
  const administrator: StaffMember = { account, client, accountId: self.accountId };
  const make = (
    role: 'operator' | 'approver' | 'auditor',
    name: string,
    login: string,
    staffNumber: string,
  ) => hire(client, { role, name, login, staffNumber });
  const [operator, first_, second, auditor] = await Promise.all([
    make('operator', '이담당', 'operator', 'A-1002'),
    make('approver', '박승인', 'approver1', 'A-1003'),
    make('approver', '최승인', 'approver2', 'A-1004'),
    make('auditor', '정감사', 'auditor', 'A-1005'),
  ]);
  const [requestApprover, releaseApprover] = await Promise.all([
    certifyApprover(first_, client, '승인자 1 명령행 키'),
    certifyApprover(second, client, '승인자 2 명령행 키'),
  ]);
  return { administrator, operator, requestApprover, releaseApprover, auditor };
}

/** Registers the station and one camera; both travel outward with the directory. */
export async function registerPlaces(
  staff: Staff,
): Promise<{ station: ConsoleStation; camera: ConsoleCamera }> {
  const station = await staff.administrator.client.send<ConsoleStation>('POST', '/v1/stations', {
    name: '한빛경찰서',
  });
  const camera = await staff.operator.client.send<ConsoleCamera>('POST', '/v1/cameras', {
    name: '중앙공원 03',
    location: '한빛시 중앙로 12',
    type: 'fixed',
    district: '중앙동',
  });
  return { station, camera };
}

/** The officer signs up outside; the operator confirms inside; the confirmation travels outward. */
export async function enlistOfficer(
  pair: Pair,
  staff: Staff,
  stationName: string,
): Promise<Requester> {
  const { account, officerId } = await signUp(pair.portalUrl, {
    login: 'officer',
    stationName,
    person: {
      name: '홍길동',
      rank: '경위',
      department: '형사과',
      staffNumber: 'P-2001',
      phone: '010-0000-0000',
      email: 'officer@example.invalid',
    },
  });
  await waitFor('the sign-up inside', async () => {
    const { officers } = await staff.operator.client.get<ConsoleOfficers>('/v1/officers');
    return officers.find((officer) => officer.officerId === officerId) ?? null;
  });
  await staff.operator.client.send('POST', `/v1/officers/${officerId}/confirm`);
  const client = await logIn(pair.portalUrl, account);
  await waitFor('the confirmation outside', async () => {
    const session = await client.get<{ account: { officer: { status: string } | null } }>(
      '/v1/session',
    );
    return session.account.officer?.status === 'confirmed' ? true : null;
  });
  return { account, officerId, client };
}
