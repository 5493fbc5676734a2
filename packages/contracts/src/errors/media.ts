import type { ErrorTable } from './table.ts';

/** Errors of the media pass: hostile or damaged footage, models, masking, encoding. */
export const MEDIA_ERRORS = {
  ERR_MEDIA_EMPTY: {
    status: 422,
    ko: { what: '영상 파일이 비어 있습니다(0바이트)', remedy: '원본을 다시 내보내어 올리세요' },
    en: {
      what: 'The footage file is empty (zero bytes)',
      remedy: 'Export it from the recorder again and import that file',
    },
  },
  ERR_MEDIA_NOT_VIDEO: {
    status: 422,
    ko: {
      what: '지원하는 영상 파일이 아닙니다',
      remedy: 'mp4, mov, mkv, avi 영상 원본을 올리세요. 재생목록·자막·그림은 받지 않습니다',
    },
    en: {
      what: 'The file is not a video this product takes',
      remedy:
        'Import the original mp4, mov, mkv or avi; playlists, subtitles and pictures are never followed',
    },
  },
  ERR_MEDIA_CODEC_UNSUPPORTED: {
    status: 422,
    ko: {
      what: '지원하지 않는 영상 코덱입니다',
      remedy: 'H.264, H.265, MJPEG, MPEG-4로 다시 내보내세요',
    },
    en: {
      what: 'The video codec is not supported',
      remedy: 'Export it again as H.264, H.265, MJPEG or MPEG-4',
    },
  },
  ERR_MEDIA_UNREADABLE: {
    status: 422,
    ko: {
      what: '영상을 읽을 수 없습니다. 파일이 손상되었습니다',
      remedy: '원본 저장장치에서 다시 복사하세요',
    },
    en: {
      what: 'No frame of the video can be read: the file is damaged',
      remedy: 'Copy it again from the recorder',
    },
  },
  ERR_MEDIA_TOO_LARGE: {
    status: 413,
    ko: {
      what: '화면 크기가 허용 범위를 벗어났습니다',
      remedy: '표시된 한도 안의 해상도로 다시 내보내세요',
    },
    en: {
      what: 'The picture size is outside the limits',
      remedy: 'Export it again at a size within the limit named',
    },
  },
  ERR_MEDIA_RANGE_EMPTY: {
    status: 422,
    ko: { what: '선택한 시간에 영상이 없습니다', remedy: '영상의 시작과 끝 시각을 확인하세요' },
    en: {
      what: 'There is no frame in the chosen range',
      remedy: 'Check the start and end of the range against the recording',
    },
  },
  ERR_MEDIA_TOOL_MISSING: {
    status: 503,
    ko: {
      what: 'ffmpeg 또는 ffprobe를 찾을 수 없습니다',
      remedy: '설치하세요: apt-get install -y ffmpeg',
    },
    en: {
      what: 'ffmpeg or ffprobe was not found',
      remedy: 'Install it: apt-get install -y ffmpeg',
    },
  },
  ERR_MEDIA_STALLED: {
    status: 503,
    ko: {
      what: '영상 처리가 멈추어 중단했습니다',
      remedy: '다시 시도하고, 되풀이되면 파일을 점검하세요',
    },
    en: {
      what: 'The video tool stopped making progress and was ended',
      remedy: 'Try again; if it repeats, examine the file',
    },
  },
  ERR_MEDIA_DECODE_FAILED: {
    status: 422,
    ko: {
      what: '영상을 푸는 중 오류가 났습니다',
      remedy: '다시 시도하고, 되풀이되면 원본을 다시 복사하세요',
    },
    en: {
      what: 'Decoding the video failed',
      remedy: 'Try again; if it repeats, copy the original again',
    },
  },
  ERR_MEDIA_ENCODE_FAILED: {
    status: 500,
    ko: {
      what: '마스킹한 영상을 만드는 중 오류가 났습니다',
      remedy: '디스크 여유와 ffmpeg의 libx264를 확인하고 다시 하세요',
    },
    en: {
      what: 'Encoding the masked video failed',
      remedy: 'Check free disk space and that ffmpeg has libx264, then try again',
    },
  },
  ERR_MEDIA_CANCELLED: {
    status: 409,
    ko: { what: '영상 처리가 취소되었습니다', remedy: '필요하면 다시 시작하세요' },
    en: { what: 'The media work was cancelled', remedy: 'Start it again if it is still wanted' },
  },
  ERR_MEDIA_TARGET_UNKNOWN: {
    status: 422,
    ko: {
      what: '지원하지 않는 마스킹 대상입니다',
      remedy: 'face, plate, person, vehicle, motion 가운데 고르거나 직접 상자를 그리세요',
    },
    en: {
      what: 'There is no such target of masking',
      remedy: 'Choose face, plate, person, vehicle or motion, or draw boxes by hand',
    },
  },
  ERR_MEDIA_MODEL_MISSING: {
    status: 422,
    ko: {
      what: '이 마스킹에 필요한 검출 모델이 없습니다',
      remedy: 'npm run models로 받거나 SALLYPORT_MODELS에 모델 폴더를 지정하세요',
    },
    en: {
      what: 'A model this masking needs is not installed',
      remedy: 'Run `npm run models`, or name the folder that holds it in SALLYPORT_MODELS',
    },
  },
  ERR_MEDIA_MODEL_DIGEST: {
    status: 422,
    ko: {
      what: '모델 파일의 SHA-256이 목록과 다릅니다',
      remedy: '그 파일을 지우고 출처에서 다시 받으세요',
    },
    en: {
      what: 'The SHA-256 of a model file differs from the pinned list',
      remedy: 'Delete that file and fetch it again from its source',
    },
  },
  ERR_MEDIA_MODEL_MANIFEST: {
    status: 422,
    ko: {
      what: '모델 폴더의 모델 명세(.model.json)가 올바르지 않습니다',
      remedy: '표시된 항목을 고치거나 그 명세를 폴더에서 치우세요',
    },
    en: {
      what: 'A model manifest (.model.json) in the model folder is not valid',
      remedy: 'Correct the field named, or take that manifest out of the folder',
    },
  },
  ERR_MEDIA_MODEL_SHAPE: {
    status: 422,
    ko: {
      what: '모델의 입력이나 출력 모양이 명세와 다릅니다',
      remedy: '명세의 input과 decode가 그 모델의 것인지 확인하세요',
    },
    en: {
      what: 'A model takes or gives another shape than its manifest says',
      remedy: 'Check that input and decode of the manifest belong to that model',
    },
  },
  ERR_MEDIA_MODEL_FETCH: {
    status: 503,
    ko: {
      what: '모델을 받지 못했습니다',
      remedy: '망을 확인하거나 --from DIR로 폴더에서 가져오세요',
    },
    en: {
      what: 'A model could not be fetched',
      remedy: 'Check the network, or carry the files in and use --from DIR',
    },
  },
  ERR_MEDIA_PLAN_INVALID: {
    status: 422,
    ko: {
      what: '마스킹 계획의 형식이 올바르지 않습니다',
      remedy: '표시된 항목을 고치거나 다시 검출하세요',
    },
    en: { what: 'The mask plan is not valid', remedy: 'Correct the field named, or detect again' },
  },
  ERR_MEDIA_PLAN_MISMATCH: {
    status: 409,
    ko: {
      what: '마스킹 계획이 이 영상의 것이 아닙니다',
      remedy: '이 영상으로 다시 검출한 뒤 검수하세요',
    },
    en: {
      what: 'The mask plan was made for another picture size or target',
      remedy: 'Detect again on this footage and review the result',
    },
  },
  ERR_MEDIA_FIGURE_UNCOVERED: {
    status: 422,
    ko: {
      what: '마스킹한 영상에서 가려지지 않은 얼굴이나 번호판이 발견되었습니다',
      remedy: '표시된 시각과 위치에 마스크를 추가한 뒤 다시 처리하세요',
    },
    en: {
      what: 'A face or plate was found outside the masks of the finished clip',
      remedy: 'Add a mask at the time and place named, then render again',
    },
  },
  ERR_MEDIA_MASK_CHECK_FAILED: {
    status: 500,
    ko: {
      what: '자체 검사에서 가려지지 않은 부분이 발견되었습니다',
      remedy: '영상을 내보내지 말고 다시 처리하세요. 되풀이되면 제작사에 알리세요',
    },
    en: {
      what: 'The self-check found picture detail under a mask',
      remedy: 'Do not release the clip: render again and report it if it repeats',
    },
  },
  ERR_WATERMARK_KEY: {
    status: 422,
    ko: {
      what: '워터마크 키가 올바르지 않습니다',
      remedy: '`exporter watermark key --out FILE`로 만든 키 파일을 지정하세요',
    },
    en: {
      what: 'The watermark key is not a key',
      remedy: 'Name a key file made by `exporter watermark key --out FILE`',
    },
  },
  ERR_WATERMARK_ID: {
    status: 422,
    ko: {
      what: '워터마크 식별값의 형식이 올바르지 않습니다',
      remedy: '16자리 16진수로 적으세요. 목록은 한 줄에 하나입니다',
    },
    en: {
      what: 'A watermark id is not 16 hexadecimal digits',
      remedy: 'Write each id as 16 hexadecimal digits; a list has one a line',
    },
  },
  ERR_WATERMARK_CORNERS: {
    status: 422,
    ko: {
      what: '모서리 네 점이 볼록한 사각형이 아닙니다',
      remedy: '왼쪽 위, 오른쪽 위, 오른쪽 아래, 왼쪽 아래 순서로 x,y를 적으세요',
    },
    en: {
      what: 'The four corners are no convex quadrilateral',
      remedy: 'Give x,y of top left, top right, bottom right, bottom left, in this order',
    },
  },
  ERR_WATERMARK_TOO_SMALL: {
    status: 422,
    ko: {
      what: '화면이 작아 워터마크를 넣을 수 없습니다',
      remedy: '짧은 변이 240화소 이상인 영상을 쓰세요',
    },
    en: {
      what: 'The picture is too small to carry a watermark',
      remedy: 'Use footage whose shorter side has at least 240 pixels',
    },
  },
} as const satisfies ErrorTable;
