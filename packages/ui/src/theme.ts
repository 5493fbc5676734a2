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

/** The kit's own 6 and 9 of these fall short of 4.5 : 1 under white and over their own light shade. */
const red: MantineColorsTuple = [
  '#fff1f1',
  '#ffe1e1',
  '#ffc7c7',
  '#ffa3a3',
  '#ff8787',
  '#e03131',
  '#c92a2a',
  '#b02525',
  '#971f1f',
  '#8a1a1a',
];
const orange: MantineColorsTuple = [
  '#fff4e6',
  '#ffe8cc',
  '#ffd8a8',
  '#ffc078',
  '#ffa94d',
  '#d9480f',
  '#b34700',
  '#993c00',
  '#8a3600',
  '#7a3000',
];
const green: MantineColorsTuple = [
  '#ebfbee',
  '#d3f9d8',
  '#b2f2bb',
  '#8ce99a',
  '#69db7c',
  '#2b8a3e',
  '#237032',
  '#1f632c',
  '#1b5826',
  '#174d21',
];

/** The theme of both apps: KRDS colours, font and radius on a kept React kit. */
export const theme = createTheme({
  primaryColor: 'krds',
  primaryShade: { light: 6, dark: 6 },
  colors: { krds: primary, red, orange, green },
  fontFamily: "'Pretendard GOV', 'Noto Sans CJK KR', 'Noto Sans KR', system-ui, sans-serif",
  headings: {
    fontFamily: "'Pretendard GOV', 'Noto Sans CJK KR', 'Noto Sans KR', system-ui, sans-serif",
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
});
