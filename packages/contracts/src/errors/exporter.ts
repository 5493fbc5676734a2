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
    en: {
      what: 'The account’s state does not allow this',
      remedy: 'Look at the state of the account',
    },
  },
  ERR_ACCOUNT_SECOND_ADMINISTRATOR: {
    status: 403,
    ko: {
      what: '제안한 관리자는 스스로 확인할 수 없습니다',
      remedy: '다른 관리자가 확인해야 합니다',
    },
    en: {
      what: 'Whoever proposed an account, or will own it, cannot confirm it',
      remedy: 'A second administrator must confirm',
    },
  },
  ERR_ACTIVATION_REFUSED: {
    status: 401,
    ko: {
      what: '등록 코드가 틀렸거나 기한이 지났습니다',
      remedy: '관리자에게 새 코드를 요청하세요',
    },
    en: {
      what: 'The activation code is wrong or has expired',
      remedy: 'Ask the administrator for a new one',
    },
  },
  ERR_FINGERPRINT_MISMATCH: {
    status: 422,
    ko: { what: '지문이 서로 다릅니다', remedy: '키의 주인에게 다시 확인하고, 다르면 거부하세요' },
    en: {
      what: 'The fingerprints differ',
      remedy: 'Ask the key’s owner to read it out again; if it still differs, refuse the key',
    },
  },
  ERR_APPROVER_KEY_UNKNOWN: {
    status: 404,
    ko: { what: '없는 승인자 키입니다', remedy: '목록을 새로 고치세요' },
    en: { what: 'There is no such approver key', remedy: 'Reload the list' },
  },
  ERR_APPROVER_KEY_STATE: {
    status: 409,
    ko: { what: '지금 확인할 수 없는 승인자 키입니다', remedy: '키와 계정의 상태를 확인하세요' },
    en: {
      what: 'The key is not waiting, or its account is not an active approver',
      remedy: 'Look at the states of the key and of its account',
    },
  },
  ERR_STATION_UNKNOWN: {
    status: 422,
    ko: { what: '등록되지 않은 경찰서입니다', remedy: '경찰서를 먼저 등록하세요' },
    en: { what: 'That station is not registered', remedy: 'Register the station first' },
  },
  ERR_CAMERA_UNKNOWN: {
    status: 404,
    ko: { what: '없거나 삭제된 카메라입니다', remedy: '카메라 목록을 새로 고치세요' },
    en: {
      what: 'There is no such camera, or it was removed',
      remedy: 'Reload the list of cameras',
    },
  },
  ERR_OFFICER_UNKNOWN: {
    status: 404,
    ko: { what: '가입하지 않은 경찰관입니다', remedy: '가입 신청이 도착했는지 확인하세요' },
    en: {
      what: 'That officer has not signed up here',
      remedy: 'Check whether the sign-up has arrived',
    },
  },
  ERR_OFFICER_STATE: {
    status: 409,
    ko: {
      what: '지금 상태의 경찰관에게는 할 수 없는 일입니다',
      remedy: '경찰관의 확인 상태를 살펴보세요',
    },
    en: {
      what: 'The officer’s state does not allow this',
      remedy: 'Look at whether the officer is confirmed',
    },
  },
  ERR_DEVICE_UNKNOWN: {
    status: 404,
    ko: { what: '등록을 신청하지 않은 기기입니다', remedy: '등록 신청이 도착했는지 확인하세요' },
    en: {
      what: 'That device has not asked to be enrolled',
      remedy: 'Check whether its enrolment has arrived',
    },
  },
  ERR_DEVICE_STATE: {
    status: 409,
    ko: { what: '지금 상태의 기기에는 할 수 없는 일입니다', remedy: '기기 등록 상태를 확인하세요' },
    en: {
      what: 'The device’s state does not allow this',
      remedy: 'Look at the state of its enrolment',
    },
  },
  ERR_DEVICE_PROOF: {
    status: 422,
    ko: { what: '기기의 확인 응답이 맞지 않습니다', remedy: '기기에서 등록을 다시 신청하세요' },
    en: {
      what: 'The device did not open the challenge it was sent',
      remedy: 'Enrol the device again',
    },
  },
  ERR_REQUEST_UNKNOWN: {
    status: 404,
    ko: { what: '없는 신청입니다', remedy: '신청 목록을 새로 고치세요' },
    en: { what: 'There is no such request', remedy: 'Reload the list of requests' },
  },
  ERR_REQUEST_STATE: {
    status: 409,
    ko: { what: '지금 상태의 신청에는 할 수 없는 일입니다', remedy: '신청의 상태를 확인하세요' },
    en: {
      what: 'The request’s state does not allow this',
      remedy: 'Look at the state of the request',
    },
  },
  ERR_REQUEST_REQUESTER: {
    status: 422,
    ko: {
      what: '확인되지 않은 신청자이거나 다른 사람의 기기입니다',
      remedy: '신청자의 가입과 기기 등록을 먼저 마치세요',
    },
    en: {
      what: 'The requester is not confirmed, or the device is another officer’s',
      remedy: 'Finish sign-up and enrolment of the requester first',
    },
  },
  ERR_REQUEST_RECIPIENT: {
    status: 422,
    ko: {
      what: '수령자가 가입하지 않았거나 확인되지 않았습니다',
      remedy: '수령자가 가입하고 확인을 받은 뒤 다시 신청하세요',
    },
    en: {
      what: 'The recipient is unknown or not confirmed',
      remedy: 'Have the recipient sign up and be confirmed, then ask again',
    },
  },
  ERR_REQUEST_PLEDGE: {
    status: 422,
    ko: {
      what: '개인정보보호서약에 동의하세요',
      remedy: '지금의 서약 내용을 읽고 동의한 뒤 다시 신청하세요',
    },
    en: {
      what: 'The pledge was not accepted in its present version',
      remedy: 'Read and accept the present pledge, then ask again',
    },
  },
  ERR_REQUEST_DOCUMENT_NUMBER: {
    status: 422,
    ko: {
      what: '긴급구분이 일반일 경우 공문파일 또는 전자문서번호가 필요합니다',
      remedy: '전자문서번호를 적거나 긴급으로 신청하세요',
    },
    en: {
      what: 'A request that is no emergency needs a document number',
      remedy: 'Enter the document number, or ask as an emergency',
    },
  },
  ERR_REQUEST_PLAY_PERIOD: {
    status: 422,
    ko: { what: '열람기간이 허용된 기간보다 깁니다', remedy: '표시된 일수 안에서 정하세요' },
    en: {
      what: 'The play period is longer than the site allows',
      remedy: 'Ask for no more days than named',
    },
  },
  ERR_REQUEST_PLAYS: {
    status: 422,
    ko: { what: '재생횟수가 허용된 횟수를 넘습니다', remedy: '표시된 횟수 안에서 정하세요' },
    en: { what: 'More plays than the site allows', remedy: 'Ask for no more plays than named' },
  },
  ERR_REQUEST_RANGE: {
    status: 422,
    ko: {
      what: '시작일이 종료일보다 크거나 아직 오지 않은 시간입니다',
      remedy: '시작과 종료 시각을 고치세요',
    },
    en: {
      what: 'The range ends before it starts, or in the future',
      remedy: 'Correct start and end',
    },
  },
  ERR_REQUEST_RANGE_TOO_LONG: {
    status: 422,
    ko: {
      what: '한 카메라의 구간이 허용된 길이를 넘습니다',
      remedy: '표시된 길이 이하의 구간 여러 개로 나누어 신청하세요',
    },
    en: {
      what: 'A camera’s range is longer than the site allows',
      remedy: 'Split it into ranges no longer than named',
    },
  },
  ERR_REQUEST_CAMERA_UNKNOWN: {
    status: 422,
    ko: { what: '신청한 카메라가 없습니다', remedy: '카메라 목록을 새로 고치고 다시 선택하세요' },
    en: {
      what: 'A camera of the request does not exist here',
      remedy: 'Reload the cameras and choose again',
    },
  },
  ERR_REQUEST_CAMERA_EXCLUDED: {
    status: 422,
    ko: {
      what: '반출제외로 정한 카메라 또는 시간입니다',
      remedy: '다른 카메라나 시간을 고르거나 관제센터에 문의하세요',
    },
    en: {
      what: 'The camera, or that time of it, is excluded from release',
      remedy: 'Choose another camera or time, or ask the centre',
    },
  },
  ERR_REQUEST_DUPLICATE: {
    status: 409,
    ko: { what: '이미 반출신청한 영상입니다', remedy: '먼저 낸 신청의 진행을 확인하세요' },
    en: { what: 'This footage was already requested', remedy: 'Follow the earlier request' },
  },
  ERR_REQUEST_RETENTION_PASSED: {
    status: 410,
    ko: {
      what: '보관기간 경과 영상입니다',
      remedy: '영상이 이미 파기되었습니다. 다른 카메라를 찾아보세요',
    },
    en: {
      what: 'The footage’s retention has passed',
      remedy: 'It is destroyed already: look for another camera',
    },
  },
  ERR_APPROVAL_DRAFT_UNKNOWN: {
    status: 409,
    ko: {
      what: '승인할 내용이 없거나 바뀌었습니다',
      remedy: '승인 화면을 다시 열어 내용을 확인하고 서명하세요',
    },
    en: {
      what: 'There is no draft for this approval, or it was replaced',
      remedy: 'Open the approval anew, read it and sign',
    },
  },
  ERR_APPROVAL_MISMATCH: {
    status: 422,
    ko: {
      what: '서명한 내용이 승인할 내용과 다릅니다',
      remedy: '승인 화면을 다시 열어 내용을 확인하고 서명하세요',
    },
    en: {
      what: 'What was signed differs from what was to be approved',
      remedy: 'Open the approval anew, read it and sign',
    },
  },
  ERR_APPROVAL_KEY: {
    status: 403,
    ko: {
      what: '본인의 인증된 승인 키로 서명하지 않았습니다',
      remedy: '본인 계정에서 등록하고 확인받은 키로 서명하세요',
    },
    en: {
      what: 'The approval was not signed with your own certified key',
      remedy: 'Sign with the key that was confirmed for your account',
    },
  },
  ERR_APPROVAL_REQUESTER: {
    status: 403,
    ko: { what: '신청자나 수령자는 승인할 수 없습니다', remedy: '다른 승인자가 승인해야 합니다' },
    en: {
      what: 'The requester or recipient cannot approve',
      remedy: 'Another approver must do it',
    },
  },
  ERR_APPROVAL_PREPARER: {
    status: 403,
    ko: {
      what: '영상을 준비한 사람은 승인할 수 없습니다',
      remedy: '다른 승인자가 승인해야 합니다',
    },
    en: {
      what: 'Whoever prepared the export cannot give this approval',
      remedy: 'Another person must do it',
    },
  },
  ERR_APPROVAL_SAME_PERSON: {
    status: 403,
    ko: { what: '두 승인은 서로 다른 사람이 해야 합니다', remedy: '다른 승인자가 승인해야 합니다' },
    en: {
      what: 'Both approvals would be by one person',
      remedy: 'Another approver must give the second',
    },
  },
  ERR_TRUST_WITNESS: {
    status: 422,
    ko: {
      what: '가져온 사람과 확인한 사람이 같습니다',
      remedy: '서로 다른 두 사람의 이름을 적으세요',
    },
    en: {
      what: '--by and --witness name one person',
      remedy: 'Two people compare the fingerprint: name both',
    },
  },
  ERR_GATEWAY_UNKNOWN: {
    status: 422,
    ko: {
      what: '등록하지 않은 게이트웨이입니다',
      remedy: 'exporter trust import으로 먼저 등록하세요',
    },
    en: { what: 'This gateway is not trusted here', remedy: 'Import its trust bundle first' },
  },
} as const satisfies ErrorTable;
