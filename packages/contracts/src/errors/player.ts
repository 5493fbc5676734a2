import type { ErrorTable } from './table.ts';

/** Errors of the browser player. */
export const PLAYER_ERRORS = {
  ERR_PLAYER_GATEWAY: {
    status: 503,
    ko: {
      what: '관문 서버에서 영상 조각을 받을 수 없습니다',
      remedy: 'VPN 연결을 확인하고 다시 재생하세요',
    },
    en: {
      what: 'The gateway does not deliver the footage',
      remedy: 'Check the VPN and play again',
    },
  },
  ERR_PLAYER_MEDIA_TYPE: {
    status: 422,
    ko: {
      what: '이 브라우저는 이 영상 형식을 재생하지 못합니다',
      remedy: '다른 브라우저나 station 명령으로 여세요',
    },
    en: {
      what: 'This browser cannot play this kind of video',
      remedy: 'Use another browser or the station command',
    },
  },
  ERR_PLAYER_MEDIA: {
    status: 422,
    ko: {
      what: '영상을 해독하지 못해 재생을 멈췄습니다',
      remedy: '다시 재생하고, 계속되면 관제센터에 알리세요',
    },
    en: {
      what: 'The video cannot be decoded; playback stopped',
      remedy: 'Play again; report it to the control centre if this repeats',
    },
  },
  ERR_PLAYER_KEY_STORE: {
    status: 422,
    ko: {
      what: '이 브라우저에 기기 키를 보관할 수 없습니다',
      remedy: '사생활 보호 창을 닫고 저장소 사용을 허용하세요',
    },
    en: {
      what: 'This browser cannot keep device keys',
      remedy: 'Leave private browsing and allow storage for this site',
    },
  },
} as const satisfies ErrorTable;
