import type { ErrorTable } from './table.ts';

/** Errors of the service shell: requests, sessions, accounts, start-up, database, key files. */
export const RUNTIME_ERRORS = {
  ERR_REQUEST_INVALID: {
    status: 400,
    ko: { what: '요청의 항목이 올바르지 않습니다', remedy: '표시된 항목을 고쳐 다시 보내세요' },
    en: {
      what: 'A field of the request is not valid',
      remedy: 'Correct the field named and send it again',
    },
  },
  ERR_REQUEST_TOO_LARGE: {
    status: 413,
    ko: { what: '요청이 허용된 크기를 넘었습니다', remedy: '내용을 줄이거나 나누어 보내세요' },
    en: { what: 'The request is larger than this address accepts', remedy: 'Send less at once' },
  },
  ERR_REQUEST_MEDIA_TYPE: {
    status: 415,
    ko: { what: '이 주소가 받지 않는 내용 형식입니다', remedy: 'application/json으로 보내세요' },
    en: { what: 'This address does not accept that content type', remedy: 'Send application/json' },
  },
  ERR_REQUEST_TIMEOUT: {
    status: 408,
    ko: { what: '요청을 제시간에 다 받지 못했습니다', remedy: '연결을 확인하고 다시 보내세요' },
    en: {
      what: 'The request did not arrive in time',
      remedy: 'Check the connection and send it again',
    },
  },
  ERR_ROUTE_NOT_FOUND: {
    status: 404,
    ko: { what: '없는 주소입니다', remedy: '주소를 확인하세요' },
    en: { what: 'There is nothing at this address', remedy: 'Check the address' },
  },
  ERR_METHOD_NOT_ALLOWED: {
    status: 405,
    ko: { what: '이 주소에서 쓸 수 없는 방법입니다', remedy: '허용된 방법(Allow)으로 보내세요' },
    en: {
      what: 'This address does not take that method',
      remedy: 'Use a method named in the Allow header',
    },
  },
  ERR_RATE_LIMITED: {
    status: 429,
    ko: {
      what: '짧은 시간에 요청이 너무 많습니다',
      remedy: '안내된 시간(Retry-After) 뒤에 다시 하세요',
    },
    en: {
      what: 'Too many requests in a short time',
      remedy: 'Try again after the time in Retry-After',
    },
  },
  ERR_INTERNAL: {
    status: 500,
    ko: { what: '처리 중 오류가 났습니다', remedy: '요청 번호를 관리자에게 알려 주세요' },
    en: {
      what: 'Something failed while this was carried out',
      remedy: 'Give the request id to the administrator',
    },
  },
  ERR_NOT_READY: {
    status: 503,
    ko: {
      what: '서비스가 아직 준비되지 않았습니다',
      remedy: '잠시 뒤 다시 하고, 계속되면 기록에 적힌 점검 항목을 확인하세요',
    },
    en: {
      what: 'The service is not ready',
      remedy: 'Try again shortly; if it lasts, the log names the check that fails',
    },
  },
  ERR_SESSION_REQUIRED: {
    status: 401,
    ko: { what: '로그인이 필요합니다', remedy: '로그인한 뒤 다시 하세요' },
    en: { what: 'This needs a session', remedy: 'Log in and try again' },
  },
  ERR_SESSION_EXPIRED: {
    status: 401,
    ko: { what: '로그인 시간이 지났거나 끝난 세션입니다', remedy: '다시 로그인하세요' },
    en: { what: 'The session has ended', remedy: 'Log in again' },
  },
  ERR_CSRF_MISMATCH: {
    status: 403,
    ko: { what: '요청 확인값이 맞지 않습니다', remedy: '페이지를 새로 고쳐 다시 하세요' },
    en: {
      what: 'The x-sallyport-csrf header does not belong to this session',
      remedy: 'Reload the page and try again',
    },
  },
  ERR_ACCESS_DENIED: {
    status: 403,
    ko: { what: '이 일을 할 권한이 없습니다', remedy: '맡은 역할을 관리자에게 확인하세요' },
    en: { what: 'Your role does not allow this', remedy: 'Ask the administrator about your role' },
  },
  ERR_CREDENTIALS_REFUSED: {
    status: 401,
    ko: {
      what: '아이디, 비밀번호 또는 인증번호가 맞지 않습니다',
      remedy: '다시 입력하세요. 여러 번 틀리면 계정이 잠깁니다',
    },
    en: {
      what: 'The account name, password or one-time code is wrong',
      remedy: 'Enter them again; repeated failures lock the account',
    },
  },
  ERR_ACCOUNT_LOCKED: {
    status: 423,
    ko: {
      what: '여러 번 틀려 계정이 잠겼습니다',
      remedy: '안내된 시각까지 기다리거나 관리자에게 해제를 요청하세요',
    },
    en: {
      what: 'The account is locked after repeated failures',
      remedy: 'Wait until the time named, or ask the administrator to unlock it',
    },
  },
  ERR_PASSWORD_WEAK: {
    status: 422,
    ko: {
      what: '비밀번호가 너무 쉽습니다',
      remedy: '12자 이상으로, 아이디와 다르고 같은 글자가 되풀이되지 않게 정하세요',
    },
    en: {
      what: 'The password is too weak',
      remedy: 'Use at least 12 characters that neither repeat nor contain the account name',
    },
  },
  ERR_ENVIRONMENT_INVALID: {
    status: 500,
    ko: {
      what: '환경 설정에 잘못된 이름이 있습니다',
      remedy: '표시된 환경 변수를 모두 고친 뒤 다시 시작하세요',
    },
    en: {
      what: 'Some environment variables are missing, unknown or wrong',
      remedy: 'Correct every variable named, then start again',
    },
  },
  ERR_LISTEN_INSECURE: {
    status: 500,
    ko: {
      what: 'TLS 없이 이 주소에서 열 수 없습니다',
      remedy: '내부 인증기관의 인증서를 설정하거나 127.0.0.1에서만 여세요',
    },
    en: {
      what: 'Refusing to listen on this address without TLS',
      remedy: 'Set a certificate from the internal authority, or listen on 127.0.0.1 or ::1',
    },
  },
  ERR_PERMISSION_UNLISTED: {
    status: 500,
    ko: { what: '권한표에 없는 경로가 있습니다', remedy: '표시된 경로를 권한표에 적으세요' },
    en: {
      what: 'A route is not in the permission table, or the table names no route',
      remedy: 'List every route named in the permission table, and only those',
    },
  },
  ERR_STOP_DEADLINE: {
    status: 500,
    ko: {
      what: '정해진 시간 안에 멈추지 못했습니다',
      remedy: '멈추지 못한 부분을 확인하세요. 다시 시작하면 이어서 처리합니다',
    },
    en: {
      what: 'The service did not stop within its deadline',
      remedy: 'Look at the part named; a restart carries on where it was',
    },
  },
  ERR_DATABASE_UNAVAILABLE: {
    status: 503,
    ko: {
      what: '데이터베이스에 연결할 수 없습니다',
      remedy: '데이터베이스가 켜져 있는지, 주소가 맞는지 확인하세요',
    },
    en: {
      what: 'The database cannot be reached',
      remedy: 'Check that the database runs and that its address is right',
    },
  },
  ERR_DATABASE_START: {
    status: 500,
    ko: {
      what: '내장 데이터베이스를 시작하지 못했습니다',
      remedy: '데이터 폴더의 server.log를 확인하세요',
    },
    en: {
      what: 'The embedded database did not start',
      remedy: 'Read server.log in the data directory',
    },
  },
  ERR_DATABASE_FOLDER: {
    status: 500,
    ko: {
      what: '데이터베이스 사용자가 데이터 폴더에 들어갈 수 없습니다',
      remedy: '표시된 상위 폴더에 통과 권한(o+x)을 주거나 다른 곳에 두세요',
    },
    en: {
      what: 'The database’s user cannot reach the data directory',
      remedy: 'Let others traverse the parent folder named (o+x), or keep the data elsewhere',
    },
  },
  ERR_DATABASE_PLATFORM: {
    status: 500,
    ko: {
      what: '이 기종에는 내장 데이터베이스가 없습니다',
      remedy: '데이터베이스 주소(…_DATABASE_URL)를 설정하세요',
    },
    en: {
      what: 'There is no embedded database for this platform',
      remedy: 'Set the service’s _DATABASE_URL to a PostgreSQL server',
    },
  },
  ERR_DATABASE_LOCKED: {
    status: 503,
    ko: {
      what: '다른 프로세스가 데이터베이스를 시작하거나 멈추는 중입니다',
      remedy: '잠시 뒤 다시 시작하세요',
    },
    en: {
      what: 'Another process is starting or stopping the embedded database',
      remedy: 'Start again in a moment',
    },
  },
  ERR_MIGRATION_CHANGED: {
    status: 500,
    ko: {
      what: '이미 적용한 마이그레이션의 내용이 바뀌었습니다',
      remedy: '원래 파일로 되돌리고 변경은 새 마이그레이션으로 만드세요',
    },
    en: {
      what: 'A migration that was already applied has changed',
      remedy: 'Restore the file and put the change in a new migration',
    },
  },
  ERR_MIGRATION_UNKNOWN: {
    status: 500,
    ko: {
      what: '데이터베이스가 이 프로그램보다 새 판입니다',
      remedy: '데이터베이스에 맞는 새 판의 프로그램을 쓰세요',
    },
    en: {
      what: 'The database has a migration that this program does not know',
      remedy: 'Use the newer release that made it',
    },
  },
  ERR_MIGRATION_FAILED: {
    status: 500,
    ko: {
      what: '마이그레이션을 적용하지 못했습니다',
      remedy: '아무것도 바뀌지 않았습니다. 원인을 고쳐 다시 시작하세요',
    },
    en: {
      what: 'A migration could not be applied',
      remedy: 'Nothing was changed by it: remove the cause and start again',
    },
  },
  ERR_KEY_FILE_PERMISSIONS: {
    status: 500,
    ko: {
      what: '다른 사용자가 읽을 수 있는 비밀 파일입니다',
      remedy: 'chmod 600으로 본인만 읽게 하고, 이미 노출되었다면 새 키를 만드세요',
    },
    en: {
      what: 'Other users can read the secret file',
      remedy: 'chmod 600 it; if it may have been read, make a new key',
    },
  },
  ERR_KEY_FILE_PASSPHRASE: {
    status: 422,
    ko: {
      what: '암호가 틀렸거나 키 파일이 손상되었습니다',
      remedy: '암호를 확인하거나 백업에서 되살리세요',
    },
    en: {
      what: 'The passphrase is wrong or the key file is damaged',
      remedy: 'Check the passphrase, or restore the file from its backup',
    },
  },
  ERR_KEY_FILE_INVALID: {
    status: 500,
    ko: { what: '키 파일의 형식이 아닙니다', remedy: '이 제품이 만든 키 파일인지 확인하세요' },
    en: {
      what: 'This is not a key file of this product',
      remedy: 'Check that the right file is named',
    },
  },
  ERR_FILE_EXISTS: {
    status: 409,
    ko: {
      what: '같은 이름의 파일이 이미 있습니다',
      remedy: '다른 이름을 쓰거나 있는 파일을 먼저 옮기세요',
    },
    en: {
      what: 'A file of that name already exists',
      remedy: 'Choose another name or move the existing file away',
    },
  },
  ERR_FIELD_KEY_UNKNOWN: {
    status: 500,
    ko: { what: '암호화된 항목의 키가 없습니다', remedy: '이전 키 파일도 함께 설정하세요' },
    en: {
      what: 'The key of an encrypted field is not loaded',
      remedy: 'Load the older key file as well',
    },
  },
  ERR_FIELD_TAMPERED: {
    status: 500,
    ko: {
      what: '암호화된 항목이 바뀌었거나 다른 행에서 옮겨졌습니다',
      remedy: '데이터베이스를 백업과 비교하고 감사 담당자에게 알리세요',
    },
    en: {
      what: 'An encrypted field was altered or moved from another row',
      remedy: 'Compare the database with its backup and tell the auditor',
    },
  },
} as const satisfies ErrorTable;
