import type { ErrorTable } from './table.ts';

/** Errors of the internal zone: set-up, accounts, directory, requests, approvals. */
export const EXPORTER_ERRORS = {
  ERR_EXPORTER_NOT_INITIALISED: {
    status: 503,
    ko: { what: '아직 초기 설정을 하지 않았습니다', remedy: 'exporter init을 먼저 실행하세요' },
    en: { what: 'This site has not been set up yet', remedy: 'Run exporter init first' },
  },
  ERR_EXPORTER_ALREADY_INITIALISED: {
    status: 409,
    ko: { what: '이미 초기 설정이 끝난 곳입니다', remedy: '그대로 exporter start를 실행하세요' },
    en: { what: 'This site is set up already', remedy: 'Run exporter start' },
  },
  ERR_COMMAND_USAGE: {
    status: 400,
    ko: { what: '명령의 사용법이 다릅니다', remedy: '--help로 사용법을 확인하세요' },
    en: { what: 'The command was not understood', remedy: 'See its usage with --help' },
  },
  ERR_ACCOUNT_UNKNOWN: {
    status: 404,
    ko: { what: '없는 계정입니다', remedy: '계정 목록을 새로 고치세요' },
    en: { what: 'There is no such account', remedy: 'Reload the list of accounts' },
  },
  ERR_ACCOUNT_LOGIN_TAKEN: {
    status: 409,
    ko: { what: '이미 쓰고 있는 아이디입니다', remedy: '다른 아이디를 정하세요' },
    en: { what: 'That login name is taken', remedy: 'Choose another' },
  },
  ERR_ACCOUNT_STATE: {
    status: 409,
    ko: { what: '지금 상태의 계정에는 할 수 없는 일입니다', remedy: '계정의 상태를 확인하세요' },
    en: { what: 'The account’s state does not allow this', remedy: 'Look at the state of the account' },
  },
  ERR_ACCOUNT_SECOND_ADMINISTRATOR: {
    status: 403,
    ko: { what: '제안한 관리자는 스스로 확인할 수 없습니다', remedy: '다른 관리자가 확인해야 합니다' },
    en: { what: 'Whoever proposed an account, or will own it, cannot confirm it', remedy: 'A second administrator must confirm' },
  },
  ERR_ACTIVATION_REFUSED: {
    status: 401,
    ko: { what: '등록 코드가 틀렸거나 기한이 지났습니다', remedy: '관리자에게 새 코드를 요청하세요' },
    en: { what: 'The activation code is wrong or has expired', remedy: 'Ask the administrator for a new one' },
  },
} as const satisfies ErrorTable;
