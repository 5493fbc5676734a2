import type { ErrorTable } from './table.ts';

/** Errors of the DMZ gateway: trust, officers and devices, packages, licences. */
export const GATEWAY_ERRORS = {
  ERR_GATEWAY_NOT_INITIALISED: {
    status: 409,
    ko: {
      what: '이 호스트의 게이트웨이가 아직 준비되지 않았습니다',
      remedy: 'gateway init을 먼저 실행하세요',
    },
    en: { what: 'The gateway of this host has not been set up', remedy: 'Run gateway init first' },
  },
  ERR_GATEWAY_INITIALISED: {
    status: 409,
    ko: {
      what: '이미 준비된 게이트웨이입니다',
      remedy: '키를 덮어쓰지 않습니다. 새로 만들려면 다른 데이터 폴더를 쓰세요',
    },
    en: {
      what: 'This gateway is already set up',
      remedy: 'Keys are never overwritten; use another data folder for a new gateway',
    },
  },
  ERR_GATEWAY_NOT_TRUSTED: {
    status: 503,
    ko: {
      what: '내부망의 신뢰 정보가 아직 등록되지 않았습니다',
      remedy: '내부망에서 내보낸 파일을 gateway trust import로 등록하세요',
    },
    en: {
      what: 'The internal zone is not pinned yet',
      remedy: 'Import its bundle with gateway trust import',
    },
  },
  ERR_GATEWAY_PINNED: {
    status: 409,
    ko: {
      what: '다른 내부망이 이미 등록되어 있습니다',
      remedy: '기관을 바꾸려면 새 데이터 폴더로 게이트웨이를 준비하세요',
    },
    en: {
      what: 'Another internal zone is already pinned',
      remedy: 'Set up a gateway with a new data folder to change the site',
    },
  },
  ERR_GATEWAY_FINGERPRINT: {
    status: 422,
    ko: {
      what: '지문이 파일의 내용과 다릅니다',
      remedy: '내보낸 쪽 화면의 지문을 다시 읽어 비교하세요. 계속 다르면 등록하지 마세요',
    },
    en: {
      what: 'The fingerprint differs from the file',
      remedy: 'Read it again from the exporting screen; if it still differs do not import',
    },
  },
  ERR_GATEWAY_WITNESS: {
    status: 422,
    ko: {
      what: '등록하는 사람과 확인하는 사람이 같습니다',
      remedy: '다른 한 사람이 지문을 함께 비교하고 --witness에 적으세요',
    },
    en: {
      what: 'The person importing and the witness are the same',
      remedy: 'A second person must compare the fingerprint: name them with --witness',
    },
  },
  ERR_OFFICER_EXISTS: {
    status: 409,
    ko: {
      what: '이미 접수된 가입 신청입니다',
      remedy: '받은 로그인 이름으로 로그인하거나 처음부터 다시 신청하세요',
    },
    en: {
      what: 'This sign-up was already received',
      remedy: 'Log in with the name you were given, or start the sign-up again',
    },
  },
  ERR_STATION_UNKNOWN: {
    status: 422,
    ko: { what: '등록되지 않은 경찰서입니다', remedy: '목록에서 소속 경찰서를 고르세요' },
    en: {
      what: 'The station is not in the directory',
      remedy: 'Choose your station from the list',
    },
  },
  ERR_DEVICE_UNKNOWN: {
    status: 404,
    ko: { what: '등록된 기기가 아닙니다', remedy: '이 기기를 먼저 등록하세요' },
    en: { what: 'There is no such device', remedy: 'Enrol this device first' },
  },
  ERR_DEVICE_EXISTS: {
    status: 409,
    ko: { what: '이미 접수된 기기입니다', remedy: '기기 목록에서 진행 상태를 확인하세요' },
    en: {
      what: 'This device was already enrolled',
      remedy: 'See its state in the list of devices',
    },
  },
  ERR_DEVICE_FOREIGN: {
    status: 403,
    ko: {
      what: '다른 사용자의 기기나 열쇠로 서명되었습니다',
      remedy: '본인의 등록된 기기에서 다시 하세요',
    },
    en: {
      what: 'The signature comes from another person’s device or key',
      remedy: 'Use your own enrolled device',
    },
  },
  ERR_DEVICE_STATE: {
    status: 409,
    ko: { what: '기기 등록이 그 단계가 아닙니다', remedy: '기기 목록에서 지금 단계를 확인하세요' },
    en: {
      what: 'The enrolment of this device is not at that step',
      remedy: 'See its present step in the list of devices',
    },
  },
  ERR_DEVICE_LIMIT: {
    status: 409,
    ko: {
      what: '등록할 수 있는 기기 수를 넘었습니다',
      remedy: '쓰지 않는 기기의 폐지를 관제센터에 요청하세요',
    },
    en: {
      what: 'No more devices may be enrolled',
      remedy: 'Ask the control centre to revoke one that is not used',
    },
  },
  ERR_REQUEST_DUPLICATE: {
    status: 409,
    ko: {
      what: '같은 번호의 신청이 이미 있습니다',
      remedy: '내 현황에서 확인하세요. 다시 신청하려면 새로 서명하세요',
    },
    en: {
      what: 'A request with this id was already received',
      remedy: 'Look for it in your list; sign a new one to ask again',
    },
  },
  ERR_REQUEST_UNKNOWN: {
    status: 404,
    ko: { what: '신청을 찾을 수 없습니다', remedy: '내 현황에서 다시 고르세요' },
    en: { what: 'There is no such request', remedy: 'Choose it from your list' },
  },
  ERR_PACKAGE_UNKNOWN: {
    status: 404,
    ko: { what: '영상을 찾을 수 없습니다', remedy: '내 현황에서 다시 고르세요' },
    en: { what: 'There is no such package', remedy: 'Choose it from your list' },
  },
  ERR_PACKAGE_NOT_READY: {
    status: 409,
    ko: {
      what: '영상이 아직 다 도착하지 않았습니다',
      remedy: '전송 현황을 보고 도착한 뒤 다시 하세요',
    },
    en: {
      what: 'The package has not arrived whole',
      remedy: 'Follow its transfer and try again when it is available',
    },
  },
  ERR_PACKAGE_QUARANTINED: {
    status: 409,
    ko: {
      what: '검증에 실패하여 격리된 영상입니다',
      remedy: '관제센터에 다시 보내 달라고 요청하세요',
    },
    en: {
      what: 'The package failed verification and is quarantined',
      remedy: 'Ask the control centre to send it again',
    },
  },
  ERR_PACKAGE_GONE: {
    status: 410,
    ko: { what: '열람기간이 끝났거나 파기된 영상입니다', remedy: '더 필요하면 새로 신청하세요' },
    en: {
      what: 'The package has expired or was destroyed',
      remedy: 'Make a new request if it is still needed',
    },
  },
  ERR_PACKAGE_ID_MISMATCH: {
    status: 422,
    ko: {
      what: '전송 번호와 서명된 영상 번호가 다릅니다',
      remedy: '내부망에서 새 번호로 다시 봉인하여 보내세요',
    },
    en: {
      what: 'The transfer names another package than its signed header',
      remedy: 'Seal and send it again from the internal zone',
    },
  },
  ERR_PACKAGE_SECOND: {
    status: 409,
    ko: {
      what: '같은 반출의 영상이 이미 있는데 대체한다는 표시가 없습니다',
      remedy: '내부망에서 이전 영상을 대체하도록 다시 봉인하세요',
    },
    en: {
      what: 'A second package of one export arrived that does not supersede the first',
      remedy: 'Seal it again so that it names the one it supersedes',
    },
  },
  ERR_SEGMENT_UNKNOWN: {
    status: 404,
    ko: { what: '없는 조각 번호입니다', remedy: '머리글의 조각 수를 확인하세요' },
    en: {
      what: 'The package has no segment of that number',
      remedy: 'Take the number of segments from the header',
    },
  },
  ERR_RANGE_REFUSED: {
    status: 400,
    ko: { what: '범위 요청(Range)은 받지 않습니다', remedy: '조각을 통째로 받으세요' },
    en: { what: 'Range requests are not served', remedy: 'Fetch whole segments' },
  },
  ERR_LICENCE_NONE: {
    status: 409,
    ko: {
      what: '이 영상의 열람권이 아직 도착하지 않았습니다',
      remedy: '잠시 뒤 다시 하고, 계속되면 관제센터에 문의하세요',
    },
    en: {
      what: 'No licence for this package has arrived yet',
      remedy: 'Try again later; ask the control centre if it stays so',
    },
  },
  ERR_LICENCE_NOT_YET: {
    status: 403,
    ko: { what: '열람 시작일 전입니다', remedy: '시작일 뒤에 다시 하세요' },
    en: { what: 'The licence period has not begun', remedy: 'Try again when it has' },
  },
  ERR_LICENCE_EXPIRED: {
    status: 410,
    ko: { what: '열람기간이 끝났습니다', remedy: '더 필요하면 연장이나 새 신청을 하세요' },
    en: {
      what: 'The licence period has ended',
      remedy: 'Make a new request if it is still needed',
    },
  },
  ERR_LICENCE_REVOKED: {
    status: 410,
    ko: { what: '회수된 열람권입니다', remedy: '관제센터에 문의하세요' },
    en: { what: 'The licence was revoked', remedy: 'Ask the control centre' },
  },
  ERR_LICENCE_DESTROYED: {
    status: 410,
    ko: {
      what: '수령자가 파기를 확인한 영상입니다',
      remedy: '다시 필요하면 새로 신청하세요',
    },
    en: {
      what: 'The recipient has confirmed its destruction',
      remedy: 'Make a new request if it is needed again',
    },
  },
  ERR_LICENCE_USED_UP: {
    status: 403,
    ko: { what: '재생횟수를 모두 썼습니다', remedy: '더 필요하면 관제센터에 요청하세요' },
    en: { what: 'All plays have been used', remedy: 'Ask the control centre for more' },
  },
  ERR_LICENCE_NONCE: {
    status: 422,
    ko: {
      what: '일회용 값이 없거나 이미 썼거나 60초가 지났습니다',
      remedy: '새 값을 받아 다시 하세요',
    },
    en: {
      what: 'The nonce is unknown, used or older than 60 seconds',
      remedy: 'Fetch a new one and try again',
    },
  },
  ERR_LICENCE_DEVICE: {
    status: 403,
    ko: {
      what: '이 기기로 봉인된 영상이 아닙니다',
      remedy: '봉인된 기기를 쓰거나 이 기기로 다시 봉인해 달라고 요청하세요',
    },
    en: {
      what: 'The package was not sealed for this device',
      remedy: 'Use the device it was sealed for, or ask for it to be sealed again',
    },
  },
  ERR_LICENCE_CHANNEL: {
    status: 409,
    ko: {
      what: '이 영상의 열람권은 게이트웨이가 아닌 파일로 전달됩니다',
      remedy: '관제센터에서 열람권 파일을 받으세요',
    },
    en: {
      what: 'The licence of this package is handed over as a file',
      remedy: 'Obtain the licence file from the control centre',
    },
  },
  ERR_LICENCE_EPOCH: {
    status: 422,
    ko: {
      what: '열람권이 없는 세대의 열쇠로 잠겨 있습니다',
      remedy: '내부망에서 지금 세대의 열쇠로 다시 봉인하세요',
    },
    en: {
      what: 'The licence is locked to an epoch whose key does not exist here',
      remedy: 'Seal the package again under a current key',
    },
  },
  ERR_RECEIPT_MISMATCH: {
    status: 422,
    ko: {
      what: '수신증이 이 영상이나 열람권과 맞지 않습니다',
      remedy: '기기의 시각과 영상 번호를 확인하고 다시 보내세요',
    },
    en: {
      what: 'The receipt does not fit the package or licence it names',
      remedy: 'Check the package and send the receipt again',
    },
  },
  ERR_RECORD_UNEXPECTED: {
    status: 400,
    ko: { what: '이 구역이 받지 않는 종류의 기록입니다', remedy: '보낸 쪽의 버전을 확인하세요' },
    en: {
      what: 'This zone does not take records of that kind',
      remedy: 'Check the version of the sender',
    },
  },
} as const satisfies ErrorTable;
