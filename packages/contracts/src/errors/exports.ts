import type { ErrorTable } from './table.ts';

/** Errors of footage and exports inside: intake, files at rest, planning, review, the gates at sealing. */
export const EXPORT_ERRORS = {
  ERR_AT_REST_INVALID: {
    status: 500,
    ko: {
      what: '보관 중인 암호화 파일이 바뀌었거나 이 키로 만든 것이 아닙니다',
      remedy: '백업에서 복구하거나 원본을 다시 입수하세요',
    },
    en: {
      what: 'A file at rest was altered or was made for another key',
      remedy: 'Restore it from its backup, or import the footage again',
    },
  },
  ERR_AT_REST_TRUNCATED: {
    status: 500,
    ko: {
      what: '보관 중인 암호화 파일의 끝이 없습니다',
      remedy: '백업에서 복구하거나 원본을 다시 입수하세요',
    },
    en: {
      what: 'The end of a file at rest is missing or altered',
      remedy: 'Restore it from its backup, or import the footage again',
    },
  },
  ERR_FOOTAGE_UNKNOWN: {
    status: 404,
    ko: { what: '그런 영상이 없습니다', remedy: '영상 목록에서 다시 고르세요' },
    en: { what: 'There is no such footage', remedy: 'Choose again from the list of footage' },
  },
  ERR_FOOTAGE_TOO_LARGE: {
    status: 413,
    ko: {
      what: '영상 파일이 허용된 크기를 넘었습니다',
      remedy: '구간을 나누어 내보낸 뒤 올리세요',
    },
    en: {
      what: 'The footage file is larger than the limit',
      remedy: 'Export shorter ranges from the recorder and import those',
    },
  },
  ERR_FOOTAGE_INCOMPLETE: {
    status: 400,
    ko: {
      what: '영상이 끝까지 올라오지 않았습니다',
      remedy: '연결을 확인하고 다시 올리세요. 아무것도 저장하지 않았습니다',
    },
    en: {
      what: 'The upload ended before its file did, or a field is missing',
      remedy: 'Check the connection and upload again; nothing was kept',
    },
  },
  ERR_FOOTAGE_NAME_INVALID: {
    status: 422,
    ko: {
      what: '영상 이름에 쓸 수 없는 글자가 있거나 너무 깁니다',
      remedy: '경로·제어·방향전환 문자 없이 120자 이하로 적으세요',
    },
    en: {
      what: 'The footage name has characters that are not allowed, or is too long',
      remedy: 'Use at most 120 characters without path, control or direction marks',
    },
  },
  ERR_FOOTAGE_NAMING: {
    status: 422,
    ko: {
      what: '감시 폴더의 파일 이름이나 곁 파일이 규칙과 다릅니다',
      remedy:
        'CAMERAID_YYYYMMDDTHHMMSSZ.확장자로 이름 짓거나 cameraId와 startsAt을 적은 .json을 함께 두세요',
    },
    en: {
      what: 'A file in the watch folder is not named by the rule and has no valid sidecar',
      remedy:
        'Name it CAMERAID_YYYYMMDDTHHMMSSZ.ext, or put a .json with cameraId and startsAt beside it',
    },
  },
  ERR_FOOTAGE_CAMERA_UNKNOWN: {
    status: 422,
    ko: {
      what: '등록되지 않은 카메라입니다',
      remedy: '카메라를 먼저 등록하거나 카메라 번호를 확인하세요',
    },
    en: {
      what: 'No camera is registered under that id',
      remedy: 'Register the camera first, or check its id',
    },
  },
  ERR_FOOTAGE_OTHER_CAMERA: {
    status: 422,
    ko: { what: '신청한 카메라의 영상이 아닙니다', remedy: '신청에 적힌 카메라의 영상을 고르세요' },
    en: {
      what: 'The footage is of another camera than the one approved',
      remedy: 'Choose footage of the camera that the request names',
    },
  },
  ERR_FOOTAGE_OUT_OF_RANGE: {
    status: 422,
    ko: {
      what: '영상이 승인된 시간과 겹치지 않습니다',
      remedy: '승인된 시간의 영상을 고르고 시작 시각(UTC)을 확인하세요',
    },
    en: {
      what: 'The footage does not overlap the approved time',
      remedy: 'Choose footage of the approved time and check its start (UTC)',
    },
  },
  ERR_FOOTAGE_REFUSED: {
    status: 409,
    ko: {
      what: '영상 파일이 아니어서 거절된 자료입니다',
      remedy: '다른 영상을 고르거나 원본을 다시 입수하세요',
    },
    en: {
      what: 'This footage was refused because it cannot be read as a video',
      remedy: 'Choose other footage, or import the original again',
    },
  },
  ERR_FOOTAGE_DESTROYED: {
    status: 410,
    ko: { what: '이미 파기된 영상입니다', remedy: '다른 영상을 고르거나 원본을 다시 입수하세요' },
    en: {
      what: 'This footage has been destroyed',
      remedy: 'Choose other footage, or import the original again',
    },
  },
  ERR_FOOTAGE_DIGEST_MISMATCH: {
    status: 500,
    ko: {
      what: '원본 영상의 해시가 입수 때와 다릅니다',
      remedy: '반출을 멈추고 보안 담당자에게 알린 뒤 원본을 다시 입수하세요',
    },
    en: {
      what: 'The original’s SHA-256 differs from the one taken at intake',
      remedy: 'Stop, tell the security officer, and import the original again',
    },
  },
  ERR_EXPORT_UNKNOWN: {
    status: 404,
    ko: { what: '그런 반출 건이 없습니다', remedy: '목록에서 다시 고르세요' },
    en: { what: 'There is no such export', remedy: 'Choose again from the list' },
  },
  ERR_EXPORT_STATE: {
    status: 409,
    ko: {
      what: '지금 상태에서는 할 수 없는 일입니다',
      remedy: '화면을 새로 고쳐 현재 상태를 확인하세요',
    },
    en: {
      what: 'The export’s state does not allow this now',
      remedy: 'Reload and look at its present state',
    },
  },
  ERR_EXPORT_RANGE_INVALID: {
    status: 422,
    ko: { what: '시작일이 종료일보다 큽니다', remedy: '시작과 끝 시각을 고치세요' },
    en: { what: 'The range ends before it starts', remedy: 'Correct the start and the end' },
  },
  ERR_EXPORT_VERSION_MISMATCH: {
    status: 409,
    ko: { what: '다른 사람이 먼저 고쳤습니다', remedy: '새로 고친 뒤 다시 고치세요' },
    en: {
      what: 'Somebody else has changed the mask plan meanwhile',
      remedy: 'Reload the newest version and make the change there',
    },
  },
  ERR_EXPORT_VERSION_REQUIRED: {
    status: 400,
    ko: {
      what: '어느 판을 고치는지 If-Match로 알려야 합니다',
      remedy: '읽은 판의 번호를 If-Match 머리글에 넣으세요',
    },
    en: {
      what: 'The If-Match header must name the version this change starts from',
      remedy: 'Send the version that was read, as If-Match: "3"',
    },
  },
  ERR_EXPORT_NOTHING_TO_RETRY: {
    status: 409,
    ko: { what: '실패한 단계가 없습니다', remedy: '할 일이 없습니다. 진행 상태를 확인하세요' },
    en: {
      what: 'No step of this export has failed',
      remedy: 'Nothing to do: look at its progress',
    },
  },
  ERR_EXPORT_STEP_ABANDONED: {
    status: 503,
    ko: {
      what: '처리 단계가 거듭 중단되었습니다',
      remedy: '메모리와 디스크, 서비스 로그를 확인한 뒤 다시 시도하세요',
    },
    en: {
      what: 'The process that worked on this step ended several times without finishing it',
      remedy: 'Check memory, disk and the service log, then retry',
    },
  },
  ERR_EXPORT_KEY_WAIT: {
    status: 503,
    ko: {
      what: '복호화 키를 받지 못했습니다',
      remedy: 'seal 역할이 켜져 있는지 확인하고 다시 시도하세요',
    },
    en: {
      what: 'The role that holds the keys did not answer in time',
      remedy: 'Check that the seal role runs, then retry',
    },
  },
  ERR_PREVIEW_UNKNOWN: {
    status: 404,
    ko: { what: '그런 미리보기가 없습니다', remedy: '검출이 끝난 뒤 다시 여세요' },
    en: { what: 'There is no such preview', remedy: 'Open it again when detection has finished' },
  },
  ERR_GATE_APPROVAL_MISSING: {
    status: 409,
    ko: { what: '두 승인이 모두 있지 않습니다', remedy: '신청 승인과 반출 승인을 모두 받으세요' },
    en: {
      what: 'One of the two approvals is missing',
      remedy: 'Obtain the request approval and the release approval',
    },
  },
  ERR_GATE_SCOPE_MISMATCH: {
    status: 422,
    ko: {
      what: '승인의 내용이 지금의 반출 내용과 다릅니다',
      remedy: '달라진 항목을 확인하고 승인을 다시 받으세요',
    },
    en: {
      what: 'What was approved differs from what is about to leave',
      remedy: 'Look at the field named and obtain the approval again',
    },
  },
  ERR_GATE_NO_DEVICE: {
    status: 409,
    ko: {
      what: '수령자에게 등록된 기기가 없습니다',
      remedy: '수령자가 기기를 등록하고 확인받은 뒤 다시 시도하세요',
    },
    en: {
      what: 'The recipient has no confirmed device',
      remedy: 'Have the recipient enrol a device, confirm it, then retry',
    },
  },
  ERR_GATE_NO_GATEWAY_KEY: {
    status: 409,
    ko: {
      what: '게이트웨이의 유효한 암호키가 없습니다',
      remedy: '게이트웨이의 신뢰 꾸러미를 가져오거나 새 키가 도착하기를 기다리세요',
    },
    en: {
      what: 'No agreement key of the gateway is valid now',
      remedy: 'Import the gateway’s trust bundle, or wait for its next key',
    },
  },
  ERR_PACKAGE_EXISTS: {
    status: 409,
    ko: {
      what: '이 반출 건의 꾸러미가 이미 있습니다',
      remedy: '대체할 꾸러미를 지정하여 다시 봉인하세요',
    },
    en: {
      what: 'A package of this export exists already',
      remedy: 'Seal again by naming the package that the new one supersedes',
    },
  },
} as const satisfies ErrorTable;
