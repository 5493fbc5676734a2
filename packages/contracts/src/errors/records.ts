import type { ErrorTable } from './table.ts';

/** Errors of records, their signatures and certificates: the strict checks of every zone border. */
export const RECORD_ERRORS = {
  ERR_RECORD_INVALID: {
    status: 400,
    ko: {
      what: '기록의 형식이 올바르지 않습니다',
      remedy: '보낸 프로그램의 버전과 표시된 항목을 확인하세요',
    },
    en: {
      what: 'The record does not have the agreed shape',
      remedy: 'Check the version of the sending program and the field named',
    },
  },
  ERR_RECORD_TOO_LARGE: {
    status: 413,
    ko: { what: '기록이 허용된 크기를 넘었습니다', remedy: '항목 수를 줄여 나누어 보내세요' },
    en: {
      what: 'The record is larger than its kind allows',
      remedy: 'Send fewer items in one record',
    },
  },
  ERR_RECORD_NOT_CANONICAL: {
    status: 400,
    ko: {
      what: '서명된 바이트가 정규 형식이 아닙니다',
      remedy: '보낸 프로그램을 이 제품의 것으로 바꾸세요',
    },
    en: {
      what: 'The signed bytes are not in canonical form',
      remedy: 'Use this product’s own program to sign',
    },
  },
  ERR_RECORD_ENCODING: {
    status: 400,
    ko: {
      what: 'base64url 표기가 엄격한 형식과 다릅니다',
      remedy: '파일이 옮겨지며 바뀌지 않았는지 확인하세요',
    },
    en: {
      what: 'The base64url text is not the one strict form',
      remedy: 'Check that the file was not altered on its way',
    },
  },
  ERR_RECORD_HEADER: {
    status: 400,
    ko: {
      what: '서명 머리글의 종류나 알고리즘이 다릅니다',
      remedy: '이 종류의 기록을 받는 자리인지 확인하세요',
    },
    en: {
      what: 'The signature header names another kind or algorithm',
      remedy: 'Check that this kind of record belongs here',
    },
  },
  ERR_RECORD_SIGNATURE: {
    status: 422,
    ko: { what: '서명이 맞지 않습니다', remedy: '기록이 바뀌었습니다. 보낸 곳에서 다시 받으세요' },
    en: {
      what: 'The signature does not match',
      remedy: 'The record was altered: obtain it again from its sender',
    },
  },
  ERR_RECORD_EXPIRED: {
    status: 422,
    ko: { what: '기록의 유효기간이 지났습니다', remedy: '새로 서명해 보내세요' },
    en: { what: 'The record has expired', remedy: 'Sign and send it anew' },
  },
  ERR_RECORD_AUDIENCE: {
    status: 422,
    ko: { what: '다른 기관 앞으로 된 기록입니다', remedy: '받는 기관을 확인하세요' },
    en: {
      what: 'The record is addressed to another site',
      remedy: 'Check which site it was made for',
    },
  },
  ERR_RECORD_STALE: {
    status: 409,
    ko: { what: '더 새로운 판이 이미 있습니다', remedy: '할 일이 없습니다. 최신 판을 사용하세요' },
    en: {
      what: 'A newer version is already known',
      remedy: 'Nothing to do: use the newer version',
    },
  },
  ERR_CERTIFICATE_UNKNOWN: {
    status: 422,
    ko: {
      what: '내부 인증기관이 발급한 인증서가 아닙니다',
      remedy: '기기나 담당자 등록을 마친 뒤 다시 하세요',
    },
    en: {
      what: 'The certificate was not issued by this site’s authority',
      remedy: 'Finish the enrolment, then try again',
    },
  },
  ERR_CERTIFICATE_EXPIRED: {
    status: 422,
    ko: { what: '인증서의 유효기간이 아닙니다', remedy: '인증서를 새로 발급받으세요' },
    en: {
      what: 'The certificate is not valid at this time',
      remedy: 'Have a new certificate issued',
    },
  },
  ERR_CERTIFICATE_REVOKED: {
    status: 422,
    ko: { what: '폐지된 인증서입니다', remedy: '관리자에게 문의하고 다시 등록하세요' },
    en: { what: 'The certificate was revoked', remedy: 'Ask the administrator and enrol again' },
  },
  ERR_CERTIFICATE_ROLE: {
    status: 422,
    ko: { what: '이 일에 쓸 수 없는 인증서입니다', remedy: '맡은 역할의 인증서로 서명하세요' },
    en: {
      what: 'The certificate’s role does not allow this act',
      remedy: 'Sign with the certificate of the right role',
    },
  },
  ERR_WRAP_FAILED: {
    status: 422,
    ko: {
      what: '암호화된 값을 이 키로 열 수 없습니다',
      remedy: '이 기기 앞으로 만든 것인지 확인하세요',
    },
    en: {
      what: 'The encrypted value does not open with this key',
      remedy: 'Check that it was made for this device',
    },
  },
  ERR_KEY_INVALID: {
    status: 400,
    ko: { what: '키의 종류나 값이 올바르지 않습니다', remedy: 'P-256 키인지 확인하세요' },
    en: { what: 'The key is of another type or not a valid point', remedy: 'Use a P-256 key' },
  },
  ERR_CANONICAL_VALUE: {
    status: 400,
    ko: { what: '정규 JSON으로 나타낼 수 없는 값입니다', remedy: '정수 범위와 문자를 확인하세요' },
    en: {
      what: 'The value cannot be written as canonical JSON',
      remedy: 'Check integer ranges and characters',
    },
  },
} as const satisfies ErrorTable;
