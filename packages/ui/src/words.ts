import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

const STORAGE_KEY = 'sallyport-language';
export type Language = 'ko' | 'en';
/** One app's words: the same keys in both languages. */
export interface Words {
  readonly ko: Readonly<Record<string, string>>;
  readonly en: Readonly<Record<string, string>>;
}

const SHARED: Words = {
  ko: {
    'ui.skip': '본문으로 건너뛰기',
    'ui.language': 'English',
    'ui.dark': '어두운 화면',
    'ui.light': '밝은 화면',
    'ui.logout': '로그아웃',
    'ui.login': '로그인',
    'ui.login-name': '아이디',
    'ui.password': '비밀번호',
    'ui.totp': '인증번호 6자리',
    'ui.totp-hint': '인증 앱(OTP)에 지금 보이는 숫자입니다. 한 번 쓴 숫자는 다시 쓸 수 없습니다.',
    'ui.busy': '처리 중입니다…',
    'ui.cancel': '취소',
    'ui.reason': '사유',
    'ui.unexpected': '예상하지 못한 오류가 났습니다',
    'ui.unreachable': '서버에 연결할 수 없습니다',
    'ui.unreachable-remedy': '네트워크와 VPN 연결을 확인하고 다시 시도하세요',
    'ui.code': '오류 코드',
    'ui.menu': '메뉴',
    'ui.gaps': '빠진 구간',
    'ui.no-gaps': '빠진 것이 없습니다.',
    'ui.gap-kind': '상태',
    'ui.gap-range': '구간',
    'ui.gap-count': '개수',
    'ui.gap-since': '처음 알게 된 때',
    'ui.gap-open': '기다리는 중',
    'ui.gap-lost': '없어짐',
    'ui.step-done': '완료',
    'ui.step-now': '진행 중',
    'ui.step-failed': '실패',
    'ui.step-later': '예정',
    'ui.activation': '계정 활성화',
    'ui.activation-code': '일회용 코드',
    'ui.activation-code-hint': '관리자가 준 코드입니다. 한 번만 쓸 수 있습니다.',
    'ui.activation-next': '다음',
    'ui.activation-finish': '활성화 마치기',
    'ui.activation-done': '계정을 쓸 수 있습니다. 인증 앱의 다음 숫자로 로그인하세요.',
    'ui.activation-link': '일회용 코드로 계정 활성화',
    'ui.show-password': '비밀번호 보기',
    'ui.new-password': '새 비밀번호',
    'ui.new-password-hint': '12자 이상, 다른 곳에서 쓰지 않는 것으로 정하세요.',
    'ui.totp-secret-hint': '이 열쇠를 인증 앱(OTP)에 등록하세요. 다시 보여 주지 않습니다.',
  },
  en: {
    'ui.skip': 'Skip to content',
    'ui.language': '한국어',
    'ui.dark': 'Dark theme',
    'ui.light': 'Light theme',
    'ui.logout': 'Log out',
    'ui.login': 'Log in',
    'ui.login-name': 'Login name',
    'ui.password': 'Password',
    'ui.totp': '6-digit code',
    'ui.totp-hint': 'The digits your authenticator app shows now. A used code does not work again.',
    'ui.busy': 'Working…',
    'ui.cancel': 'Cancel',
    'ui.reason': 'Reason',
    'ui.unexpected': 'Something unexpected went wrong',
    'ui.unreachable': 'The server cannot be reached',
    'ui.unreachable-remedy': 'Check the network and the VPN, then try again',
    'ui.code': 'Error code',
    'ui.menu': 'Menu',
    'ui.gaps': 'Gaps',
    'ui.no-gaps': 'Nothing is missing.',
    'ui.gap-kind': 'State',
    'ui.gap-range': 'Range',
    'ui.gap-count': 'Count',
    'ui.gap-since': 'First seen',
    'ui.gap-open': 'open',
    'ui.gap-lost': 'lost',
    'ui.step-done': 'done',
    'ui.step-now': 'now',
    'ui.step-failed': 'failed',
    'ui.step-later': 'later',
    'ui.activation': 'Activate an account',
    'ui.activation-code': 'One-time code',
    'ui.activation-code-hint': 'The code your administrator gave you. It works once.',
    'ui.activation-next': 'Next',
    'ui.activation-finish': 'Finish',
    'ui.activation-done':
      'The account is ready. Log in with the next code of your authenticator app.',
    'ui.activation-link': 'Activate an account with a one-time code',
    'ui.show-password': 'Show the password',
    'ui.new-password': 'New password',
    'ui.new-password-hint': 'At least 12 characters, used nowhere else.',
    'ui.totp-secret-hint':
      'Enter this key into your authenticator app (OTP). It is not shown again.',
  },
};

/** Starts i18n with the app's words: Korean unless this browser chose English before. */
export async function startWords(words: Words): Promise<void> {
  const stored = localStorage.getItem(STORAGE_KEY);
  const language: Language = stored === 'en' ? 'en' : 'ko';
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'ko',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false }, // React escapes
    resources: {
      ko: { translation: { ...SHARED.ko, ...words.ko } },
      en: { translation: { ...SHARED.en, ...words.en } },
    },
  });
  document.documentElement.lang = language;
}

/** The language of the page now. */
export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'ko';
}

/** Switches and remembers. */
export async function switchLanguage(): Promise<void> {
  const next: Language = currentLanguage() === 'ko' ? 'en' : 'ko';
  localStorage.setItem(STORAGE_KEY, next);
  document.documentElement.lang = next;
  await i18next.changeLanguage(next);
}
