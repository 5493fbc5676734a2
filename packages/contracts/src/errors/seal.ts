import type { ErrorTable } from './table.ts';

/** Errors of the sealed package: its form, its signatures, its segments, its keys. */
export const SEAL_ERRORS = {
  ERR_SEAL_MAGIC: {
    status: 422,
    ko: { what: '봉인 파일이 아닙니다', remedy: '반출 시스템이 만든 파일인지 확인하세요' },
    en: {
      what: 'This is not a sealed package',
      remedy: 'Check that the file came from the export system',
    },
  },
  ERR_SEAL_VERSION: {
    status: 422,
    ko: {
      what: '이 프로그램이 모르는 봉인 파일 판입니다',
      remedy: '프로그램을 새 판으로 바꾸거나 다시 반출을 요청하세요',
    },
    en: {
      what: 'The package has a version this program does not know',
      remedy: 'Update the program, or ask for a new export',
    },
  },
  ERR_SEAL_HEADER_LENGTH: {
    status: 422,
    ko: { what: '봉인 파일 머리글의 길이가 올바르지 않습니다', remedy: '파일을 다시 받으세요' },
    en: { what: 'The length of the package header is impossible', remedy: 'Obtain the file again' },
  },
  ERR_SEAL_TRUNCATED: {
    status: 422,
    ko: { what: '봉인 파일이 중간에 끊겼습니다', remedy: '빠진 조각을 다시 받으세요' },
    en: { what: 'The package ends too early', remedy: 'Obtain the missing segments again' },
  },
  ERR_SEAL_TRAILING: {
    status: 422,
    ko: {
      what: '봉인 파일 뒤에 남는 내용이 붙어 있습니다',
      remedy: '파일을 다시 받고, 계속되면 관제센터에 알리세요',
    },
    en: {
      what: 'There are bytes after the end of the package',
      remedy: 'Obtain the file again; report it if this repeats',
    },
  },
  ERR_SEAL_SUITE: {
    status: 422,
    ko: { what: '알 수 없는 암호 방식입니다', remedy: '프로그램을 새 판으로 바꾸세요' },
    en: { what: 'The package names an unknown cipher suite', remedy: 'Update the program' },
  },
  ERR_SEAL_SUITE_UNAVAILABLE: {
    status: 422,
    ko: {
      what: '이 환경에는 ARIA 암호가 없습니다',
      remedy: '브라우저 대신 station 명령으로 여세요',
    },
    en: {
      what: 'The ARIA cipher is not available here',
      remedy: 'Open it with the station command instead of a browser',
    },
  },
  ERR_SEAL_LAYOUT: {
    status: 422,
    ko: {
      what: '봉인 파일의 목록과 크기가 서로 맞지 않습니다',
      remedy: '관제센터에 다시 봉인하도록 요청하세요',
    },
    en: {
      what: 'The package’s entry table contradicts itself',
      remedy: 'Ask the control centre to seal it again',
    },
  },
  ERR_SEAL_RECIPIENTS: {
    status: 422,
    ko: {
      what: '수신 기기 목록이 올바르지 않습니다',
      remedy: '관제센터에 다시 봉인하도록 요청하세요',
    },
    en: {
      what: 'The list of recipient devices is not acceptable',
      remedy: 'Ask the control centre to seal it again',
    },
  },
  ERR_SEAL_APPROVAL_PERSON: {
    status: 422,
    ko: {
      what: '두 승인이 서로 다른 두 사람의 것이 아니거나 신청자·작업자의 것입니다',
      remedy: '신청자와 작업자가 아닌 다른 승인자가 승인하세요',
    },
    en: {
      what: 'The two approvals are not by two other persons than requester and preparer',
      remedy: 'Have another approver, neither requester nor preparer, approve it',
    },
  },
  ERR_SEAL_APPROVAL_SCOPE: {
    status: 422,
    ko: { what: '승인이 이 반출의 내용과 다릅니다', remedy: '바뀐 내용으로 다시 승인을 받으세요' },
    en: {
      what: 'An approval covers something else than this export',
      remedy: 'Have the present content approved anew',
    },
  },
  ERR_SEAL_APPROVAL_EXPIRED: {
    status: 422,
    ko: { what: '승인의 유효기간이 아닙니다', remedy: '다시 승인을 받으세요' },
    en: { what: 'An approval is not valid at this time', remedy: 'Have it approved again' },
  },
  ERR_SEAL_ROOT: {
    status: 422,
    ko: {
      what: '조각 목록이 서명된 머리글과 다릅니다',
      remedy: '파일을 다시 받고, 계속되면 관제센터에 알리세요',
    },
    en: {
      what: 'The leaf table does not match the signed header',
      remedy: 'Obtain the file again; report it if this repeats',
    },
  },
  ERR_SEAL_SEGMENT: {
    status: 422,
    ko: {
      what: '봉인 파일의 한 조각이 바뀌었습니다',
      remedy: '그 조각을 다시 받고, 계속되면 관제센터에 알리세요',
    },
    en: {
      what: 'A segment of the package was altered',
      remedy: 'Obtain that segment again; report it if this repeats',
    },
  },
  ERR_SEAL_EQUIVOCATION: {
    status: 409,
    ko: {
      what: '같은 번호의 다른 봉인 파일이 있습니다',
      remedy: '즉시 보안 담당자에게 알리세요. 어느 쪽도 쓰지 마세요',
    },
    en: {
      what: 'Another package bears the same id',
      remedy: 'Tell the security officer at once and use neither',
    },
  },
  ERR_SEAL_DIGEST_MISMATCH: {
    status: 422,
    ko: {
      what: '봉인하려는 파일이 승인된 파일과 다릅니다',
      remedy: '다시 만들고 다시 승인을 받으세요',
    },
    en: {
      what: 'A file to be sealed differs from the approved one',
      remedy: 'Render it again and have it approved again',
    },
  },
  ERR_SEAL_MANIFEST: {
    status: 422,
    ko: {
      what: '봉인 안의 명세가 서명된 머리글과 다릅니다',
      remedy: '관제센터에 다시 봉인하도록 요청하세요',
    },
    en: {
      what: 'The manifest contradicts the signed header',
      remedy: 'Ask the control centre to seal it again',
    },
  },
  ERR_SEAL_ENTRY_SIZE: {
    status: 422,
    ko: { what: '파일의 크기가 알려진 크기와 다릅니다', remedy: '파일을 확인하고 다시 봉인하세요' },
    en: {
      what: 'An entry is not as long as announced',
      remedy: 'Check the file and seal it again',
    },
  },
  ERR_SEAL_TARGET_EXISTS: {
    status: 409,
    ko: { what: '그 이름의 봉인 파일이 이미 있습니다', remedy: '새 번호로 봉인하세요' },
    en: { what: 'A package of that name exists already', remedy: 'Seal under a new package id' },
  },
  ERR_SEAL_COMMITMENT: {
    status: 422,
    ko: {
      what: '두 키 조각이 이 봉인 파일의 것이 아닙니다',
      remedy: '이 기기와 이 파일 앞으로 나온 열람 허가를 사용하세요',
    },
    en: {
      what: 'The key shares do not belong to this package',
      remedy: 'Use the licence issued for this package and device',
    },
  },
  ERR_SEAL_DECRYPT: {
    status: 422,
    ko: {
      what: '한 조각의 암호를 풀 수 없습니다',
      remedy: '파일을 다시 받고, 계속되면 관제센터에 알리세요',
    },
    en: {
      what: 'A segment does not decrypt',
      remedy: 'Obtain the file again; report it if this repeats',
    },
  },
  ERR_SEAL_EXPIRED: {
    status: 410,
    ko: { what: '열람 기한이 지났습니다', remedy: '연장하거나 다시 반출을 신청하세요' },
    en: { what: 'The viewing period is over', remedy: 'Ask for an extension or a new export' },
  },
  ERR_SEAL_NOT_YET_VALID: {
    status: 422,
    ko: {
      what: '봉인 시각이 이 기기의 시각보다 늦습니다',
      remedy: '기기의 날짜와 시간을 맞추세요',
    },
    en: {
      what: 'The package was sealed later than this device’s clock shows',
      remedy: 'Set the date and time of this device',
    },
  },
  ERR_SEAL_NOT_RECIPIENT: {
    status: 403,
    ko: {
      what: '이 기기 앞으로 봉인된 파일이 아닙니다',
      remedy: '등록된 기기에서 열거나, 이 기기로 다시 봉인을 요청하세요',
    },
    en: {
      what: 'The package was not sealed for this device',
      remedy: 'Use the enrolled device, or ask to seal it again for this one',
    },
  },
  ERR_SEAL_LICENCE: {
    status: 422,
    ko: {
      what: '열람 허가가 이 파일과 기기의 것이 아닙니다',
      remedy: '이 파일의 열람 허가를 새로 받으세요',
    },
    en: {
      what: 'The licence is for another package or device',
      remedy: 'Request a licence for this package',
    },
  },
} as const satisfies ErrorTable;
