import type { ErrorTable } from './table.ts';

/** Errors of the one-way lanes: frames, sequence, spool folders, parts of large files. */
export const LANE_ERRORS = {
  ERR_LANE_FRAME_FOREIGN: {
    status: 415,
    ko: {
      what: '레인 프레임이 아닌 파일입니다',
      remedy: '스풀 폴더에는 이 제품만 파일을 쓰게 하고, refused 폴더의 파일을 확인하세요',
    },
    en: {
      what: 'The file is not a lane frame',
      remedy:
        'Let only this product write to the spool folder; look at the file in the refused folder',
    },
  },
  ERR_LANE_FRAME_HEADER: {
    status: 400,
    ko: {
      what: '프레임 머리글의 길이나 내용이 맞지 않습니다',
      remedy: '보낸 쪽과 받은 쪽의 버전을 맞추고 다시 보내세요',
    },
    en: {
      what: 'The frame header is malformed or does not fit its body',
      remedy: 'Run the same version on both sides, then send the frame again',
    },
  },
  ERR_LANE_FRAME_TRUNCATED: {
    status: 422,
    ko: {
      what: '프레임 파일이 중간에서 잘렸습니다',
      remedy: '망연계 장비가 파일을 끝까지 옮겼는지 확인하고 다시 보내세요',
    },
    en: {
      what: 'The frame file ends before its declared size',
      remedy: 'Check that the link moves whole files, then send the frame again',
    },
  },
  ERR_LANE_FRAME_TOO_LARGE: {
    status: 413,
    ko: {
      what: '프레임이 허용된 크기를 넘었습니다',
      remedy: '8 MiB 이하의 조각으로 나누어 보내세요',
    },
    en: {
      what: 'The frame is larger than the lane allows',
      remedy: 'Split the body into parts of at most 8 MiB',
    },
  },
  ERR_LANE_FRAME_DIGEST: {
    status: 422,
    ko: {
      what: '프레임 본문이 서명된 해시와 다릅니다',
      remedy: '옮겨지며 바뀌었습니다. 같은 번호로 다시 보내세요',
    },
    en: {
      what: 'The frame body differs from its signed digest',
      remedy: 'It was altered on its way: send the same frame again',
    },
  },
  ERR_LANE_FRAME_STALE: {
    status: 409,
    ko: {
      what: '순번이 받는 창보다 오래된 프레임입니다',
      remedy: '보낸 쪽에서 새 순번으로 다시 보내세요',
    },
    en: {
      what: 'The frame’s sequence number is older than the receiving window',
      remedy: 'Have the sender send its content under a new sequence number',
    },
  },
  ERR_LANE_EPOCH_STALE: {
    status: 409,
    ko: {
      what: '이전 세대(epoch)의 프레임입니다',
      remedy: '할 일이 없습니다. 같은 파일이 되풀이되면 망연계 장비를 점검하세요',
    },
    en: {
      what: 'The frame belongs to an earlier epoch',
      remedy: 'Nothing to do; if it keeps coming, inspect the link for replayed files',
    },
  },
  ERR_LANE_STATE_INVALID: {
    status: 500,
    ko: {
      what: '저장된 레인 순번 상태를 읽을 수 없습니다',
      remedy: '데이터베이스를 백업에서 복구하세요. 빈 상태로 바꾸지 마세요',
    },
    en: {
      what: 'The stored sequence state of the lane cannot be read',
      remedy: 'Restore the database from its backup; do not start from an empty state',
    },
  },
  ERR_LANE_SPOOL_WRITE: {
    status: 503,
    ko: {
      what: '스풀 폴더에 쓸 수 없습니다',
      remedy: '폴더의 권한과 남은 디스크 공간을 확인하세요. 보내기는 다시 시도됩니다',
    },
    en: {
      what: 'The spool folder cannot be written',
      remedy: 'Check its permissions and free space; sending is tried again',
    },
  },
  ERR_LANE_SPOOL_READ: {
    status: 503,
    ko: { what: '스풀 폴더를 읽을 수 없습니다', remedy: '폴더가 있는지와 권한을 확인하세요' },
    en: {
      what: 'The spool folder cannot be read',
      remedy: 'Check that the folder exists and may be read',
    },
  },
  ERR_LANE_PART_MISMATCH: {
    status: 422,
    ko: {
      what: '조각의 개수나 크기가 같은 전송의 다른 조각과 맞지 않습니다',
      remedy: '전송을 처음부터 새 번호로 다시 보내세요',
    },
    en: {
      what: 'The part does not fit the other parts of its transfer',
      remedy: 'Send the whole transfer again under a new transfer id',
    },
  },
  ERR_LANE_PART_CONFLICT: {
    status: 409,
    ko: {
      what: '같은 조각이 다른 내용으로 두 번 왔습니다',
      remedy: '보안 담당자에게 알리고 전송을 새 번호로 다시 보내세요',
    },
    en: {
      what: 'The same part arrived twice with different content',
      remedy: 'Tell the security officer; send the transfer again under a new id',
    },
  },
  ERR_LANE_TRANSFER_TOO_LARGE: {
    status: 413,
    ko: {
      what: '전송이 받는 쪽의 한도를 넘습니다',
      remedy: '받는 쪽의 한도와 디스크 공간을 확인하거나 구간을 나누어 반출하세요',
    },
    en: {
      what: 'The transfer exceeds the receiver’s limit',
      remedy: 'Check the receiver’s limit and disk, or export shorter ranges',
    },
  },
} as const satisfies ErrorTable;
