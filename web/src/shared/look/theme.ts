/**
 * All that decides the look: colours, space, type. Everything else names these, as antd tokens (staff/shell/antd-theme.ts)
 * or as the CSS variables that `applyTheme` sets. One accent; a state is always told by icon and word too.
 */
export const fontFamily = [
  '"PingFang SC"',
  '"HarmonyOS Sans SC"',
  '"Microsoft YaHei"',
  '"Noto Sans CJK SC"',
  '"Source Han Sans SC"',
  '"WenQuanYi Micro Hei"',
  'system-ui',
  'sans-serif',
].join(', ');

const light = {
  accent: '#0e6674',
  // Under the mouse: darker, so that white words on it and it on white stay readable.
  'accent-strong': '#0a4d58',
  'accent-soft': '#e3eff0',
  ink: '#1b2529',
  'ink-2': '#4c5a60',
  // 4.6:1 on the surface: still AA for small print.
  'ink-3': '#5b696f',
  ground: '#f1f3f2',
  surface: '#ffffff',
  'surface-2': '#f7f8f8',
  line: '#dde2e2',
  // States. Chosen to differ in lightness too, for those who see fewer hues.
  ok: '#11734b',
  'ok-soft': '#e2f2ea',
  busy: '#1d55a8',
  'busy-soft': '#e4edf9',
  pause: '#8a5a00',
  'pause-soft': '#faf0d9',
  after: '#6a3f97',
  'after-soft': '#f0e9f7',
  off: '#5b696f',
  'off-soft': '#eceff0',
  alarm: '#b3261e',
  'alarm-soft': '#fbe9e7',
  // Behind white words, in both modes.
  'alarm-strong': '#b3261e',
  vip: '#7a5200',
  'vip-soft': '#fbf0cf',
};

const dark: typeof light = {
  accent: '#55c0cf',
  'accent-strong': '#7fd3de',
  'accent-soft': '#143a41',
  ink: '#eef4f5',
  'ink-2': '#b4c3c8',
  'ink-3': '#8b9ca3',
  ground: '#0c1316',
  surface: '#141d21',
  'surface-2': '#1a262b',
  line: '#2a383e',
  ok: '#5fd39a',
  'ok-soft': '#12352a',
  busy: '#7db2ff',
  'busy-soft': '#152c4d',
  pause: '#f2c14e',
  'pause-soft': '#3a2e10',
  after: '#c6a1f0',
  'after-soft': '#31224a',
  off: '#8b9ca3',
  'off-soft': '#222d32',
  alarm: '#ff8a80',
  'alarm-soft': '#4a1c1a',
  'alarm-strong': '#a8231b',
  vip: '#ffd36b',
  'vip-soft': '#3d3010',
};

export type Mode = 'light' | 'dark';
export const colours: Record<Mode, typeof light> = { light, dark };

/** Sets the CSS variables `--accent`, `--ink` … on an element. */
export function applyTheme(mode: Mode, element: HTMLElement): void {
  for (const [name, value] of Object.entries(colours[mode])) {
    element.style.setProperty(`--${name}`, value);
  }
  element.style.setProperty('--font', fontFamily);
  element.style.colorScheme = mode;
}
