export const LANGUAGES = ['ko', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language of a POSIX locale such as `ko_KR.UTF-8`; English unless it is Korean. */
export function languageOf(locale: string | undefined): Language {
  return locale?.toLowerCase().startsWith('ko') === true ? 'ko' : 'en';
}

/** Labels of what the commands print, by the member's name in the JSON. */
export const LABELS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  ko: {
    verdict: '판정',
    packageId: '봉인 번호',
    exportId: '반출 번호',
    requestId: '신청 번호',
    sealedAt: '봉인 시각',
    expiresAt: '열람 기한',
    expired: '기한 지남',
    approvals: '승인',
    recipient: '받는 사람',
    devices: '받는 기기',
    segments: '조각 수',
    sizeBytes: '크기(바이트)',
    root: '머클 루트',
    revocations: '인증서 폐지 확인',
    deviceId: '기기 번호',
    fingerprint: '기기 지문(담당자에게 불러 주세요)',
    caFingerprint: '인증기관 지문(관제센터와 대조하세요)',
    keyFile: '키 파일',
    file: '파일',
    licenceId: '열람 허가 번호',
    playsLeft: '남은 열람 횟수',
    notAfter: '열람 허가 기한',
    state: '상태',
    camera: '카메라',
    period: '촬영 시간',
    caseNumber: '사건 번호',
    watermark: '워터마크',
    files: '파일',
  },
  en: {
    verdict: 'verdict',
    packageId: 'package',
    exportId: 'export',
    requestId: 'request',
    sealedAt: 'sealed at',
    expiresAt: 'may be viewed until',
    expired: 'expired',
    approvals: 'approved',
    recipient: 'for officer',
    devices: 'for devices',
    segments: 'segments',
    sizeBytes: 'bytes',
    root: 'Merkle root',
    revocations: 'revocation of certificates',
    deviceId: 'device',
    fingerprint: 'device fingerprint (read it to the operator)',
    caFingerprint: 'CA fingerprint (compare it with the control centre)',
    keyFile: 'key file',
    file: 'file',
    licenceId: 'licence',
    playsLeft: 'plays left',
    notAfter: 'licence until',
    state: 'state',
    camera: 'camera',
    period: 'recorded',
    caseNumber: 'case',
    watermark: 'watermark',
    files: 'files',
  },
};

export const QUESTIONS: Readonly<
  Record<Language, Readonly<Record<'passphrase' | 'password' | 'totp', string>>>
> = {
  ko: { passphrase: '키 파일 암호', password: '로그인 암호', totp: '일회용 번호 6자리' },
  en: { passphrase: 'Key file passphrase', password: 'Password', totp: 'One-time code, 6 digits' },
};

export const USAGE: Readonly<Record<Language, string>> = {
  ko: `station: 봉인된 영상을 확인하고 여는 경찰서용 명령

  station keygen -o DIR [--label TEXT]                     기기 키를 만든다
  station enrol --gateway URL --login NAME --key FILE      기기를 등록한다
          [--ca FILE] [--wait SECONDS]
  station verify PACKAGE --ca FILE                         온전한지, 누가 언제 누구에게 승인했는지
  station fetch ID -o FILE --gateway URL --login NAME      봉인 파일을 내려받는다
          --ca FILE
  station licence PACKAGE -o FILE --gateway URL            열람 허가를 받는다
          --login NAME --key FILE --ca FILE
  station open PACKAGE --key FILE --licence FILE           연다; OUT은 새 파일이거나 있는 폴더
          --ca FILE -o OUT

  암호는 단말에서 묻거나 --passphrase-file, --password-file, --totp로 준다.
  --tls-ca FILE은 관문의 TLS 인증서를 낸 기관, --json은 JSON으로 출력.
`,
  en: `station: verifies and opens sealed footage at a police station

  station keygen -o DIR [--label TEXT]                     make this device's keys
  station enrol --gateway URL --login NAME --key FILE      enrol the device
          [--ca FILE] [--wait SECONDS]
  station verify PACKAGE --ca FILE                         intact or the first fault; who, when, for whom
  station fetch ID -o FILE --gateway URL --login NAME      download a package
          --ca FILE
  station licence PACKAGE -o FILE --gateway URL            obtain a licence
          --login NAME --key FILE --ca FILE
  station open PACKAGE --key FILE --licence FILE           open; OUT is a new file or an existing folder
          --ca FILE -o OUT

  Secrets are asked on the terminal, or given by --passphrase-file, --password-file, --totp.
  --tls-ca FILE names the authority behind the gateway's TLS certificate; --json prints JSON.
`,
};
