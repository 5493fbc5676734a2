export type Language = 'ko' | 'en';

/** The reader's language from Accept-Language: Korean unless English is preferred. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => /^\s*(ko|en)\b[^;]*(?:;\s*q=([0-9.]+))?\s*$/i.exec(part))
    .filter((match) => match !== null)
    .map((match) => ({ language: match[1]?.toLowerCase(), weight: Number(match[2] ?? 1) }))
    .sort((a, b) => b.weight - a.weight);
  return wanted[0]?.language === 'en' ? 'en' : 'ko';
}
