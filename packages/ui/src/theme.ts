import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** KRDS primary 5 … 90; shade 6 is the filled colour with AA contrast on white. */
const primary: MantineColorsTuple = [
  '#ecf2fe',
  '#d8e5fd',
  '#b1cefb',
  '#86aff9',
  '#4c87f6',
  '#256ef4',
  '#0b50d0',
  '#083891',
  '#052561',
  '#03163a',
];

/** The theme of both apps: KRDS colours, font and radius on a kept React kit. */
export const theme = createTheme({
  primaryColor: 'krds',
  primaryShade: { light: 6, dark: 6 },
  colors: { krds: primary },
  fontFamily: "'Pretendard GOV', 'Noto Sans CJK KR', 'Noto Sans KR', system-ui, sans-serif",
  headings: {
    fontFamily: "'Pretendard GOV', 'Noto Sans CJK KR', 'Noto Sans KR', system-ui, sans-serif",
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
});
