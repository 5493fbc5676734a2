import type { ErrorTable } from './table.ts';

/** Errors of the `station` command and of clients of the gateway. */
export const STATION_ERRORS = {
  ERR_STATION_USAGE: {
    status: 400,
    ko: { what: '명령의 형식이 올바르지 않습니다', remedy: 'station --help로 사용법을 확인하세요' },
    en: { what: 'The command line is not understood', remedy: 'See station --help' },
  },
  ERR_STATION_FILE_EXISTS: {
    status: 409,
    ko: {
      what: '같은 이름의 파일이 이미 있어 덮어쓰지 않습니다',
      remedy: '다른 이름을 정하거나 있는 파일을 옮기세요',
    },
    en: {
      what: 'The file exists and is not overwritten',
      remedy: 'Choose another name, or move the existing file away',
    },
  },
  ERR_STATION_FILE_UNREADABLE: {
    status: 404,
    ko: { what: '파일을 읽을 수 없습니다', remedy: '경로와 권한을 확인하세요' },
    en: { what: 'The file cannot be read', remedy: 'Check the path and its permissions' },
  },
  ERR_STATION_KEY_FILE: {
    status: 422,
    ko: {
      what: '기기 키 파일이 아닙니다',
      remedy: 'station keygen으로 만든 device.key를 지정하세요',
    },
    en: {
      what: 'This is not a device key file',
      remedy: 'Name the device.key that station keygen wrote',
    },
  },
  ERR_STATION_PASSPHRASE: {
    status: 403,
    ko: { what: '키 파일의 암호가 맞지 않습니다', remedy: '키를 만들 때 정한 암호를 입력하세요' },
    en: {
      what: 'The passphrase does not open the key file',
      remedy: 'Enter the passphrase chosen at keygen',
    },
  },
  ERR_STATION_SECRET_MISSING: {
    status: 400,
    ko: { what: '암호를 물어볼 단말이 없습니다', remedy: '암호가 든 파일을 옵션으로 지정하세요' },
    en: {
      what: 'There is no terminal to ask for a secret',
      remedy: 'Name a file that holds it, by option',
    },
  },
  ERR_STATION_CA_FILE: {
    status: 422,
    ko: {
      what: '인증기관 인증서 파일이 아닙니다',
      remedy: '관제센터가 준 CA 인증서(PEM)를 지정하세요',
    },
    en: {
      what: 'This is not a CA certificate file',
      remedy: 'Name the CA certificate (PEM) that the control centre gave you',
    },
  },
  ERR_STATION_CA_DIFFERS: {
    status: 422,
    ko: {
      what: '관문이 내민 인증기관이 가진 것과 다릅니다',
      remedy: '등록을 멈추고 관제센터에 알리세요',
    },
    en: {
      what: 'The gateway shows another authority than the one you hold',
      remedy: 'Stop and tell the control centre',
    },
  },
  ERR_STATION_CERTIFICATE: {
    status: 422,
    ko: {
      what: '받은 인증서가 이 기기의 키와 맞지 않습니다',
      remedy: '등록을 멈추고 관제센터에 알리세요',
    },
    en: {
      what: 'The certificates received are not for this device’s keys',
      remedy: 'Stop and tell the control centre',
    },
  },
  ERR_STATION_NOT_ENROLLED: {
    status: 409,
    ko: { what: '아직 등록되지 않은 기기입니다', remedy: 'station enrol로 먼저 등록하세요' },
    en: { what: 'This device is not enrolled', remedy: 'Enrol it first with station enrol' },
  },
  ERR_STATION_ENROLMENT_REFUSED: {
    status: 403,
    ko: {
      what: '관제센터가 기기 등록을 거절했습니다',
      remedy: '관제센터에 이유를 묻고 새 키로 다시 등록하세요',
    },
    en: {
      what: 'The control centre refused this device',
      remedy: 'Ask why, then enrol again with new keys',
    },
  },
  ERR_STATION_ENROLMENT_PENDING: {
    status: 408,
    ko: {
      what: '기기 등록이 아직 확인되지 않았습니다',
      remedy: '지문을 담당자에게 불러 주고 같은 명령을 다시 실행하세요',
    },
    en: {
      what: 'The enrolment is not confirmed yet',
      remedy: 'Read the fingerprint to the operator, then run the same command again',
    },
  },
  ERR_STATION_GATEWAY_UNREACHABLE: {
    status: 503,
    ko: { what: '관문 서버에 연결할 수 없습니다', remedy: '주소와 VPN 연결을 확인하세요' },
    en: { what: 'The gateway cannot be reached', remedy: 'Check its address and the VPN' },
  },
  ERR_STATION_GATEWAY_REPLY: {
    status: 503,
    ko: {
      what: '관문 서버의 응답을 이해할 수 없습니다',
      remedy: '주소가 맞는지, 프로그램이 최신인지 확인하세요',
    },
    en: {
      what: 'The gateway’s reply is not understood',
      remedy: 'Check its address and the version of this program',
    },
  },
} as const satisfies ErrorTable;
