import type { ErrorTable } from './table.ts';

/** Errors of the append-only log, its checkpoints and its offline check. */
export const LEDGER_ERRORS = {
  ERR_LEDGER_NOT_FOUND: {
    status: 404,
    ko: { what: '원장 폴더가 아닙니다', remedy: 'ledger.json 이 들어 있는 폴더를 지정하세요' },
    en: { what: 'The folder is not a ledger', remedy: 'Name the folder that holds ledger.json' },
  },
  ERR_LEDGER_ORIGIN: {
    status: 409,
    ko: { what: '다른 구역이나 기관의 원장입니다', remedy: '이 서비스의 원장 폴더를 지정하세요' },
    en: {
      what: 'The ledger belongs to another zone or site',
      remedy: 'Name the ledger folder of this service',
    },
  },
  ERR_LEDGER_LOCKED: {
    status: 423,
    ko: {
      what: '다른 프로세스가 이 원장에 쓰고 있습니다',
      remedy: '원장을 쓰는 역할은 하나만 실행하세요',
    },
    en: {
      what: 'Another process is writing this ledger',
      remedy: 'Run only one role that writes the ledger',
    },
  },
  ERR_LEDGER_LOCK_LOST: {
    status: 503,
    ko: {
      what: '원장의 쓰기 잠금을 잃었습니다',
      remedy: '원장을 쓰는 프로세스를 하나만 남기고 다시 시작하세요',
    },
    en: {
      what: 'The writer lock of the ledger was lost',
      remedy: 'Stop every writer of this ledger and start one',
    },
  },
  ERR_LEDGER_WRITE: {
    status: 503,
    ko: {
      what: '원장에 쓸 수 없습니다',
      remedy: '디스크 공간과 권한을 확인하고 서비스를 다시 시작하세요',
    },
    en: {
      what: 'The ledger cannot be written',
      remedy: 'Check free space and permissions, then restart the service',
    },
  },
  ERR_LEDGER_ENTRY_INVALID: {
    status: 500,
    ko: {
      what: '원장 기록의 형식이 올바르지 않습니다',
      remedy: '백업의 원장과 비교하고 보안 담당자에게 알리세요',
    },
    en: {
      what: 'A ledger entry does not have the agreed shape',
      remedy: 'Compare with the backup of the ledger and tell the security officer',
    },
  },
  ERR_LEDGER_ENTRY_CONFLICT: {
    status: 409,
    ko: {
      what: '같은 번호의 기록이 다른 내용으로 이미 있습니다',
      remedy: '기록을 만든 프로그램을 멈추고 보안 담당자에게 알리세요',
    },
    en: {
      what: 'An entry with this id but other content is already recorded',
      remedy: 'Stop the program that made it and tell the security officer',
    },
  },
  ERR_LEDGER_DUPLICATE_ID: {
    status: 500,
    ko: {
      what: '같은 번호의 기록이 두 번 들어 있습니다',
      remedy: '백업의 원장과 비교하고 보안 담당자에게 알리세요',
    },
    en: {
      what: 'Two entries of the ledger carry one id',
      remedy: 'Compare with the backup of the ledger and tell the security officer',
    },
  },
  ERR_LEDGER_TORN_TAIL: {
    status: 500,
    ko: {
      what: '마지막 기록이 쓰다 만 상태입니다',
      remedy: '서비스를 한 번 시작하면 확정되지 않은 끝부분만 정리됩니다',
    },
    en: {
      what: 'The last entry was cut while being written',
      remedy: 'Start the service once: it removes the tail that was never acknowledged',
    },
  },
  ERR_LEDGER_TRUNCATED: {
    status: 500,
    ko: {
      what: '확정된 기록이 원장에서 사라졌습니다',
      remedy: '이 폴더를 그대로 보존하고 백업에서 복구하세요',
    },
    en: {
      what: 'Entries that were acknowledged are missing from the ledger',
      remedy: 'Keep this folder as it is and restore from the backup',
    },
  },
  ERR_LEDGER_HASH_MISMATCH: {
    status: 500,
    ko: {
      what: '기록과 저장된 해시가 다릅니다',
      remedy: '기록이 바뀌었습니다. 폴더를 보존하고 보안 담당자에게 알리세요',
    },
    en: {
      what: 'An entry differs from its stored hash',
      remedy: 'It was altered: keep the folder and tell the security officer',
    },
  },
  ERR_LEDGER_CHECKPOINT_INVALID: {
    status: 500,
    ko: {
      what: '체크포인트를 확인할 수 없습니다',
      remedy: '서명 인증서와 CA 파일을 확인하고 백업과 비교하세요',
    },
    en: {
      what: 'A checkpoint does not verify',
      remedy: 'Check the signing certificate and the CA file, and compare with the backup',
    },
  },
  ERR_LEDGER_CHECKPOINT_INCONSISTENT: {
    status: 500,
    ko: {
      what: '원장이 이미 서명한 체크포인트와 모순됩니다',
      remedy: '서명을 멈추었습니다. 백업에서 복구하고 보안 담당자에게 알리세요',
    },
    en: {
      what: 'The ledger contradicts a checkpoint it has already signed',
      remedy: 'Signing has stopped: restore from the backup and tell the security officer',
    },
  },
  ERR_LEDGER_RANGE: {
    status: 400,
    ko: { what: '원장의 크기를 벗어난 번호입니다', remedy: '현재 크기 이하의 번호를 지정하세요' },
    en: {
      what: 'The index or size lies outside the ledger',
      remedy: 'Name an index below the current size',
    },
  },
  ERR_LEDGER_PROOF: {
    status: 422,
    ko: {
      what: '증명이 맞지 않습니다',
      remedy: '증명을 다시 받고, 되풀이되면 보안 담당자에게 알리세요',
    },
    en: {
      what: 'The proof does not hold',
      remedy: 'Obtain the proof again; if it fails again tell the security officer',
    },
  },
  ERR_LEDGER_FORKED: {
    status: 422,
    ko: {
      what: '상대 구역의 원장이 갈라졌습니다',
      remedy: '두 체크포인트를 보존하고 즉시 보안 담당자에게 알리세요',
    },
    en: {
      what: 'The other zone’s ledger has forked',
      remedy: 'Keep both checkpoints and tell the security officer at once',
    },
  },
  ERR_LEDGER_NAME_MISSING: {
    status: 422,
    ko: {
      what: '원장의 해시에 해당하는 이름 기록이 없고 파기 표시도 없습니다',
      remedy: '이름 기록 파일을 다시 내보내고, 파기했다면 파기 표시를 확인하세요',
    },
    en: {
      what: 'A digest has no row in the names file and no mark of erasure',
      remedy: 'Export the names file again; if the row was erased, its mark must remain',
    },
  },
  ERR_LEDGER_NAME_MISMATCH: {
    status: 422,
    ko: {
      what: '이름 기록이 원장의 해시와 다릅니다',
      remedy: '이름 기록이 바뀌었습니다. 보안 담당자에게 알리세요',
    },
    en: {
      what: 'A row of the names file differs from its digest in the ledger',
      remedy: 'The row was altered: tell the security officer',
    },
  },
} as const satisfies ErrorTable;
