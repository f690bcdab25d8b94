/** The look of antd's components: the colours and the type of shared/look/theme.ts. */
import { theme as antdTheme, type ThemeConfig } from 'antd';
import { colours, fontFamily, type Mode } from '../../shared/look/theme.ts';

export function antdConfig(mode: Mode): ThemeConfig {
  const of = colours[mode];
  const usual = mode === 'dark' ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm;
  const onColour = mode === 'dark' ? of.ground : '#ffffff';
  return {
    algorithm: [usual, antdTheme.compactAlgorithm, (_, made) => ({ ...made!, ...states(mode) })],
    token: {
      ...states(mode),
      colorPrimaryHover: of['accent-strong'],
      colorPrimaryActive: of['accent-strong'],
      colorLink: of.accent,
      colorLinkHover: of['accent-strong'],
      colorLinkActive: of['accent-strong'],
      colorText: of.ink,
      colorTextSecondary: of['ink-2'],
      colorTextTertiary: of['ink-3'],
      colorTextDescription: of['ink-3'],
      colorTextPlaceholder: of['ink-3'],
      colorBgBase: of.surface,
      colorBgLayout: of.ground,
      colorBgContainer: of.surface,
      colorBgElevated: mode === 'dark' ? of['surface-2'] : of.surface,
      colorBorder: of.line,
      colorBorderSecondary: of.line,
      fontFamily,
      fontSize: 14,
      borderRadius: 6,
      // Nothing moves unless something happened.
      motion: false,
      controlHeight: 32,
      wireframe: false,
    },
    components: {
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        primaryColor: onColour,
        dangerColor: onColour,
      },
      Rate: { starColor: of.accent, starBg: of.line },
      Form: { itemMarginBottom: 12, verticalLabelPadding: '0 0 2px' },
    },
  };
}

/** As they are written above: antd's dark theme would dim them until they cannot be read. */
function states(mode: Mode) {
  const of = colours[mode];
  return {
    colorPrimary: of.accent,
    colorInfo: of.accent,
    colorSuccess: of.ok,
    colorWarning: of.pause,
    colorError: of.alarm,
  };
}
